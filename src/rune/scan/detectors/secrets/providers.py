"""Credentials that tell what they are: one row a format.

A shape begins with what makes the format rare and is written with these alphabets: `@w` letters and digits, `@u` those and `_-`, `@b` base64,
`@h` lower-case hex, `@x` hex, `@l` lower-case letters and digits, `@A` capitals and digits, `@d` digits. Facts about a format come from what
its issuer documents about it; a check is named where the format has one.
"""

# ruff: noqa: E501 - a row is a line
from __future__ import annotations

from dataclasses import dataclass

from rune.types import Severity

ALPHABETS = {
    "@w": "[A-Za-z0-9]",
    "@u": "[A-Za-z0-9_-]",
    "@b": "[A-Za-z0-9+/]",
    "@h": "[0-9a-f]",
    "@x": "[0-9A-Fa-f]",
    "@l": "[a-z0-9]",
    "@A": "[A-Z0-9]",
    "@d": "[0-9]",
}


@dataclass(frozen=True, slots=True)
class Provider:
    """One format of credential."""

    number: int
    """Number of its rule: `RUNE-LEAK-NNN`; never used twice."""
    label: str
    """Short name, used in placeholders."""
    title: str
    """What it is, for a human."""
    shape: str
    """Regular expression over ASCII in the syntax that RE2 and `re` share, without capturing groups."""
    check: str = ""
    """Name of the validator in `checks.CHECKS`; empty when the format has nothing to check."""
    severity: Severity = Severity.HIGH
    before: str = ""
    """What the credential begins with when that is too common to look for; the shape then begins at the rare part."""

    gate: str = ""
    """What to look for instead of the shape where that begins with nothing rare."""

    @property
    def rule(self) -> str:
        """Identifier of its findings."""
        return f"RUNE-LEAK-{self.number:03}"

    @property
    def pattern(self) -> str:
        """The shape with its alphabets written out."""
        return expanded(self.shape)

    @property
    def opening(self) -> str:
        """What stands before the shape, with its alphabets written out."""
        return expanded(self.before)


def expanded(shape: str) -> str:
    """Return a shape with its alphabets written out."""
    for name, letters in ALPHABETS.items():
        shape = shape.replace(name, letters)
    return shape


P = Provider
_UUID = "@h{8}-@h{4}-@h{4}-@h{4}-@h{12}"

PROVIDERS: tuple[Provider, ...] = (
    # Language models
    P(1, "openai-key", "OpenAI API key", r"sk-(?:(?:proj|svcacct|admin|None)-@u{20,180}|@w{20}T3BlbkFJ@w{20})"),
    P(2, "anthropic-key", "Anthropic API key", r"sk-ant-(?:api|admin|sid|oat|ort)@d{2}-@u{80,120}"),
    P(22, "huggingface-token", "Hugging Face token", r"(?:hf_|api_org_)[A-Za-z]{34}"),
    P(32, "groq-key", "Groq API key", r"gsk_@w{52}"),
    P(48, "xai-key", "xAI API key", r"xai-@w{70,84}"),
    P(49, "perplexity-key", "Perplexity API key", r"pplx-@w{40,56}"),
    P(50, "replicate-token", "Replicate token", r"r8_@w{37}"),
    P(51, "openrouter-key", "OpenRouter API key", r"sk-or-v1-@h{64}"),
    P(52, "fireworks-key", "Fireworks AI key", r"fw_@w{22,24}"),
    P(53, "nvidia-key", "NVIDIA API key", r"nvapi-@u{60,70}"),
    P(54, "cerebras-key", "Cerebras API key", r"csk-@l{48}"),
    P(55, "together-key", "Together AI key", r"tgp_v1_@u{43}"),
    P(56, "short-model-key", "API key of a hosted language model (DeepSeek, Moonshot, Qwen, LiteLLM and others)", r"sk-(?:@h{32}|@w{48})"),
    P(57, "langsmith-key", "LangSmith API key", r"(?:lsv2_(?:pt|sk)_@h{32}_@h{10}|ls__@h{32})"),
    P(58, "langfuse-key", "Langfuse secret key", rf"sk-lf-{_UUID}"),
    P(59, "pinecone-key", "Pinecone API key", r"pcsk_[A-Za-z0-9_]{60,80}"),
    P(33, "tavily-key", "Tavily API key", r"tvly-(?:dev-|prod-)?@w{28,40}"),
    P(60, "elevenlabs-key", "ElevenLabs API key", r"sk_@h{48}"),
    P(61, "jina-key", "Jina AI key", r"jina_@h{32}@u{28}"),
    P(62, "firecrawl-key", "Firecrawl API key", r"fc-@h{32}"),
    P(63, "e2b-key", "E2B API key", r"e2b_@h{40}"),
    P(64, "helicone-key", "Helicone API key", r"sk-helicone-(?:@l{7}-){3}@l{7}"),
    P(65, "llamacloud-key", "LlamaCloud API key", r"llx-@w{48}"),
    P(66, "voyage-key", "Voyage AI key", r"pa-@u{43}"),
    P(67, "braintrust-key", "Braintrust API key", r"bt-st-@w{48}"),
    P(68, "wandb-key", "Weights & Biases key of the current generation", r"wandb_v1_@u{60,90}"),
    P(69, "friendli-token", "Friendli token", r"flp_@w{40,52}"),
    # Clouds
    P(3, "aws-key-id", "AWS access key id", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}", "aws"),
    P(72, "aws-bedrock-key", "AWS Bedrock API key", r"(?:ABSK@b{109,269}={0,2}|bedrock-api-key-YmVkcm9jay5hbWF6b25hd3Mu@b{60,1500}={0,2})"),
    P(7, "google-api-key", "Google API key", r"AIza@u{35}"),
    P(8, "google-oauth-secret", "Google OAuth client secret", r"GOCSPX-@u{28}"),
    P(73, "google-access-token", "Google OAuth access token", r"ya29\.@u{40,400}"),
    P(74, "google-refresh-token", "Google OAuth refresh token", r"1//0@u{40,120}"),
    P(9, "google-service-key", "Google service account key", r"\"private_key_id\"\s{0,4}:\s{0,4}\"@h{40}\""),
    P(46, "firebase-key", "Firebase messaging key", r"AAAA@u{7}:APA91@u{120,140}"),
    P(10, "azure-storage-key", "Azure storage or service key", r"(?:AccountKey|SharedAccessKey)\s{0,2}=\s{0,2}@b{43,86}==?"),
    P(11, "azure-client-secret", "Azure client secret", r"@dQ~[A-Za-z0-9_~.-]{31,34}", before=r"[A-Za-z0-9_~.-]{3}"),
    P(12, "azure-signature", "Azure shared access signature", r"[?&]sig=[A-Za-z0-9%/+]{40,80}(?:%3D|=)"),
    P(75, "azure-cognitive-key", "Azure key with an embedded signature", r"JQQJ99@w{26}", before=r"@w{52}"),
    P(76, "azure-devops-token", "Azure DevOps token", r"AZDO@w{4}", before=r"@w{76}"),
    P(77, "azure-app-config", "Azure App Configuration connection", r"Endpoint=https://@u{2,60}\.azconfig\.io;Id=[^;\s]{4,40};Secret=@b{40,90}={0,2}"),
    P(78, "alibaba-key-id", "Alibaba Cloud access key id", r"LTAI@w{20}"),
    P(79, "tencent-key-id", "Tencent Cloud secret id", r"AKID@w{32}"),
    P(80, "digitalocean-token", "DigitalOcean token", r"do[opr]_v1_@h{64}"),
    P(81, "heroku-key", "Heroku API key", r"HRKU-@u{36,62}"),
    P(82, "flyio-token", "Fly.io token", r"(?:fo1_@u{43}|fm[12][ar]?_[A-Za-z0-9+/]{100,600}={0,3})"),
    P(83, "netlify-token", "Netlify token", r"nf[pcoub]_@w{36}"),
    P(84, "vercel-token", "Vercel token", r"vc[pkiar]_@w{24,56}"),
    P(85, "supabase-key", "Supabase key", r"(?:sbp_@h{40}|sb_secret_@u{31,40})"),
    P(86, "render-key", "Render API key", r"rnd_@w{28,32}"),
    P(87, "scaleway-key", "Scaleway access key", r"SCW@A{17}"),
    P(88, "cloudflare-ca-key", "Cloudflare origin CA key", r"v1\.0-@h{24}-@h{146}"),
    P(90, "yandex-key", "Yandex Cloud key", r"AQVN@u{35,38}"),
    # Source code, registries, builds
    P(5, "github-token", "GitHub token", r"gh[opsur]_@w{36}", "crc32"),
    P(92, "github-pat", "GitHub fine-grained token", r"github_pat_@w{22}_@w{59}"),
    P(6, "gitlab-token", "GitLab token", r"gl(?:pat|dt|rt|ptt|cbt|oas|soat|ffct|imt|agent|ft)-@u{20,64}(?:\.@l{2}\.@l{7,9})?"),
    P(93, "bitbucket-token", "Bitbucket app password", r"ATBB@w{32}"),
    P(34, "atlassian-token", "Atlassian token", r"AT[AC]TT3[A-Za-z0-9_=-]{150,200}"),
    P(20, "npm-token", "npm token", r"npm_@w{36}", "crc32"),
    P(21, "pypi-token", "PyPI token", r"pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)@u{50,200}"),
    P(35, "rubygems-key", "RubyGems key", r"rubygems_@h{48}"),
    P(94, "nuget-key", "NuGet API key", r"oy2@l{43}"),
    P(95, "clojars-token", "Clojars token", r"CLOJARS_@l{60}"),
    P(96, "crates-token", "crates.io token", r"cio@w{32}"),
    P(97, "packagist-token", "Packagist token", r"packagist_(?:org_)?(?:ut|uut|out|act)_@h{60,68}"),
    P(27, "docker-token", "Docker Hub token", r"dckr_(?:pat|oat)_@u{27,36}"),
    P(98, "jfrog-token", "JFrog token", r"(?:AKC[a-z0-9]@w{69}|cmVmdGtuO@w{50,60}|AKCp@w{69})"),
    P(99, "circleci-token", "CircleCI token", r"CCI(?:PAT|PRJ)_@w{22}_@h{40}"),
    P(100, "buildkite-token", "Buildkite token", r"bk(?:ua|aj|ct|pt)_@h{40}"),
    P(101, "terraform-token", "Terraform Cloud token", r"\.atlasv1\.@u{60,70}", before=r"@w{14}"),
    P(26, "vault-token", "HashiCorp Vault token", r"hv[sbr]\.@u{24,200}"),
    P(102, "pulumi-token", "Pulumi token", r"pul-@h{40}"),
    P(103, "doppler-token", "Doppler token", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.-]{40,60}"),
    P(104, "infisical-token", "Infisical token", r"st\.@h{24}\.@h{32}\.@h{32}"),
    P(105, "onepassword-token", "1Password service token", r"ops_eyJ@b{200,400}={0,2}"),
    P(106, "onepassword-key", "1Password secret key", r"A3-@A{6}-(?:@A{11}|@A{6}-@A{5})-@A{5}-@A{5}-@A{5}"),
    P(107, "sonar-token", "SonarQube token", r"sq[pua]_@h{40}"),
    P(108, "snyk-token", "Snyk token", r"snyk_(?:uat|sat)\.@h{8}\.eyJ@u{20,400}\.@u{20,200}"),
    P(109, "codesandbox-token", "CodeSandbox token", r"csb_v1_@u{40,50}"),
    P(111, "jetbrains-token", "JetBrains permanent token", r"perm[:-]@b{8,60}={0,2}\.@b{4,60}={0,2}\.@w{30,60}"),
    P(112, "sourcegraph-token", "Sourcegraph token", r"sgp_(?:@h{16}_|local_)?@h{40}"),
    P(113, "tailscale-key", "Tailscale key", r"tskey-(?:api|auth|client|scim|webhook)-@w{10,24}-@w{20,40}"),
    P(114, "prefect-key", "Prefect key", r"pn[ub]_@w{36}"),
    P(115, "octopus-key", "Octopus Deploy API key", r"API-@A{26}"),
    P(116, "harness-token", "Harness token", r"(?:pat|sat)\.@u{22}\.@h{24}\.@w{20}"),
    P(117, "databricks-token", "Databricks token", r"dapi@h{32}(?:-@d)?"),
    P(118, "dbt-token", "dbt Cloud token", r"dbt[uc]_@u{40,60}"),
    P(119, "planetscale-token", "PlanetScale credential", r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,64}"),
    P(120, "neon-key", "Neon API key", r"napi_@l{64}"),
    # Messages and work
    P(13, "slack-token", "Slack token", r"xox[abeoprs]-(?:@d{1,14}-){1,3}[A-Za-z0-9-]{16,80}"),
    P(123, "slack-app-token", "Slack app token", r"(?:xapp-@d-@A{8,14}-@d{8,14}-@h{32,80}|xwfp-[A-Za-z0-9-]{20,80}|xoxe\.xox[bp]-@d-@u{140,180})"),
    P(14, "slack-webhook", "Slack webhook", r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[TE]@A{6,12}/(?:[AB]?@A{6,14})/@w{20,48}"),
    P(124, "discord-webhook", "Discord webhook", r"https://(?:canary\.|ptb\.)?discord(?:app)?\.com/api/webhooks/@d{17,20}/@u{60,72}"),
    P(125, "discord-token", "Discord bot token", r"\.@u{6}\.@u{27,38}", before=r"[MNO]@u{23,27}", gate=r"\.@u{6}\.@u{27}"),
    P(126, "teams-webhook", "Teams webhook", r"https://[a-z0-9-]{2,40}\.webhook\.office\.com/webhookb2/@h{8}-[a-f0-9-]{27}@[a-f0-9-]{36}/\w{8,20}/@h{32}"),
    P(15, "telegram-token", "Telegram bot token", r":AA@u{33}", before=r"@d{8,10}"),
    P(18, "sendgrid-key", "SendGrid key", r"SG\.@u{22}\.@u{43}"),
    P(19, "mailgun-key", "Mailgun key", r"key-@h{32}"),
    P(127, "mailchimp-key", "Mailchimp key", r"-us@d{1,2}", before=r"@h{32}"),
    P(128, "brevo-key", "Brevo key", r"xkeysib-@h{64}-@w{16}"),
    P(129, "resend-key", "Resend key", r"re_@w{8}_@w{24}"),
    P(130, "mailersend-token", "MailerSend token", r"mlsn\.@h{64}"),
    P(131, "notion-token", "Notion token", r"(?:ntn_@d{11}@w{35}|secret_@w{43})"),
    P(132, "linear-key", "Linear key", r"lin_(?:api|oauth)_@w{32,64}"),
    P(133, "figma-token", "Figma token", r"fig[dour]_@u{38,50}"),
    P(134, "airtable-token", "Airtable token", r"pat@w{14}\.@h{64}"),
    P(136, "clickup-token", "ClickUp token", r"pk_@d{6,9}_@A{32}"),
    P(137, "typeform-token", "Typeform token", r"tfp_@u{40,60}"),
    P(138, "hubspot-token", "HubSpot token", r"pat-(?:na|eu|ap)@d-" + _UUID),
    P(139, "contentful-token", "Contentful token", r"CFPAT-@u{43}"),
    P(140, "dropbox-token", "Dropbox token", r"sl\.(?:u\.)?@u{130,1300}"),
    P(47, "facebook-token", "Facebook token", r"EAA(?:CEdEose0cBA@w{20,200}|@w{100,250})"),
    P(141, "instagram-token", "Instagram token", r"IGQV@u{100,250}"),
    P(142, "twitter-token", "X bearer token", r"AAAAAAAAAAAAAAAAAAAAA[A-Za-z0-9%]{60,100}"),
    P(143, "linkedin-secret", "LinkedIn client secret", r"WPL_AP1\.@w{16}\.@b{6,10}={0,2}"),
    P(144, "calcom-key", "Cal.com key", r"cal_(?:live|test)_@h{32}"),
    # Money
    P(16, "stripe-key", "Stripe key", r"(?:sk|rk)_(?:live|test)_@w{24,110}"),
    P(145, "stripe-webhook", "Webhook signing secret (Stripe, Svix)", r"whsec_@b{32,64}={0,2}"),
    P(146, "square-token", "Square token", r"(?:sq0(?:csp|atp|idp)-@u{22,43}|EAAA[lE]@u{59})"),
    P(147, "paypal-token", "PayPal or Braintree token", r"access_token\$(?:production|sandbox)\$@l{16}\$@h{32}"),
    P(148, "adyen-key", "Adyen API key", r"AQE@b{10,30}[A-Za-z0-9+/=._-]{40,160}-@b{10,50}={0,2}-[^\s\"'<>]{8,24}"),
    P(149, "razorpay-key", "Razorpay key", r"rzp_(?:live|test)_@w{14}"),
    P(150, "flutterwave-key", "Flutterwave key", r"FLWSECK(?:_TEST)?-@h{32}-X"),
    P(151, "plaid-token", "Plaid access token", r"access-(?:sandbox|development|production)-" + _UUID),
    P(152, "shopify-token", "Shopify token", r"shp(?:at|ca|pa|ss|tka)_@x{32}"),
    P(153, "shippo-token", "Shippo token", r"shippo_(?:live|test)_@h{40}"),
    P(154, "easypost-key", "EasyPost key", r"EZ(?:AK|TK)@w{54}"),
    P(155, "lob-key", "Lob key", r"(?:live|test)_pub_@h{31}"),
    P(156, "duffel-token", "Duffel token", r"duffel_(?:live|test)_@u{43}"),
    P(157, "mollie-key", "Mollie key", r"live_@w{30}"),
    P(158, "paddle-key", "Paddle key", r"pdl_(?:live|sdbx)_apikey_@l{26}_@w{22}_@w{3}"),
    P(159, "monzo-token", "Monzo token", r"mnzconf\.@b{50,120}={0,2}"),
    # Watching
    P(28, "grafana-token", "Grafana token", r"glsa_@w{32}_@h{8}"),
    P(160, "grafana-cloud-token", "Grafana Cloud token", r"glc_eyJ@b{40,400}={0,2}"),
    P(29, "newrelic-key", "New Relic key", r"NR(?:AK-@A{27}|II-@u{32}|JS-@h{19})"),
    P(161, "dynatrace-token", "Dynatrace token", r"dt0[a-z]@d{2}\.@A{24}\.@A{64}"),
    P(30, "sentry-token", "Sentry token", r"(?:sntrys_[A-Za-z0-9+/=_-]{40,400}|sntryu_@h{64})"),
    P(162, "posthog-key", "PostHog personal key", r"phx_@w{40,50}"),
    P(163, "honeycomb-key", "Honeycomb key", r"hc[abo](?:ik|lk|mk)_@l{26}@l{32}"),
    P(164, "logfire-token", "Logfire token", r"pylf_v1_(?:us|eu|stagingus)_@w{43}"),
    P(165, "launchdarkly-key", "LaunchDarkly key", r"(?:api|sdk|mob)-" + _UUID),
    P(166, "configcat-key", "ConfigCat SDK key", r"configcat-sdk-1/@u{22}/@u{22}"),
    P(168, "statsig-key", "Statsig secret", r"secret-@w{43}"),
    P(169, "postman-key", "Postman key", r"PMAK-@h{24}-@h{34}"),
    P(170, "apify-token", "Apify token", r"apify_api_@w{36,40}"),
    P(171, "mapbox-token", "Mapbox secret token", r"sk\.eyJ@u{60,120}\.@u{20,30}"),
    P(174, "workos-key", "WorkOS key", r"sk_(?:live|test)_a2V5X@w{20,100}"),
    P(175, "frameio-token", "Frame.io token", r"fio-u-@u{64}"),
    P(177, "readme-key", "ReadMe key", r"rdme_@l{70}"),
    P(178, "scalingo-token", "Scalingo token", r"tk-us-@u{48}"),
    P(179, "adobe-secret", "Adobe client secret", r"p8e-@u{32}"),
    P(180, "cloudinary-url", "Cloudinary credential", r"cloudinary://@d{12,18}:@u{20,40}@"),
    P(45, "rune-key", "Rune API key", r"rune_(?:live|test)_@w{20,64}"),
    # Forms that many issuers share
    P(36, "private-key", "Private key", r"-----BEGIN (?:[A-Z0-9]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----", "pem", Severity.CRITICAL),
    P(181, "putty-key", "PuTTY private key", r"PuTTY-User-Key-File-[23]: ", "putty", Severity.CRITICAL),
    P(182, "age-key", "age identity", r"AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{58,90}", "age", Severity.CRITICAL),
    P(183, "wireguard-key", "WireGuard private key", r"(?:PrivateKey|PresharedKey)\s{0,3}=\s{0,3}@b{42}[AEIMQUYcgkosw048]="),
    P(39, "jwt", "JSON web token", r"eyJ@u{14,1200}\.eyJ@u{14,8000}\.@u{20,2000}", "jwt", Severity.MEDIUM),
    P(37, "database-url", "Database or broker address with a password", r"://[^\s:@/\"'<>{}$\[\]]{0,64}:[^\s@/\"'<>{}\[\]*]{3,160}@[A-Za-z0-9.-]{3,}", "url", before=r"[A-Za-z][A-Za-z0-9+.-]{1,24}"),
    P(184, "bearer-token", "Authorization header with a token", r"(?i:authorization)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?i:bearer|token|bot|apikey)\s{1,3}[A-Za-z0-9._~+/=-]{20,}", "header", Severity.MEDIUM),
    P(40, "basic-header", "Authorization header with user and password", r"(?i:authorization)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?i:basic)\s{1,3}@b{8,400}={0,2}", "basic"),
    P(42, "registry-login", "Registry login in a configuration file", r"_(?:authToken|auth|password)\s{0,2}=\s{0,2}[\"']?[A-Za-z0-9_./+=-]{16,}", "random"),
    P(185, "netrc-login", "Machine login of a .netrc file", r"machine\s{1,4}[A-Za-z0-9.-]{3,80}\s{1,8}login\s{1,4}\S{1,80}\s{1,8}password\s{1,4}[^\s<>${}]{6,120}", "netrc"),
    P(43, "kubernetes-key", "Kubernetes client key", r"client-key-data:\s{1,4}LS0tLS1CRUdJTi@b{40,8000}={0,2}"),
    P(186, "kubeadm-token", "Kubernetes bootstrap token", r"--token[ =]@l{6}\.@l{16}"),
    P(187, "password-hash", "Password hash", r"\$(?:2[aby]\$@d{2}\$[A-Za-z0-9./]{53}|6\$[A-Za-z0-9./]{8,16}\$[A-Za-z0-9./]{86}|argon2id?\$v=@d{2}\$m=@d{2,8},t=@d{1,3},p=@d{1,3}\$@b{11,64}\$@b{22,86}|apr1\$[A-Za-z0-9./]{8}\$[A-Za-z0-9./]{22})", "hash", Severity.MEDIUM),
    P(188, "wallet-import-key", "Bitcoin private key (WIF)", r"[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}", "wif", Severity.CRITICAL, gate=r"\b[1-9A-HJ-NP-Za-km-z]{51,52}\b"),
    P(189, "extended-key", "Extended private key of a wallet", r"[xyzt]prv[1-9A-HJ-NP-Za-km-z]{107}", "base58", Severity.CRITICAL),
    P(190, "stellar-seed", "Stellar secret seed", r"S[A-Z2-7]{55}", "stellar", Severity.CRITICAL, gate=r"\b[A-Z2-7]{56}\b"),
    P(191, "nostr-key", "Nostr private key", r"nsec1[02-9ac-hj-np-z]{58}", "bech32", Severity.CRITICAL),
    P(44, "wallet-hex-key", "Private key of a wallet", r"(?i:private[_ -]?key|priv[_ -]?key|wallet[_ -]?key|secret[_ -]?key|seed)[\"']?\s{0,3}(?:is|:|=)\s{0,3}[\"']?(?:0x)?@x{64}", "random", Severity.CRITICAL),
)  # fmt: skip
"""Every format, in no order that matters: the longest that fits wins."""

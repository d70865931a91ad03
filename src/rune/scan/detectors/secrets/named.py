"""Credentials that tell nothing by themselves: known by the name they are assigned to."""

from __future__ import annotations

from dataclasses import dataclass

from rune.scan.detectors.secrets.providers import expanded


@dataclass(frozen=True, slots=True)
class Named:
    """A credential of one issuer whose shape is common; the name before it makes it rare."""

    number: int
    label: str
    title: str
    words: str
    """Words of which the name must contain one, separated by spaces, in lower case."""
    shape: str
    """Regular expression that all of the value fits; alphabets as in `providers`."""

    @property
    def rule(self) -> str:
        """Identifier of its findings."""
        return f"RUNE-LEAK-{self.number:03}"

    @property
    def pattern(self) -> str:
        """The shape with its alphabets written out."""
        return expanded(self.shape)


N = Named
_UUID = "@h{8}-@h{4}-@h{4}-@h{4}-@h{12}"

NAMED: tuple[Named, ...] = (
    N(4, "aws-secret-key", "AWS secret access key", "aws secret_access secretaccess", r"@b{40}"),
    N(200, "datadog-key", "Datadog key", "datadog dd_api dd_app", r"@h{32}|@h{40}"),
    N(201, "cloudflare-key", "Cloudflare token or key", "cloudflare cf_api cf_token", r"@u{40}|@h{37}"),
    N(17, "twilio-token", "Twilio key or auth token", "twilio", r"(?:SK|AC)?@h{32}"),
    N(203, "algolia-key", "Algolia key", "algolia", r"@h{32}"),
    N(204, "auth0-secret", "Auth0 client secret", "auth0", r"@u{64}"),
    N(205, "okta-token", "Okta token", "okta", r"00@u{40}"),
    N(206, "heroku-uuid", "Heroku API key", "heroku", _UUID),
    N(207, "mistral-key", "Mistral API key", "mistral", r"@w{32}"),
    N(208, "cohere-key", "Cohere API key", "cohere co_api", r"@w{40}"),
    N(209, "ai21-key", "AI21 API key", "ai21", r"@w{32}"),
    N(210, "deepgram-key", "Deepgram API key", "deepgram", r"@h{40}"),
    N(211, "assemblyai-key", "AssemblyAI key", "assemblyai assembly_ai", r"@h{32}"),
    N(212, "deepl-key", "DeepL key", "deepl", _UUID + "(?::fx)?"),
    N(213, "azure-openai-key", "Azure OpenAI key", "azure_openai azure_api azure_key ocp-apim cognitive", r"@h{32}"),
    N(214, "pagerduty-key", "PagerDuty key", "pagerduty", r"@u{20}|@h{32}"),
    N(215, "opsgenie-key", "Opsgenie key", "opsgenie", _UUID),
    N(216, "fastly-token", "Fastly token", "fastly", r"@u{32}"),
    N(217, "bitly-token", "Bitly token", "bitly", r"@h{40}"),
    N(218, "spotify-secret", "Spotify client secret", "spotify", r"@h{32}"),
    N(219, "trello-key", "Trello key or token", "trello", r"@h{32}|@h{64}|ATTA@h{72}"),
    N(220, "infura-key", "Infura project secret", "infura", r"@h{32}"),
    N(221, "alchemy-key", "Alchemy key", "alchemy", r"@u{32}"),
    N(222, "etherscan-key", "Etherscan key", "etherscan", r"@A{34}"),
    N(223, "coinbase-secret", "Coinbase secret", "coinbase", r"@w{32}|@w{64}|@b{86}=="),
    N(224, "binance-secret", "Binance key or secret", "binance", r"@w{64}"),
    N(225, "kraken-key", "Kraken key", "kraken", r"@b{54,90}={0,2}"),
    N(226, "segment-key", "Segment write key", "segment", r"@w{32}"),
    N(227, "amplitude-key", "Amplitude or Mixpanel key", "amplitude mixpanel", r"@h{32}"),
    N(228, "newrelic-license", "New Relic license key", "new_relic newrelic", r"@h{36}NRAL|@h{40}"),
    N(229, "sumologic-key", "Sumo Logic key", "sumologic sumo", r"@w{64}"),
    N(230, "splunk-token", "Splunk HEC token", "splunk", _UUID),
    N(231, "zendesk-token", "Zendesk token", "zendesk", r"@w{40}"),
    N(232, "jira-token", "Jira token", "jira atlassian confluence", r"@w{24}"),
    N(233, "twitch-secret", "Twitch secret", "twitch", r"@l{30}"),
    N(234, "twitter-secret", "X consumer or access secret", "twitter", r"@w{45}|@w{50}"),
    N(235, "rapidapi-key", "RapidAPI key", "rapidapi", r"@w{50}"),
    N(236, "weather-key", "OpenWeather key", "openweather weather", r"@h{32}"),
    N(237, "pusher-secret", "Pusher secret", "pusher", r"@h{20}"),
    N(238, "travis-token", "Travis CI or Codecov token", "travis codecov coveralls", r"@u{22}|" + _UUID + r"|@w{33}"),
    N(239, "rollbar-token", "Rollbar token", "rollbar", r"@h{32}"),
    N(240, "bugsnag-key", "Bugsnag key", "bugsnag", r"@h{32}"),
    N(241, "linode-token", "Linode or Vultr token", "linode vultr", r"@h{64}|@A{36}"),
    N(242, "hetzner-token", "Hetzner Cloud token", "hetzner hcloud", r"@w{64}"),
    N(243, "consul-token", "Consul or Nomad token", "consul nomad", _UUID),
    N(244, "gitter-token", "Gitter or Mattermost token", "gitter mattermost", r"@h{40}|@l{26}"),
    N(245, "dropbox-secret", "Dropbox app secret", "dropbox", r"@l{15}"),
    N(246, "facebook-secret", "Facebook app secret", "facebook fb_app", r"@h{32}"),
    N(247, "maxmind-key", "MaxMind license key", "maxmind geoip", r"@w{16}|@w{6}_@w{29}_mmk"),
    N(248, "wandb-hex-key", "Weights & Biases key", "wandb", r"@h{40}"),
    N(249, "comet-neptune-key", "Comet key", "comet", r"@w{25}"),
    N(250, "snyk-uuid", "Snyk token", "snyk", _UUID),
    N(251, "mailjet-key", "Mailjet key", "mailjet", r"@h{32}"),
    N(252, "postmark-token", "Postmark token", "postmark", _UUID),
    N(253, "yelp-key", "Yelp key", "yelp", r"@u{128}"),
    N(135, "asana-token", "Asana token", "asana", r"@d/@d{16}(?:/@d{16})?:@h{32}|@h{32}"),
    N(254, "databricks-secret", "Snowflake or Databricks password", "snowflake databricks", r"[^\s\"']{12,80}"),
)
"""Every such credential."""

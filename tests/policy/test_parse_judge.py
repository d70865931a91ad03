"""The part `judge:` of a policy: strict, every error with its line, and no key in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rune.errors import PolicyError
from rune.policy.judge import ATTRIBUTES, JudgeSettings
from rune.policy.load import load_policy, parse_policy
from rune.policy.parse_judge import BOUNDS
from rune.scan.channel import Channel
from rune.types import Action, Category, Kind

HEAD = 'version: "1"\n'
LEAST = "judge: {url: 'http://127.0.0.1:1/v1', model: m"


def read(yaml: str) -> JudgeSettings | None:
    return parse_policy(HEAD + yaml, "p.yaml").judge


def errors(yaml: str) -> str:
    with pytest.raises(PolicyError) as raised:
        read(yaml)
    return str(raised.value)


def test_without_the_key_there_is_no_judge() -> None:
    assert read("") is None
    assert [load_policy(preset).judge for preset in ("observe", "balanced", "strict")] == [None] * 3


def test_the_least_judge_has_the_defaults() -> None:
    assert read(LEAST + "}") == JudgeSettings("http://127.0.0.1:1/v1", "m")


def test_everything_a_judge_can_be() -> None:
    settings = read("""
judge:
  url: https://api.example.com/v1/
  model: small
  key_env: JUDGE_KEY
  mode: async
  from: 0.2
  to: 0.6
  category: [prompt_injection, jailbreak]
  kind: chat
  channel: [data, agent]
  raise: review
  lower: never
  no_answer: block
  retract: record
  timeout: 2.5
  text_chars: 1000
  calls_per_minute: 5
  tokens_per_minute: 5000
  conversation_calls: 2
  conversation_tokens: 900
""")
    assert settings == JudgeSettings(
        "https://api.example.com/v1",
        "small",
        "JUDGE_KEY",
        "async",
        0.2,
        0.6,
        (Category.PROMPT_INJECTION, Category.JAILBREAK),
        (Kind.CHAT,),
        (Channel.DATA, Channel.AGENT),
        Action.REVIEW,
        "never",
        Action.BLOCK,
        "record",
        2.5,
        1000,
        5,
        5000,
        2,
        900,
    )


@pytest.mark.parametrize(
    ("yaml", "error"),
    [
        pytest.param("judge: yes please", "p.yaml:2: `judge` has to be a mapping", id="no mapping"),
        pytest.param("judge: {}", "p.yaml:2: `judge` has no `url`", id="nothing in it"),
        pytest.param("judge: {url: 'https://h/v1'}", "`judge` has no `model`", id="no model"),
        pytest.param(f"{LEAST}, key: sk-1}}", "unknown key `key` in `judge`", id="a key in the policy"),
        pytest.param("judge:\n  model: m\n  url: ftp://h/v1", "p.yaml:4: `url` `ftp://h/v1` is no address", id="another scheme"),
        pytest.param("judge: {url: 'http://', model: m}", "is no address", id="no host"),
        pytest.param("judge: {url: 'http://h:99999/', model: m}", "is no address", id="no port"),
        pytest.param("judge: {url: 'https://h/v1?x=1', model: m}", "has a query", id="a query"),
        pytest.param("judge: {url: 'http://api.example.com/v1', model: m}", "in clear over a network", id="not encrypted"),
        pytest.param("judge: {url: 'http://8.8.8.8/v1', model: m}", "in clear over a network", id="not encrypted, by number"),
        pytest.param(f"{LEAST}, mode: later}}", "unknown mode `later`", id="an unknown mode"),
        pytest.param(f"{LEAST}, raise: allow}}", "unknown action for `raise` `allow`", id="an action that raises nothing"),
        pytest.param(f"{LEAST}, no_answer: allow}}", "unknown action for `no_answer`", id="no answer is never allowed silently"),
        pytest.param(f"{LEAST}, lower: block}}", "unknown lower `block`", id="a block is never lowered"),
        pytest.param(f"{LEAST}, channel: web}}", "unknown channel `web`", id="an unknown channel"),
        pytest.param(f"{LEAST}, timeout: 0}}", "`timeout` is `0`", id="no time"),
        pytest.param(f"{LEAST}, calls_per_minute: 1.5}}", "use a whole number", id="half a call"),
        pytest.param(f"{LEAST}, from: 0.9, to: 0.1}}", "asks from 0.9 to 0.1", id="an empty band"),
    ],
)
def test_what_makes_no_sense_is_named(yaml: str, error: str) -> None:
    assert error in errors(yaml)


@pytest.mark.parametrize(
    "yaml",
    [
        pytest.param("judge: {url: 'https://user:sk-secret@h/v1', model: m}", id="in the address"),
        pytest.param(f"{LEAST}, key_env: 'sk-secret'}}", id="in place of a variable's name"),
    ],
)
def test_a_key_in_a_policy_is_refused_and_not_repeated(yaml: str) -> None:
    message = errors(yaml)

    assert "key" in message
    assert "sk-secret" not in message


@pytest.mark.parametrize(
    "url", ["http://localhost:8000/v1", "http://vllm:8000/v1", "http://10.0.0.5/v1", "http://[::1]:1/v1", "http://gpu.internal"]
)
def test_a_private_network_needs_no_tls(url: str) -> None:
    settings = read(f'judge: {{url: "{url}", model: m}}')

    assert settings is not None
    assert settings.url == url


def test_every_number_has_bounds() -> None:
    numbers = {key for key, attribute in ATTRIBUTES.items() if type(getattr(JudgeSettings("u", "m"), attribute)) in (int, float)}

    assert numbers == set(BOUNDS)


def test_a_judge_is_inherited_or_replaced_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(f"{HEAD}{LEAST}, timeout: 3}}\n")
    (tmp_path / "heir.yaml").write_text(f"{HEAD}extends: base.yaml\n")
    (tmp_path / "own.yaml").write_text(f"{HEAD}extends: base.yaml\n{LEAST}, text_chars: 300}}\n")
    base, heir, own = (load_policy(tmp_path / f"{name}.yaml").judge for name in ("base", "heir", "own"))

    assert base is not None
    assert own is not None
    assert heir == base
    assert (own.timeout, own.text_chars) == (10.0, 300)


def test_a_judge_is_part_of_the_revision() -> None:
    with_judge = parse_policy(f"{HEAD}{LEAST}}}", "p.yaml")

    assert with_judge.revision != parse_policy(HEAD, "p.yaml").revision
    assert with_judge.to_dict()["judge"]["url"] == "http://127.0.0.1:1/v1"

"""What is allowed in a policy, but probably not meant."""

from __future__ import annotations

import pytest

from rune.policy.advice import advice
from rune.policy.load import PRESETS, load_policy, parse_policy


def remarks(rules: str, *, preset: str = "") -> tuple[str, ...]:
    lines = "\n".join(f"  - {{{rule}}}" for rule in rules.splitlines())
    extends = f"extends: {preset}\n" if preset else "mode: observe\n"
    return advice(parse_policy(f'version: "1"\n{extends}rules:\n{lines}', "p.yaml"))


@pytest.mark.parametrize("name", PRESETS)
def test_presets_need_no_advice(name: str) -> None:
    assert not [line for line in advice(load_policy(name)) if "never decides" in line]


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param("name: a, category: pii, action: flag\nname: b, category: pii, action: block", id="the same selection"),
        pytest.param("name: a, severity: low, action: flag\nname: b, category: pii, severity: high, action: block", id="a narrower one"),
        pytest.param("name: a, category: [pii, secret], action: flag\nname: b, category: pii, kind: chat, action: block", id="a subset"),
        pytest.param("name: a, kind: code, action: flag\nname: b, kind: code, sender: x, action: block", id="about messages"),
        pytest.param(
            "name: a, category: pii, action: flag\nname: b, category: pii, when: 'true', action: block", id="a condition behind it"
        ),
    ],
)
def test_a_rule_that_never_decides(rules: str) -> None:
    assert remarks(rules) == ("p.yaml:5: rule `b` never decides, because `a` comes first and selects as much.",)


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(
            "name: a, category: pii, severity: high, action: flag\nname: b, category: pii, action: block", id="the stricter first"
        ),
        pytest.param(
            "name: a, category: pii, when: 'true', action: flag\nname: b, category: pii, action: block", id="a condition before it"
        ),
        pytest.param("name: a, category: pii, confidence: 0.9, action: flag\nname: b, category: pii, action: block", id="surer"),
        pytest.param("name: a, category: pii, kind: chat, action: flag\nname: b, category: pii, action: block", id="another kind"),
        pytest.param(
            "name: a, kind: code, action: flag\nname: b, category: pii, action: block", id="one about messages, one about findings"
        ),
    ],
)
def test_rules_that_decide(rules: str) -> None:
    assert remarks(rules) == ()


def test_overriding_a_preset_is_meant() -> None:
    assert remarks("name: mine, severity: info, action: flag", preset="strict") == ()


def test_threats_that_are_only_flagged_are_named() -> None:
    policy = parse_policy('version: "1"\nrules: [{name: r, category: [prompt_injection, secret], action: block}]')
    (line,) = advice(policy)
    assert line.startswith("custom: only flagged, whatever their severity: jailbreak, impersonation, tool_coercion")
    assert "secret" not in line
    assert "limits" not in line

"""Policies of version 1.0."""

from __future__ import annotations

import pytest

from rune.errors import PolicyError
from rune.policy.legacy import ACTIONS, SCANNERS
from rune.policy.load import parse_policy
from rune.policy.model import Rule
from rune.types import Action, Category, Direction

HEAD = 'version: "1.0"\nrules:\n'


def rule(text: str) -> Rule:
    (only,) = parse_policy(HEAD + f"  - {text}").rules
    return only


def test_a_policy_of_the_earlier_guides() -> None:
    read = rule("{name: block-injection, scanner: prompt_injection, direction: input, action: block, severity: critical}")
    assert read.name == "block-injection"
    assert read.action is Action.BLOCK
    assert read.categories == (Category.PROMPT_INJECTION, Category.IMPERSONATION)
    assert read.directions == (Direction.INBOUND, Direction.INTERNAL)


def test_its_severity_is_a_label_and_no_threshold() -> None:
    assert rule("{name: r, scanner: jailbreak, action: block, severity: critical}").severity is None


@pytest.mark.parametrize(("word", "action"), [("block", Action.BLOCK), ("log", Action.FLAG), ("alert", Action.FLAG)])
def test_actions(word: str, action: Action) -> None:
    assert rule(f"{{name: r, scanner: jailbreak, action: {word}}}").action is action
    assert len(ACTIONS) == 3


@pytest.mark.parametrize("scanner", SCANNERS)
def test_every_scanner_stands_for_categories(scanner: str) -> None:
    assert rule(f"{{name: r, scanner: {scanner}, action: block}}").categories == SCANNERS[scanner]


@pytest.mark.parametrize(
    ("word", "directions"),
    [("output", (Direction.OUTBOUND,)), ("outbound", (Direction.OUTBOUND,)), ("inbound", (Direction.INBOUND, Direction.INTERNAL))],
)
def test_directions(word: str, directions: tuple[Direction, ...]) -> None:
    assert rule(f"{{name: r, scanner: pii_detection, direction: {word}, action: log}}").directions == directions


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{name: r, scanner: pii, action: log}", "unknown scanner `pii`; use one of prompt_injection"),
        ("{name: r, action: log}", "a rule without `scanner`; use one of"),
        ("{name: r, scanner: jailbreak}", "a rule without `action`; use one of block, log, alert"),
        ("{name: r, scanner: jailbreak, action: flag}", "unknown action `flag`; use one of block, log, alert"),
        ("{name: r, scanner: jailbreak, action: log, direction: up}", "unknown direction `up`"),
        ("{name: r, scanner: jailbreak, action: log, severity: bad}", "unknown severity `bad`"),
        ("{scanner: jailbreak, action: log}", "a rule without a `name`"),
        ("{name: r, type: tool_denylist, tools: [shell]}", "unknown key `type` in a rule of version 1.0"),
        ("{name: r, category: pii, action: block}", "unknown key `category` in a rule of version 1.0"),
        ("x", "a rule of version 1.0 has to be a mapping"),
    ],
)
def test_mistakes(text: str, error: str) -> None:
    with pytest.raises(PolicyError) as raised:
        rule(text)
    assert f"policy.yaml:3: {error}" in str(raised.value)


def test_the_rules_of_version_1_know_no_scanner() -> None:
    with pytest.raises(PolicyError, match="unknown key `scanner` in a rule"):
        parse_policy('version: "1"\nrules: [{name: r, scanner: jailbreak, action: block}]')

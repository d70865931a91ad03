"""What the shipped policies do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import rune.policy
from rune.conversation.state import LIMITS
from rune.limits import ConversationLimits
from rune.policy.decide import decide
from rune.policy.load import PRESETS, load_policy
from rune.types import Action, Category, Direction, Finding, Kind, Message, Severity, Span, Trust

HIJACKING = ("prompt_injection", "impersonation", "tool_coercion", "exfiltration", "jailbreak")
IN, INSIDE, OUT = Direction.INBOUND, Direction.INTERNAL, Direction.OUTBOUND


def outcome(preset: str, category: str, severity: str, **message: Any) -> str:
    finding = Finding("RUNE-X-001", Category(category), Severity(severity), "x", span=Span(0, 2))
    return decide(Message("text", **message), [finding], load_policy(preset)).action.value


@pytest.mark.parametrize("category", HIJACKING)
@pytest.mark.parametrize(
    ("preset", "outcomes"),
    [
        ("observe", ["flag", "flag", "flag", "flag", "flag"]),
        ("balanced", ["flag", "flag", "flag", "block", "block"]),
        ("strict", ["flag", "flag", "block", "block", "block"]),
    ],
)
def test_hijacking_by_severity(preset: str, outcomes: list[str], category: str) -> None:
    assert [outcome(preset, category, severity.value) for severity in Severity] == outcomes


@pytest.mark.parametrize(
    ("category", "severity", "message", "outcomes"),
    [
        pytest.param(
            "prompt_extraction", "high", {"trust": Trust.UNTRUSTED}, ["flag", "block", "block"], id="a stranger asks for instructions"
        ),
        pytest.param(
            "prompt_extraction", "high", {"trust": Trust.TRUSTED}, ["flag", "flag", "block"], id="the owner asks for instructions"
        ),
        pytest.param("obfuscation", "high", {}, ["flag", "block", "block"], id="a disguise"),
        pytest.param("obfuscation", "medium", {}, ["flag", "flag", "block"], id="something like a disguise"),
        pytest.param("secret", "high", {"direction": IN}, ["flag", "flag", "redact"], id="a secret from the user"),
        pytest.param("secret", "low", {"direction": INSIDE}, ["flag", "redact", "redact"], id="a secret between agents"),
        pytest.param("secret", "high", {"direction": OUT}, ["flag", "redact", "redact"], id="a secret on its way out"),
        pytest.param("secret", "high", {"kind": Kind.CODE}, ["flag", "flag", "review"], id="a secret in code"),
        pytest.param("secret", "high", {"kind": Kind.TOOL_CALL}, ["flag", "flag", "review"], id="a secret in a call"),
        pytest.param("pii", "high", {"direction": OUT}, ["flag", "redact", "redact"], id="personal data on its way out"),
        pytest.param("pii", "medium", {"direction": OUT}, ["flag", "flag", "redact"], id="perhaps personal data"),
        pytest.param("pii", "high", {"direction": INSIDE}, ["flag", "flag", "redact"], id="personal data between agents"),
        pytest.param("pii", "high", {"kind": Kind.CODE}, ["flag", "flag", "flag"], id="personal data in code"),
        pytest.param("malicious_code", "high", {"kind": Kind.CODE}, ["flag", "block", "block"], id="malicious code about to run"),
        pytest.param("malicious_code", "medium", {"kind": Kind.TOOL_CALL}, ["flag", "review", "block"], id="suspicious code in a call"),
        pytest.param("malicious_code", "low", {"kind": Kind.CODE}, ["flag", "flag", "review"], id="unusual code"),
        pytest.param("malicious_code", "critical", {}, ["flag", "flag", "block"], id="malicious code in a message"),
        pytest.param("malicious_code", "medium", {}, ["flag", "flag", "flag"], id="suspicious code in a message"),
        pytest.param("internal_error", "high", {}, ["flag", "flag", "block"], id="an error in chat"),
        pytest.param("internal_error", "high", {"kind": Kind.CODE}, ["flag", "block", "block"], id="an error in code"),
        pytest.param("limits", "medium", {}, ["flag", "block", "block"], id="a text that was not read to its end"),
        pytest.param("limits", "info", {}, ["flag", "flag", "flag"], id="an image that was not read"),
    ],
)
def test_outcomes_under_observe_balanced_and_strict(category: str, severity: str, message: dict[str, Any], outcomes: list[str]) -> None:
    assert [outcome(preset, category, severity, **message) for preset in PRESETS] == outcomes


@pytest.mark.parametrize("rule", sorted(LIMITS))
@pytest.mark.parametrize(("preset", "action"), [("observe", Action.FLAG), ("balanced", Action.BLOCK), ("strict", Action.BLOCK)])
def test_a_conversation_over_its_limit(preset: str, action: Action, rule: str) -> None:
    finding = Finding(rule, Category.LIMITS, Severity.MEDIUM, "x")
    assert decide(Message("text"), [finding], load_policy(preset)).action is action


def test_limits() -> None:
    assert load_policy("observe").limits == load_policy("balanced").limits
    assert load_policy("balanced").limits == ConversationLimits(100, 200_000, 120, 600, 2_000_000)
    assert load_policy("strict").limits == ConversationLimits(30, 20_000, 60, 200, 200_000, 60)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_message_without_findings_takes_the_short_way(preset: str) -> None:
    assert load_policy(preset).allows_clean


def test_every_preset_is_a_file_and_every_file_a_preset() -> None:
    folder = Path(str(rune.policy.__file__)).with_name("presets")
    assert {path.name for path in folder.iterdir()} == {f"{name}.yaml" for name in PRESETS}


def test_observe_is_balanced_without_consequences() -> None:
    assert load_policy("observe").rules == load_policy("balanced").rules
    assert load_policy("observe").revision != load_policy("balanced").revision

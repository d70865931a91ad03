"""Whether a rule selects a message or a finding."""

from __future__ import annotations

from typing import Any

import pytest

from rune.policy.model import Rule
from rune.policy.selectors import unmet, why_unmet
from rune.types import Action, Category, Direction, Finding, Kind, Message, Severity, Trust

MESSAGE = Message("x", Kind.CODE, Direction.INTERNAL, "web surfer", "coder", origins=("user", "tool:fetch"), trust=Trust.UNTRUSTED)
FINDING = Finding("RUNE-INJ-004", Category.PROMPT_INJECTION, Severity.MEDIUM, "", 0.6)


def rule(**selectors: Any) -> Rule:
    return Rule("r", Action.BLOCK, **selectors)


@pytest.mark.parametrize(
    ("selectors", "selector"),
    [
        pytest.param({}, "", id="everything"),
        pytest.param({"categories": (Category.PII, Category.PROMPT_INJECTION)}, "", id="its category"),
        pytest.param({"categories": (Category.PII,)}, "category", id="another category"),
        pytest.param({"rules": ("RUNE-INJ-004",)}, "", id="its rule"),
        pytest.param({"rules": ("RUNE-INJ-*",)}, "", id="its group"),
        pytest.param({"rules": ("*",)}, "", id="any rule"),
        pytest.param({"rules": ("RUNE-INJ-00", "RUNE-LEAK-*")}, "rule", id="other rules"),
        pytest.param({"severity": Severity.MEDIUM}, "", id="at least its severity"),
        pytest.param({"severity": Severity.HIGH}, "severity", id="too mild"),
        pytest.param({"confidence": 0.6}, "", id="sure enough"),
        pytest.param({"confidence": 0.61}, "confidence", id="not sure enough"),
        pytest.param({"kinds": (Kind.CODE,)}, "", id="its kind"),
        pytest.param({"kinds": (Kind.CHAT,)}, "kind", id="another kind"),
        pytest.param({"directions": (Direction.OUTBOUND,)}, "direction", id="another direction"),
        pytest.param({"trusts": (Trust.TRUSTED,)}, "trust", id="another trust"),
        pytest.param({"senders": ("web*",)}, "", id="its sender by the beginning"),
        pytest.param({"senders": ("web",)}, "sender", id="another sender"),
        pytest.param({"recipients": ("reviewer",)}, "recipient", id="another recipient"),
        pytest.param({"origins": ("tool:*",)}, "", id="one of its origins"),
        pytest.param({"origins": ("web",)}, "origin", id="none of its origins"),
        pytest.param({"categories": (Category.PII,), "kinds": (Kind.CHAT,)}, "category", id="the first that does not fit is named"),
    ],
)
def test_selectors(selectors: dict[str, Any], selector: str) -> None:
    assert unmet(rule(**selectors), MESSAGE, FINDING) == selector


def test_a_message_has_no_category() -> None:
    assert unmet(rule(kinds=(Kind.CODE,)), MESSAGE, None) == ""


@pytest.mark.parametrize(
    ("selectors", "reason"),
    [
        ({"categories": (Category.PII, Category.SECRET)}, "category is `prompt_injection`, the rule wants `pii` or `secret`"),
        ({"rules": ("RUNE-X-*",)}, "rule is `RUNE-INJ-004`, the rule wants `RUNE-X-*`"),
        ({"severity": Severity.HIGH}, "severity medium is below high"),
        ({"confidence": 0.75}, "confidence 0.6 is below 0.75"),
        ({"kinds": (Kind.CHAT,)}, "kind is `code`, the rule wants `chat`"),
        ({"directions": (Direction.INBOUND,)}, "direction is `internal`, the rule wants `inbound`"),
        ({"trusts": (Trust.TRUSTED,)}, "trust is `untrusted`, the rule wants `trusted`"),
        ({"senders": ("x",)}, "sender is `web surfer`, the rule wants `x`"),
        ({"recipients": ("x",)}, "recipient is `coder`, the rule wants `x`"),
        ({"origins": ("web",)}, "origin is `user` or `tool:fetch`, the rule wants `web`"),
    ],
)
def test_why_a_rule_does_not_fit(selectors: dict[str, Any], reason: str) -> None:
    wanting = rule(**selectors)
    assert why_unmet(unmet(wanting, MESSAGE, FINDING), wanting, MESSAGE, FINDING) == reason


def test_a_reason_shows_hostile_names_inert() -> None:
    wanting = rule(senders=("coder",))
    reason = why_unmet("sender", wanting, Message("x", sender="a\x1b[2J\nb"), None)
    assert reason.isprintable()
    assert why_unmet("sender", wanting, Message("x"), None) == "sender is unknown, the rule wants `coder`"

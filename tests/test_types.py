"""The nouns: what orders them, how they read, and that their JSON is stable."""

from __future__ import annotations

import copy
import json
import os
from dataclasses import FrozenInstanceError, replace

import pytest

from rune.types import Action, Category, Finding, Message, Severity, Span, Verdict, View, new_id

FINDING = Finding("RUNE-INJ-001", Category.PROMPT_INJECTION, Severity.HIGH, "asks to ignore the instructions", span=Span(3, 9))


@pytest.mark.parametrize(
    ("milder", "graver"),
    [(Action.ALLOW, Action.FLAG), (Action.FLAG, Action.REDACT), (Action.REDACT, Action.REVIEW), (Action.REVIEW, Action.BLOCK)],
)
def test_actions_are_ordered(milder: Action, graver: Action) -> None:
    assert milder.rank < graver.rank


def test_words_read_as_plain_text() -> None:
    assert (f"{Action.BLOCK}", str(Severity.HIGH), f"{Action.FLAG:>6}") == ("block", "high", "  flag")


@pytest.mark.parametrize(("action", "blocked"), [("allow", False), ("flag", False), ("redact", False), ("review", True), ("block", True)])
def test_what_must_not_take_effect_is_blocked(action: str, blocked: bool) -> None:
    assert Verdict(Action(action)).blocked is blocked


def test_messages_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Message("hello").text = "changed"  # type: ignore[misc]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_ids_are_unique_after_a_fork() -> None:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, new_id().encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(write)
    with os.fdopen(read) as pipe:
        assert pipe.read().split("-")[0] != new_id().split("-")[0]


def test_equal_verdicts_have_equal_json_whatever_time_they_took() -> None:
    verdict = Verdict(Action.BLOCK, "m-1", (FINDING,), 0.9, "block-injection", elapsed_ms=1.0)

    assert verdict.to_json() == replace(verdict, elapsed_ms=99.0).to_json()
    assert json.loads(verdict.to_json())["findings"][0]["span"] == [3, 9]


def test_the_worst_finding_explains() -> None:
    milder = replace(FINDING, rule="RUNE-INJ-002", severity=Severity.LOW)
    verdict = Verdict(Action.BLOCK, "m-1", (milder, FINDING), decided_by="block-injection")

    assert verdict.threat_type == "prompt_injection"
    assert verdict.reason == "RUNE-INJ-001"
    assert verdict.explanation == (
        "block: asks to ignore the instructions [RUNE-INJ-001, high] (and 1 more); decided by `block-injection`."
    )


@pytest.mark.parametrize(
    ("category", "pii", "secret", "degraded"),
    [
        (Category.PII, True, False, False),
        (Category.SECRET, False, True, False),
        (Category.INTERNAL_ERROR, False, False, True),
        (Category.JAILBREAK, False, False, False),
    ],
)
def test_facts_follow_from_the_findings(category: Category, pii: bool, secret: bool, degraded: bool) -> None:
    verdict = Verdict(Action.FLAG, findings=(replace(FINDING, category=category),))

    assert (verdict.pii_detected, verdict.secrets_detected, verdict.degraded) == (pii, secret, degraded)


@pytest.mark.parametrize(
    ("view", "span", "original"),
    [
        pytest.param(View("abcdef"), (1, 3), (1, 3), id="the text itself"),
        pytest.param(View("abc", ("base64",), bounds=Span(10, 14)), (1, 2), (10, 14), id="a decoded part maps to what was encoded"),
        pytest.param(View("ignore", starts=(0, 2), targets=(0, 5)), (1, 4), (1, 7), id="three characters were removed after the second"),
        pytest.param(View("ignore", starts=(0, 2), targets=(0, 5)), (2, 2), (5, 5), id="an empty span"),
    ],
)
def test_spans_map_to_the_original(view: View, span: tuple[int, int], original: tuple[int, int]) -> None:
    assert view.span(*span) == Span(*original)


def test_a_verdict_survives_a_deep_copy() -> None:
    verdict = Verdict(Action.BLOCK, "m-1", (FINDING,))

    assert copy.deepcopy(verdict) == verdict

import json
import re
import time
from itertools import pairwise

import pytest

from rune.delivery.event import CONTENT_CHARS, RULES, Event, uuid7
from rune.types import Action, Category, Decision, Finding, Kind, Message, Review, Severity, Span, Verdict

KEY = "sk-live-0123456789abcdef"
TEXT = f"use {KEY} please"
SECRET = Finding("RUNE-LEAK-001", Category.SECRET, Severity.HIGH, "a key", span=Span(4, 4 + len(KEY)))
ODD = Finding("RUNE-INJ-002", Category.PROMPT_INJECTION, Severity.CRITICAL, "an order")


@pytest.mark.parametrize(
    ("mode", "content", "hashed"),
    [
        pytest.param("none", None, False, id="none: not even a hash"),
        pytest.param("hash", None, True, id="hash: its hash only"),
        pytest.param("redacted", "use [REDACTED:secret:openai-key] please", True, id="redacted: without the key"),
        pytest.param("full", TEXT, True, id="full: as it stands"),
    ],
)
def test_content_leaves_only_as_far_as_the_mode_says(mode: str, content: str | None, hashed: bool) -> None:
    event = Event.of(Message(TEXT), Verdict(Action.FLAG, findings=(SECRET,)), mode)

    assert event.content == content
    assert bool(event.content_hash) is hashed
    assert (KEY in json.dumps(event.to_dict())) is (mode == "full")


def test_it_says_who_what_and_why() -> None:
    message = Message("x", Kind.CODE, sender="coder", recipient="executor", conversation="c1")
    review = Review(Decision.REJECT, "terminal")
    verdict = Verdict(Action.BLOCK, message.id, (SECRET, ODD, ODD), 0.9, "no-code", None, "p1", "r1", review=review, elapsed_ms=1.5)

    said = Event.of(message, verdict, event="review", project="shop").to_dict()

    expected = {
        "schema": 1,
        "event": "review",
        "action": "block",
        "project": "shop",
        "agent": "coder",
        "conversation": "c1",
        "sender": "coder",
        "recipient": "executor",
        "kind": "code",
        "direction": "internal",
        "rules": ["RUNE-INJ-002", "RUNE-LEAK-001"],
        "decided_by": "no-code",
        "review": "reject",
        "policy_revision": "p1",
        "rules_revision": "r1",
        "latency_ms": 1.5,
        "incident": verdict.incident,
    }
    assert {key: said[key] for key in expected} == expected


def test_what_attackers_choose_is_bounded() -> None:
    rules = tuple(Finding(f"RUNE-X-{i}", Category.JAILBREAK, Severity.LOW, "x") for i in range(500))
    event = Event.of(Message("a" * 100_000, sender="s" * 10_000), Verdict(Action.FLAG, findings=rules))

    assert len(event.content or "") == CONTENT_CHARS
    assert len(event.rules) == RULES
    assert len(event.sender) == 256


@pytest.mark.parametrize("text", ["", "\0", "\ud800 lone", "𝕏" * 10], ids=["empty", "NUL", "surrogate", "astral"])
def test_any_text_has_an_event_in_json(text: str) -> None:
    assert json.loads(json.dumps(Event.of(Message(text), Verdict(Action.ALLOW)).to_dict()))["content"] == text


def test_ids_are_version_7_and_sort_by_time() -> None:
    ids = []
    for _ in range(5):
        ids.append(uuid7())
        time.sleep(0.002)

    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", one) for one in ids)
    assert all(first < second for first, second in pairwise(ids))
    assert len({uuid7() for _ in range(10_000)}) == 10_000

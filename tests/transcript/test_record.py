import hashlib
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rune.transcript.record import CONTENT_CHARS, DOMAIN, Record, canonical, decided, digest, gap, genesis
from rune.types import Action, Category, Decision, Direction, Finding, Kind, Message, Review, Severity, Span, Trust, Verdict

KEY = "sk-live-0123456789abcdef"
SECRET = Finding("RUNE-LEAK-001", Category.SECRET, Severity.HIGH, "a key", span=Span(4, 28), evidence=f"…{KEY}…", line=3, chain=("base64",))
MESSAGE = Message(
    f"use {KEY}",
    Kind.CODE,
    Direction.OUTBOUND,
    "coder",
    "executor",
    "c1",
    ("web", "tool:fetch"),
    Trust.UNTRUSTED,
    "m1",
    1.5,
    {"language": "python", "tool": "run", "other": object()},
)
VERDICT = Verdict(Action.BLOCK, "m1", (SECRET,), 0.9, "no-secrets", None, "p1", "r1", "h1", None, 1.25)


def test_a_record_says_everything_about_a_decision() -> None:
    fields = decided(MESSAGE, VERDICT, "message", 2.0, "redacted")

    assert json.loads(canonical(fields)) == {
        "action": "block",
        "content": "use [REDACTED:secret:openai-key]",
        "content_chars": 28,
        "content_hash": hashlib.sha256(MESSAGE.text.encode()).hexdigest(),
        "content_mode": "redacted",
        "conversation": "c1",
        "decided_by": "no-secrets",
        "degraded": False,
        "direction": "outbound",
        "elapsed_ms": 1.25,
        "event": "message",
        "findings": [
            {
                "category": "secret",
                "chain": ["base64"],
                "confidence": 1.0,
                "evidence": "[REDACTED]",
                "line": 3,
                "rule": "RUNE-LEAK-001",
                "severity": "high",
                "span": [4, 28],
                "summary": "a key",
            }
        ],
        "incident": "inc-m1",
        "kind": "code",
        "language": "python",
        "message_id": "m1",
        "message_time": 1.5,
        "origins": ["web", "tool:fetch"],
        "policy_revision": "p1",
        "recipient": "executor",
        "review": None,
        "risk": 0.9,
        "rules_revision": "r1",
        "rune": "0.1.0",
        "sender": "coder",
        "time": 2.0,
        "tool": "run",
        "trust": "untrusted",
        "verdict_hash": "h1",
    }


@pytest.mark.parametrize(
    ("mode", "content", "text"),
    [
        ("redacted", "use [REDACTED:secret:openai-key]", "print([REDACTED:secret])"),
        ("full", f"use {KEY}", f"print({KEY})"),
        ("hash", None, None),
    ],
)
def test_a_review_is_part_of_the_record(mode: str, content: str | None, text: str | None) -> None:
    review = Review(Decision.MODIFY, "terminal", "safer", f"print({KEY})", 2.5)
    verdict = Verdict(Action.REDACT, "m1", (SECRET,), sanitized_text=review.text, review=review)

    fields = decided(MESSAGE, verdict, "review", 2.0, mode)  # type: ignore[arg-type]

    assert fields["content"] == content
    assert fields["review"] == {
        "decision": "modify",
        "reviewer": "terminal",
        "reason": "safer",
        "seconds": 2.5,
        "text": text,
        "text_hash": hashlib.sha256(f"print({KEY})".encode()).hexdigest(),
    }


def test_what_attackers_choose_is_bounded() -> None:
    names = Message("x" * (CONTENT_CHARS + 5), sender="s" * 10**6, conversation="c" * 10**6, origins=("web",) * 10**5)
    fields = decided(names, Verdict(Action.ALLOW), "message", 0, "full")
    assert len(fields["content"]) == CONTENT_CHARS
    assert fields["content_chars"] == CONTENT_CHARS + 5
    assert (len(fields["sender"]), len(fields["conversation"]), len(fields["origins"])) == (1_000, 1_000, 100)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf], ids=str)
def test_numbers_that_json_cannot_hold_become_zero(value: float) -> None:
    fields = decided(Message("x", time=value), Verdict(Action.ALLOW, risk=value, elapsed_ms=value), "message", 0, "full")
    assert (fields["message_time"], fields["risk"], fields["elapsed_ms"]) == (0.0, 0.0, 0.0)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec=None)) | st.floats(0, 1e9).map(lambda x: round(x, 4)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(st.characters(codec=None), max_size=8), JSON))
def test_the_bytes_of_a_record_are_one_ascii_line_that_reads_back_the_same(fields: dict) -> None:
    data = canonical(fields)
    assert data.isascii()
    assert all(byte >= 0x20 for byte in data)
    assert json.loads(data) == fields
    assert data == json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


def test_the_hash_stands_behind_a_domain_of_its_own() -> None:
    assert digest(b"{}") == hashlib.sha256(DOMAIN + b"{}").digest()
    assert digest(b"{}") != hashlib.sha256(b"{}").digest()


@pytest.mark.parametrize(
    ("fields", "event", "conversation", "time"),
    [
        pytest.param({"event": "message", "conversation": "", "time": 2}, "message", "", 2.0, id="outside a conversation"),
        pytest.param(genesis("f", 1.0), "genesis", None, 1.0, id="about the file"),
        pytest.param(gap({"allow": 3}, 1.0), "gap", None, 1.0, id="a gap"),
        pytest.param({"event": 7, "time": "soon"}, "7", None, 0.0, id="of wrong types"),
        pytest.param({}, "", None, 0.0, id="empty"),
    ],
)
def test_a_record_read_back_answers_whatever_it_holds(fields: dict, event: str, conversation: str | None, time: float) -> None:
    record = Record(0, "", fields)
    assert (record.event, record.conversation, record.time) == (event, conversation, time)

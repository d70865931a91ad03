"""What a condition can speak about."""

from __future__ import annotations

from rune.policy.cel.schema import AGENT_FIELDS, FINDING_FIELDS, LIST, MESSAGE_FIELDS, STRING, STRINGS, VARIABLES, Type
from rune.policy.facts import Speaker
from rune.types import Category, Direction, Finding, Kind, Message, Severity, Trust


def test_types_are_named_for_people() -> None:
    assert str(STRINGS) == "list of string"
    assert str(LIST) == "list"
    assert str(VARIABLES["findings"]) == "list of finding"


def test_a_vocabulary_is_a_string() -> None:
    assert Type("string", words=("a",)) == STRING


def test_the_fields_of_a_message() -> None:
    message = Message("né", Kind.CODE, Direction.OUTBOUND, "a", "b", "c", ("web",), Trust.TRUSTED, metadata={"tool": "x"})
    assert {name: field.read(message) for name, field in MESSAGE_FIELDS.items()} == {
        "kind": "code",
        "direction": "outbound",
        "sender": "a",
        "recipient": "b",
        "text": "né",
        "length": 2,
        "origins": ("web",),
        "trust": "trusted",
        "conversation": "c",
        "metadata": {"tool": "x"},
    }


def test_the_fields_of_a_finding() -> None:
    finding = Finding("RUNE-X-001", Category.PII, Severity.LOW, "", confidence=1, chain=("base64",))
    read = {name: field.read(finding) for name, field in FINDING_FIELDS.items()}
    assert read == {"rule": "RUNE-X-001", "category": "pii", "severity": "low", "confidence": 1.0, "chain": ("base64",)}
    assert type(read["confidence"]) is float


def test_the_fields_of_an_agent() -> None:
    agent = Speaker("a", Trust.UNTRUSTED, "web", ("code.python",))
    read = {name: field.read(agent) for name, field in AGENT_FIELDS.items()}
    assert read == {"name": "a", "trust": "untrusted", "origin": "web", "may": ("code.python",)}

"""What a condition can speak about: the types of the language, and the fields of a message, a finding and an agent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from rune.types import Category, Direction, Kind, Severity, Trust


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a value in a condition."""

    name: str
    item: Type | None = None
    """Of a list: the type of its items; None when they can be anything."""
    fields: Mapping[str, Field] = field(default_factory=dict, compare=False)
    """Of an object: its fields."""
    words: tuple[str, ...] = field(default=(), compare=False)
    """Of a string out of a closed vocabulary: the vocabulary."""

    def __str__(self) -> str:
        """Return the type as error messages name it."""
        return f"{self.name} of {self.item}" if self.item else self.name


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object: its type and how it is read."""

    type: Type
    read: Callable[[Any], Any]


BOOL = Type("bool")
INT = Type("int")
DOUBLE = Type("double")
STRING = Type("string")
NULL = Type("null")
ANY = Type("any")
MAP = Type("map")
LIST = Type("list")
STRINGS = Type("list", STRING)


def _word(words: type[Enum], read: Callable[[Any], Any]) -> Field:
    return Field(Type("string", words=tuple(word.value for word in words)), read)


MESSAGE_FIELDS: Mapping[str, Field] = {
    "kind": _word(Kind, lambda m: m.kind.value),
    "direction": _word(Direction, lambda m: m.direction.value),
    "sender": Field(STRING, lambda m: m.sender),
    "recipient": Field(STRING, lambda m: m.recipient),
    "text": Field(STRING, lambda m: m.text),
    "length": Field(INT, lambda m: len(m.text)),
    "origins": Field(STRINGS, lambda m: m.origins),
    "trust": _word(Trust, lambda m: m.trust.value),
    "conversation": Field(STRING, lambda m: m.conversation),
    "metadata": Field(MAP, lambda m: m.metadata),
}
FINDING_FIELDS: Mapping[str, Field] = {
    "rule": Field(STRING, lambda f: f.rule),
    "category": _word(Category, lambda f: f.category.value),
    "severity": _word(Severity, lambda f: f.severity.value),
    "confidence": Field(DOUBLE, lambda f: float(f.confidence)),
    "chain": Field(STRINGS, lambda f: f.chain),
}
AGENT_FIELDS: Mapping[str, Field] = {
    "name": Field(STRING, lambda a: a.name),
    "trust": _word(Trust, lambda a: a.trust.value),
    "origin": Field(STRING, lambda a: a.origin),
    "may": Field(STRINGS, lambda a: a.may),
}

VARIABLES: Mapping[str, Type] = {
    "message": Type("message", fields=MESSAGE_FIELDS),
    "findings": Type("list", Type("finding", fields=FINDING_FIELDS)),
    "agent": Type("agent", fields=AGENT_FIELDS),
}
"""The variables of a condition, in the order of their places in a `Frame`."""

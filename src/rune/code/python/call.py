"""One call, with everything known about its arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rune.code.values import UNKNOWN, Value, content_labels


@dataclass(frozen=True, slots=True)
class Call:
    """A call as the tables of functions see it."""

    name: str
    """Dotted name of what is called; for a method of an unknown object only the last part is meaningful."""
    arguments: Sequence[Value]
    keywords: dict[str, Value] = field(default_factory=dict)
    receiver: Value = UNKNOWN
    """The object whose method is called."""
    spread: bool = False
    """True when arguments were given as `*` or `**` and their places are not known."""

    def argument(self, position: int, keyword: str = "") -> Value:
        """Return an argument by place or name; UNKNOWN when it is not given."""
        if keyword and keyword in self.keywords:
            return self.keywords[keyword]
        return self.arguments[position] if position < len(self.arguments) else UNKNOWN

    @property
    def first(self) -> Value:
        """The first positional argument."""
        return self.arguments[0] if self.arguments else UNKNOWN

    @property
    def labels(self) -> int:
        """Labels of the receiver and of everything given."""
        labels = content_labels(self.receiver)
        for value in (*self.arguments, *self.keywords.values()):
            labels |= content_labels(value)
        return labels

    @property
    def given(self) -> Value:
        """All arguments as one value, for what may hold a secret."""
        return Value((), 0, (), (*self.arguments, *self.keywords.values()))

"""What a detector may spend on one text: a share for each character, so that no text can be dense enough to hold up a scan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

from rune.scan.own_rules import CANDIDATE_LIMIT
from rune.types import Finding, Severity, Span, View

FIRST_UNITS = 400
CHARS_A_UNIT = 32
"""A unit is one to two microseconds: 20 KB in which something seems to begin everywhere cost at most two milliseconds a detector."""

MANY = 10
"""So many values found before a detector stops make it likely that the rest of the text holds more, so the rest is covered too."""


class Work:
    """Counts the candidates that a detector looks at in one text, each by what it costs.

    Attributes:
        spent: Units spent; never more than `most` and one candidate.
        most: Units that a text of this length may cost.
        stopped: Where the first candidate stands that was not looked at; None while there is none.
    """

    __slots__ = ("most", "spent", "stopped")

    def __init__(self, chars: int, share: int = 1) -> None:
        """Begin with what a text of `chars` characters may cost; `share` multiplies what each character adds."""
        self.most = FIRST_UNITS + share * chars // CHARS_A_UNIT
        self.spent = 0
        self.stopped: int | None = None

    def take(self, units: int, at: int) -> bool:
        """Spend `units` on the candidate at `at`; return False when nothing is left, after which no candidate is looked at."""
        if self.spent >= self.most:
            self.stopped = at if self.stopped is None else min(at, self.stopped)
            return False
        self.spent += units
        return True

    def rest(self, ends: Iterable[int]) -> int | None:
        """Return where the text begins that was not looked at: at the last of the values that end before; None when all was looked at."""
        stopped = self.stopped
        return None if stopped is None else max((end for end in ends if end <= stopped), default=stopped)


class Value(Protocol):
    """A named tuple that says where something was found."""

    @property
    def start(self) -> int:
        """Offset of its first character."""
        ...

    @property
    def end(self) -> int:
        """Offset after its last one."""
        ...


V = TypeVar("V", bound=Value)


def covered(found: list[V], work: Work, length: int) -> list[V]:
    """Return what was found in a text of `length` characters; where it was much, its last value also covers what was not looked at."""
    rest = work.rest(item.end for item in found)
    if rest is None or len(found) < MANY:
        return found
    last: Any = found[-1]
    return [*found, last._replace(start=rest, end=length)]


def limit_findings(work: Work, view: View, severity: Severity) -> list[Finding]:
    """Return the finding about candidates that were not looked at; none when all were."""
    if work.stopped is None:
        return []
    start = min(work.stopped, len(view.text) - 1)
    span = view.span(start, len(view.text)) if start >= 0 else Span(0, 0)
    return [CANDIDATE_LIMIT.finding(span, chain=view.chain, severity=severity)]

"""Builds a view from parts of another one."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from rune.types import View

_MANY = 50_000
"""Parts that are joined before more are added; a hostile text has millions, each a string of its own."""


@dataclass(slots=True)
class Assembly:
    """The parts of a view under construction, and the range of its parent that each of them came from."""

    _parts: list[str] = field(default_factory=list)
    _starts: array[int] = field(default_factory=lambda: array("I"))
    _targets: array[int] = field(default_factory=lambda: array("I"))
    _ends: array[int] = field(default_factory=lambda: array("I"))
    _length: int = 0

    def add(self, text: str, start: int, end: int) -> None:
        """Append `text`, which stands for `[start, end)` of the parent: character for character if it is as long, else as a whole."""
        if text:
            self._parts.append(text)
            self._starts.append(self._length)
            self._targets.append(start)
            self._ends.append(end)
            self._length += len(text)
            if len(self._parts) >= _MANY:
                self._parts = ["".join(self._parts)]

    def view(self, parent: View, *names: str) -> View:
        """Return the view; `names` are the decodings that lead to it from its parent."""
        chain = (*parent.chain, *names)
        return View("".join(self._parts), chain, self._starts, self._targets, ends=self._ends, parent=parent)

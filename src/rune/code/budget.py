"""How much work one analysis may do, counted while it runs."""

from __future__ import annotations

import time

from rune.limits import CodeLimits


class Exhausted(Exception):  # noqa: N818 - it ends the reading, it is no error
    """A bound was reached; the text says which and ends up in the finding."""


class Budget:
    """Counts nodes and time of one analysis over all passes and nested languages."""

    __slots__ = ("_deadline", "_left", "depth", "limits")

    def __init__(self, limits: CodeLimits) -> None:
        """Start the clock."""
        self.limits = limits
        self.depth = 0
        self._left = limits.nodes
        self._deadline = time.monotonic() + limits.seconds

    def spend(self, nodes: int = 1) -> None:
        """Count work done; raises Exhausted when it was more than allowed."""
        before = self._left
        self._left = before - nodes
        if self._left < 0:
            raise Exhausted("too many syntax nodes")
        if (before ^ self._left) >> 7 and time.monotonic() > self._deadline:
            raise Exhausted("out of time")

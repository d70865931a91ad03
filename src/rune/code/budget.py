"""How much work one analysis may do, counted while it runs."""

from __future__ import annotations

import time

from rune.limits import CodeLimits

NODES_BETWEEN_CLOCKS = 128
"""Nodes visited between two looks at the clock."""


class Exhausted(Exception):  # noqa: N818 - it ends the reading, it is no error
    """A bound was reached; the text says which and ends up in the finding."""


class Budget:
    """Counts nodes and time of one analysis over all passes and nested languages."""

    __slots__ = ("_deadline", "_mark", "depth", "left", "limits")

    def __init__(self, limits: CodeLimits) -> None:
        """Start the clock."""
        self.limits = limits
        self.depth = 0
        """Languages nested around the present one."""
        self.left = limits.nodes
        """Nodes that may still be visited."""
        self._mark = limits.nodes
        self._deadline = time.monotonic() + limits.seconds

    def spend(self, nodes: int = 1) -> None:
        """Count work done; raises Exhausted when it was more than allowed. The clock is read once in a while only."""
        self.left -= nodes
        if self.left < self._mark:
            self._check()

    def _check(self) -> None:
        if self.left < 0:
            raise Exhausted("too many syntax nodes")
        if time.monotonic() > self._deadline:
            raise Exhausted("out of time")
        self._mark = max(0, self.left - NODES_BETWEEN_CLOCKS)

"""Leaves an endpoint alone that fails again and again, and tries it once in a while."""

from __future__ import annotations

import threading
from collections.abc import Callable

FAILURES = 5
"""Failures in a row after which the endpoint is left alone."""
PAUSE = 15.0
"""Seconds of the first pause; each failed attempt after it doubles the next."""
LONGEST = 300.0


class Breaker:
    """Counts failures of an endpoint. Thread-safe.

    Args:
        now: a clock in seconds.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._pause = PAUSE
        self._until = float("-inf")

    def admits(self) -> bool:
        """Return whether the endpoint may be asked; after a pause the first caller tries it, and the others wait for what he finds."""
        with self._lock:
            now = self._now()
            if now < self._until:
                return False
            if self._failures >= FAILURES:
                self._until = now + self._pause
            return True

    def succeeded(self) -> None:
        """Note that the endpoint answered."""
        with self._lock:
            self._failures, self._pause, self._until = 0, PAUSE, float("-inf")

    def failed(self, retry_after: float = 0.0) -> None:
        """Note that it did not; `retry_after`: seconds for which it asked to be left alone."""
        with self._lock:
            self._failures += 1
            pause = retry_after
            if self._failures >= FAILURES:
                pause = max(pause, self._pause)
                self._pause = min(self._pause * 2, LONGEST)
            if pause:
                self._until = max(self._until, self._now() + pause)

    @property
    def paused(self) -> bool:
        """True while the endpoint is left alone."""
        with self._lock:
            return self._now() < self._until

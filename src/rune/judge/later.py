"""Asks the judge about messages that were delivered already; a bounded queue and a few threads that end with the process."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from rune.types import Message, Verdict

log = logging.getLogger("rune.judge")

WAITING = 256
"""Questions that wait at most."""
THREADS = 4


@dataclass(frozen=True, slots=True)
class Retraction:
    """A message that was delivered, and would not have been, had the judge's answer been there in time."""

    message: Message
    delivered: Verdict
    """The verdict under which it was delivered."""
    verdict: Verdict
    """The verdict with the judge's answer."""


class Later:
    """Does pieces of work soon, in other threads, a bounded number of them; a forked child starts with none. Thread-safe."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._changed = threading.Condition()
        self._waiting: deque[Callable[[], None]] = deque()
        self._working = 0
        self._threads = 0

    def submit(self, work: Callable[[], None]) -> bool:
        """Take a piece of work; False when too many wait. An exception in it is logged by its type."""
        if self._process != os.getpid():
            self._begin()
        with self._changed:
            if len(self._waiting) >= WAITING:
                return False
            self._waiting.append(work)
            if self._threads < THREADS and self._threads < len(self._waiting) + self._working:
                self._start()
        return True

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is left to do; False when something still is after `seconds`."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while self._waiting or self._working:
                if not self._changed.wait(max(deadline - time.monotonic(), 0)) and time.monotonic() >= deadline:
                    return False
        return True

    def _start(self) -> None:
        self._threads += 1
        try:
            threading.Thread(target=self._run, name="rune-judge", daemon=True).start()
        except RuntimeError:  # the interpreter is shutting down: what waits is not asked any more
            self._threads -= 1
            self._waiting.clear()

    def _run(self) -> None:
        while (work := self._next()) is not None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 - the next piece of work is another's
                log.warning("rune: asking the judge later failed with %s", type(error).__name__)
            with self._changed:
                self._working -= 1
                self._changed.notify_all()

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            if not self._waiting:
                self._threads -= 1
                return None
            self._working += 1
            return self._waiting.popleft()

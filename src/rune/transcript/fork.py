"""Forking while transcripts are open: SQLite must not be carried into a child process.

SQLite keeps the locks of a file in the memory of the process; a child would inherit the belief that it holds them, and a transaction that
the parent was in would look unfinished to it for ever. So before a fork every transcript of this process finishes its transaction and
closes its file; parent and child open it again when they next need it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from weakref import WeakSet

HOLD_SECONDS = 2.0
"""How long a fork waits for a transaction; a child whose parent did not finish in time must not use SQLite on that file."""


class Gate:
    """Held while a SQLite connection is in use; a fork passes only when it is not.

    Args:
        before: called in the parent, with the gate held, to close what must not be inherited.
        child: called in the child; its argument says whether the gate was held, so that the file may be opened again.
    """

    def __init__(self, before: Callable[[], None] = lambda: None, child: Callable[[bool], None] = lambda _held: None) -> None:
        self._lock = threading.Lock()
        self._before, self._child = before, child
        self._held_for_fork = False
        _gates.add(self)

    @contextmanager
    def use(self) -> Iterator[None]:
        """Keep forks out for the length of the block."""
        lock = self._lock
        with lock:
            yield

    def hold(self) -> None:
        """Wait until the connection is idle, and close it."""
        self._held_for_fork = self._lock.acquire(timeout=HOLD_SECONDS)
        if self._held_for_fork:
            self._before()

    def release(self) -> None:
        """Let the parent go on."""
        if self._held_for_fork:
            self._lock.release()

    def renew(self) -> None:
        """Start again in the child."""
        self._lock = threading.Lock()
        self._child(self._held_for_fork)


_gates: WeakSet[Gate] = WeakSet()
_held: list[Gate] = []
_one_fork = threading.Lock()

READING = Gate()
"""Held while a transcript is open for reading; readers open it for one page of records at a time."""


def _hold_all() -> None:
    _one_fork.acquire()
    _held[:] = list(_gates)
    for gate in _held:
        gate.hold()


def _release_all() -> None:
    for gate in _held:
        gate.release()
    _held.clear()
    _one_fork.release()


def _renew_all() -> None:
    for gate in _held:
        gate.renew()
    _held.clear()
    _one_fork.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_hold_all, after_in_parent=_release_all, after_in_child=_renew_all)

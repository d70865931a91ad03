"""A Hyperscan database and one scratch a thread: what signatures and the triggers of decodings are searched with."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import hyperscan

_FLAGS = (hyperscan.HS_FLAG_SINGLEMATCH, hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_CASELESS)


class Database:
    """Patterns compiled together. Thread-safe, also where a signal handler scans while its thread is inside a scan."""

    def __init__(self, database: Any) -> None:
        """Take a database of the library's; `compiled` and `loaded` make one."""
        self._database = database
        self._local = threading.local()

    @classmethod
    def compiled(cls, patterns: Sequence[tuple[int, bytes]], *, caseless: Sequence[bool] = ()) -> Database:
        """Compile patterns, each with its number; `caseless` says of each whether case counts (default: it does for all).

        Raises:
            hyperscan.error: a pattern uses syntax that the library does not know, or the processor is not supported.
        """
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(
            expressions=[pattern for _, pattern in patterns],
            ids=[number for number, _ in patterns],
            elements=len(patterns),
            flags=[
                hyperscan.HS_FLAG_SINGLEMATCH | (hyperscan.HS_FLAG_CASELESS if any_ else 0) for any_ in caseless or [False] * len(patterns)
            ],
        )
        return cls(database)

    @classmethod
    def loaded(cls, kept: bytes) -> Database:
        """Return the database of an earlier `dump`; raises hyperscan.error when it is not of this version and processor."""
        return cls(hyperscan.loadb(kept, hyperscan.HS_MODE_BLOCK))

    def dump(self) -> bytes:
        """Return the serialized database; it fits this library version and processor only."""
        return bytes(hyperscan.dumpb(self._database))

    def scan(self, data: bytes) -> list[tuple[int, int]]:
        """Return the number of every pattern that matches, with the end of its first match, in no order."""
        found: list[tuple[int, int]] = []
        try:
            scratch = self._local.scratch
        except AttributeError:
            scratch = self._local.scratch = hyperscan.Scratch(self._database)
        try:
            self._database.scan(data, _note, 0, found, scratch)
        except hyperscan.ScratchInUseError:
            # A signal handler or a finalizer may scan while this thread is inside a scan.
            found.clear()
            self._database.scan(data, _note, 0, found, hyperscan.Scratch(self._database))
        return found


def _note(pattern: int, _start: int, end: int, _flags: int, found: Any) -> None:
    found.append((pattern, end))

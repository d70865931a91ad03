"""Tells, in two passes over a text, which encodings it may hold and where, so that a text without any costs next to nothing.

Each decoding says what its encoding cannot be written without: short patterns over the text as it stands, and words as they look once
encoded, over the simplified text (`rune.scan.decode.simple`). They are compiled into Hyperscan databases. A long text is looked at block by
block, and what is triggered in a block is decoded around that block only. Where Hyperscan does not work, every decoding is tried on the
whole text: slower, with the same result.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from rune.scan.cache import packed, unpacked
from rune.scan.decode.decoding import Decoding, Window
from rune.scan.decode.simple import simple

if TYPE_CHECKING:
    from rune.scan.backends.database import Database

BLOCK = 2_048
"""Characters that are looked at together; one trigger is noted once in them, so that no text causes more than so many."""
OVERLAP = 128
"""Characters of the block before that are looked at again: the longest trigger."""
_SHAPES, _WORDS, _ROWS = range(3)
"""Which of the databases is which; the last and those behind it have the rows, group by group."""


class Suspect(NamedTuple):
    """A decoding that may find something, and where."""

    position: int
    """Which one, of the decodings in order."""
    windows: Sequence[Window]
    """The parts of the text to look at, in order, apart from one another."""


class Triggers:
    """Which of a list of decodings may find something in a text. Thread-safe."""

    def __init__(self, decodings: Sequence[Decoding], kept: bytes | None = None, *, hyperscan: bool = True) -> None:
        """Compile what the decodings are triggered by, or take it from an earlier `dump`; without Hyperscan, suspect every one of them."""
        self._reach = [decoding.reach for decoding in decodings]
        self._databases: Sequence[Database] = ()
        if hyperscan:
            groups = _groups(tuple(decodings))
            self._shapes, self._words = (list(_owners(tuple(decodings), kind).values()) for kind in ("shapes", "words"))
            self._rows = [list(group.rows.values()) for group in groups]
            self._gates = [place for place, group in enumerate(groups) for _ in group.gates]
            # A compiled library may raise anything. What another version kept is compiled anew; without the library, all are tried.
            with suppress(Exception):
                self._databases = self._loaded(kept) if kept else ()
            if not self._databases:
                with suppress(Exception):
                    self._databases = _compiled_once(tuple(decodings))

    def suspects(self, flat: bytes) -> Sequence[Suspect]:
        """Return the decodings to try on a text, in order.

        Args:
            flat: The folded text, one byte a character.
        """
        if not self._databases:
            return [Suspect(position, ((0, len(flat)),)) for position in range(len(self._reach))]
        plain = b" %b " % simple(flat)
        if len(flat) <= BLOCK:
            found = self._found(flat, plain)
            return [Suspect(position, ((0, len(flat)),)) for position in sorted(found)] if found else ()
        windows: dict[int, list[Window]] = {}
        for start in range(0, len(flat), BLOCK):
            low, high = max(start - OVERLAP, 0), start + BLOCK
            for position in self._found(flat[low:high], plain[low : high + 2]):
                _extend(windows.setdefault(position, []), low - self._reach[position], high + self._reach[position], len(flat))
        return [Suspect(position, windows[position]) for position in sorted(windows)]

    def dump(self) -> bytes:
        """Return the compiled databases, for a later start with the same version and processor; empty when there are none."""
        return packed([database.dump() for database in self._databases])

    def _found(self, flat: bytes, plain: bytes) -> set[int]:
        """Return the positions of the decodings that something triggers."""
        found = {position for pattern in self._scanned(_WORDS, plain) for position in self._words[pattern]}
        groups: set[int] = set()
        for pattern in self._scanned(_SHAPES, flat):
            if pattern < len(self._shapes):
                found.update(self._shapes[pattern])
            else:
                groups.add(self._gates[pattern - len(self._shapes)])
        for group in groups:
            for pattern in self._scanned(_ROWS + group, flat):
                found.update(self._rows[group][pattern])
        return found

    def _scanned(self, database: int, text: bytes) -> list[int]:
        """Return the patterns of one of the databases that are in a text."""
        return [pattern for pattern, _ in self._databases[database].scan(text)]

    def _loaded(self, kept: bytes) -> Sequence[Database]:
        parts = unpacked(kept)
        if len(parts) != _ROWS + len(self._rows):
            raise ValueError(f"The triggers kept are `{len(parts)}` databases; they are compiled anew.")
        return [_library().loaded(part) for part in parts]


def _extend(windows: list[Window], start: int, end: int, length: int) -> None:
    start, end = max(start, 0), min(end, length)
    if windows and windows[-1][1] >= start:
        windows[-1] = (windows[-1][0], end)
    else:
        windows.append((start, end))


def version(decodings: Sequence[Decoding]) -> str:
    """Return a short hash over everything that triggers the decodings."""
    digest = hashlib.sha256(f"{BLOCK} {OVERLAP}".encode())
    for decoding in decodings:
        digest.update(repr((decoding.name, decoding.shapes, decoding.rows, decoding.gates, decoding.words)).encode())
    return digest.hexdigest()[:16]


class _Group(NamedTuple):
    """Rows that are looked for only where one of some gates is found."""

    gates: tuple[bytes, ...]
    rows: dict[bytes, list[int]]


@functools.lru_cache(maxsize=8)
def _owners(decodings: tuple[Decoding, ...], kind: str) -> dict[bytes, list[int]]:
    """Return the patterns of a kind, each with the positions of the decodings that have it."""
    owners: dict[bytes, list[int]] = {}
    for position, decoding in enumerate(decodings):
        for pattern in getattr(decoding, kind):
            owners.setdefault(pattern, []).append(position)
    return owners


@functools.lru_cache(maxsize=4)
def _groups(decodings: tuple[Decoding, ...]) -> list[_Group]:
    """Return the rows by their gates; the gate of those without one is their union."""
    groups: dict[tuple[bytes, ...], dict[bytes, list[int]]] = {}
    for position, decoding in enumerate(decodings):
        for row in decoding.rows:
            groups.setdefault(decoding.gates, {}).setdefault(row, []).append(position)
    return [_Group(gates or (b"|".join(b"(?:%b)" % row for row in rows),), rows) for gates, rows in groups.items()]


@functools.lru_cache(maxsize=4)
def _compiled_once(decodings: tuple[Decoding, ...]) -> Sequence[Database]:
    groups = _groups(decodings)
    shapes = [*_owners(decodings, "shapes"), *(gate for group in groups for gate in group.gates)]
    words = list(_owners(decodings, "words"))
    # A number for each pattern: those that share one are merged into automata, which takes a minute.
    every = (shapes, words, *(list(group.rows) for group in groups))
    return [_library().compiled(list(enumerate(patterns or [b"$^"]))) for patterns in every]


def _library() -> type[Database]:
    """Return the class over Hyperscan; raises ImportError where it is not installed."""
    from rune.scan.backends.database import Database  # noqa: PLC0415 - it has no wheel for some platforms

    return Database

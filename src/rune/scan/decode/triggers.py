"""Tells, in two passes over a text, which encodings it may hold, so that a text without any costs next to nothing.

Each decoding says what its encoding cannot be written without: short patterns over the text as it stands, and words as they look once
encoded, over the simplified text (`rune.scan.decode.simple`). All of them are compiled into two Hyperscan databases. Where Hyperscan does
not work, every decoding is tried: slower, with the same result.
"""

from __future__ import annotations

import functools
import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from itertools import chain
from typing import Any

from rune.scan.decode.decoding import Decoding
from rune.scan.decode.simple import simple

_LENGTH_BYTES = 8


class Triggers:
    """Which of a list of decodings may find something in a text. Thread-safe."""

    def __init__(self, decodings: Sequence[Decoding], kept: bytes | None = None, *, hyperscan: bool = True) -> None:
        """Compile what the decodings are triggered by, or take it from an earlier `dump`; without Hyperscan, suspect every one of them."""
        self._all = range(len(decodings))
        self._shape_of = list(_by_pattern([decoding.shapes for decoding in decodings]).values())
        self._word_of = list(_by_pattern([decoding.words for decoding in decodings]).values())
        self._local = threading.local()
        self._shapes: Any = None
        self._words: Any = None
        self._hyperscan: Any = None
        if hyperscan:
            # A compiled library may raise anything. What another version kept is compiled anew; without the library, all are tried.
            with suppress(Exception):
                self._hyperscan = import_module("hyperscan")
                self._shapes, self._words = self._loaded(kept) if kept else (None, None)
            if self._shapes is None:
                with suppress(Exception):
                    self._shapes, self._words = _compiled_once(self._hyperscan, tuple(decodings))

    def suspects(self, data: bytes) -> Sequence[int]:
        """Return the positions of the decodings to try on a text, in order.

        Args:
            data: UTF-8 of the folded text.
        """
        if self._shapes is None:
            return self._all
        shapes: list[int] = []
        words: list[int] = []
        scratches = self._scratches()
        self._shapes.scan(data, _note, 0, shapes, scratches[0])
        self._words.scan(simple(data) + b" ", _note, 0, words, scratches[1])
        if not shapes and not words:
            return ()
        return sorted({*_places(self._shape_of, shapes), *_places(self._word_of, words)})

    def dump(self) -> bytes:
        """Return the compiled databases, for a later start with the same version and processor; empty when there are none."""
        if self._shapes is None:
            return b""
        shapes, words = (bytes(self._hyperscan.dumpb(database)) for database in (self._shapes, self._words))
        return len(shapes).to_bytes(_LENGTH_BYTES, "big") + shapes + words

    def _scratches(self) -> tuple[Any, Any]:
        try:
            scratches: tuple[Any, Any] = self._local.scratches
        except AttributeError:
            scratches = self._local.scratches = (self._hyperscan.Scratch(self._shapes), self._hyperscan.Scratch(self._words))
        return scratches

    def _loaded(self, kept: bytes) -> tuple[Any, Any]:
        middle = _LENGTH_BYTES + int.from_bytes(kept[:_LENGTH_BYTES], "big")
        load, block = self._hyperscan.loadb, self._hyperscan.HS_MODE_BLOCK
        return load(kept[_LENGTH_BYTES:middle], block), load(kept[middle:], block)


def version(decodings: Sequence[Decoding]) -> str:
    """Return a short hash over everything that triggers the decodings."""
    digest = hashlib.sha256()
    for decoding in decodings:
        digest.update(repr((decoding.name, decoding.shapes, decoding.words)).encode())
    return digest.hexdigest()[:16]


@functools.lru_cache(maxsize=4)
def _compiled_once(hyperscan: Any, decodings: tuple[Decoding, ...]) -> tuple[Any, Any]:
    shapes = _by_pattern([decoding.shapes for decoding in decodings])
    words = _by_pattern([decoding.words for decoding in decodings])
    return _database(hyperscan, list(shapes)), _database(hyperscan, list(words))


def _by_pattern(patterns: Sequence[tuple[bytes, ...]]) -> dict[bytes, list[int]]:
    """Return, for each pattern, the positions that have it."""
    positions: dict[bytes, list[int]] = {}
    for position, own in enumerate(patterns):
        for pattern in own:
            positions.setdefault(pattern, []).append(position)
    return positions


def _places(positions: Sequence[list[int]], found: Sequence[int]) -> Iterator[int]:
    return chain.from_iterable(positions[pattern] for pattern in found)


def _database(hyperscan: Any, patterns: list[bytes]) -> Any:
    # An id for each pattern: those that share one are merged into automata, which takes a minute.
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=patterns,
        ids=list(range(len(patterns))),
        elements=len(patterns),
        flags=[hyperscan.HS_FLAG_SINGLEMATCH] * len(patterns),
    )
    return database


def _note(pattern: int, _start: int, _end: int, _flags: int, found: Any) -> None:
    found.append(pattern)

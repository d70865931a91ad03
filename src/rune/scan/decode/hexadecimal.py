"""Hexadecimal: two digits a byte, in one run or as pairs separated by a space, comma, colon or dash."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from rune.scan.decode.piece import Piece
from rune.scan.decode.readable import SHORTEST, readable

_DIGITS = string.hexdigits.encode()
_SEPARATORS = b" ,:-"
_SHAPE = bytes(ord("x") if code in _DIGITS else ord("-") if code in _SEPARATORS else ord(".") for code in range(256))
_RUN = b"xx" * SHORTEST
_PAIRS = b"xx-" * (SHORTEST - 1) + b"xx"
# Bounded, because `re` keeps a record of every repetition of a group.
_BYTES = re.compile(rb"(?:[0-9A-Fa-f]{2}[ ,:-]?){1,4096}")


def pieces(flat: bytes) -> list[Piece]:
    """Return the runs of hexadecimal digits that decode to readable text."""
    shape = flat.translate(_SHAPE)
    if _RUN not in shape and _PAIRS not in shape:
        return []
    found: list[Piece] = []
    end = 0
    for start in sorted([*_starts(shape, _RUN), *_starts(shape, _PAIRS)]):
        if start >= end:
            end = _end(flat, start)
            run = flat[start:end].rstrip(_SEPARATORS)
            text = readable(bytes.fromhex(run.translate(None, _SEPARATORS).decode("ascii")))
            if text:
                found.append(Piece(start, start + len(run), text))
    return found


def _starts(shape: bytes, least: bytes) -> Iterator[int]:
    """Yield where stretches of the shape `least` begin; one that is longer is yielded several times."""
    start = shape.find(least)
    while start >= 0:
        yield start
        start = shape.find(least, start + len(least))


def _end(flat: bytes, start: int) -> int:
    while (run := _BYTES.match(flat, start)) is not None:
        start = run.end()
    return start

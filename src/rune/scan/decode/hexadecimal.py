"""Hexadecimal: two digits a byte, in one run or as pairs separated by a space, comma, colon or dash."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from rune.scan.decode.piece import Piece
from rune.scan.decode.readable import SHORTEST, readable

_DIGITS = string.hexdigits.encode()
_SEPARATORS = b" ,:-"
_PRINTABLE = bytes(range(0x20, 0x7F)) + b"\t\n\r"
_HEAD = 32
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
            digits = run.translate(None, _SEPARATORS).decode("ascii")
            text = readable(bytes.fromhex(digits)) or _backwards(digits)
            if text:
                found.append(Piece(start, start + len(run), text))
    return found


def _backwards(digits: str) -> str:
    """Decode a run that was written from its end to its start."""
    head = bytes.fromhex(digits[::-1][:_HEAD])
    return readable(bytes.fromhex(digits[::-1])) if not head.translate(None, _PRINTABLE) else ""


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

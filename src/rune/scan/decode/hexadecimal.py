"""Hexadecimal: two digits a byte, in one run or as pairs separated by a space, comma, colon or dash."""

from __future__ import annotations

import re
import string

from rune.scan.decode.piece import Piece
from rune.scan.decode.readable import SHORTEST, readable

_DIGITS = string.hexdigits.encode()
_SEPARATORS = b" ,:-"
_SHAPE = bytes(ord("x") if code in _DIGITS else ord("-") if code in _SEPARATORS else ord(".") for code in range(256))
_RUN = b"xx" * SHORTEST
_PAIRS = b"xx-" * (SHORTEST - 1) + b"xx"
_BYTES = re.compile(rb"(?:[0-9A-Fa-f]{2}[ ,:-]?){%d,}" % SHORTEST)


def pieces(flat: bytes) -> list[Piece]:
    """Return the runs of hexadecimal digits that decode to readable text."""
    shape = flat.translate(_SHAPE)
    found: list[Piece] = []
    end = 0
    for start in sorted([*_starts(shape, _RUN), *_starts(shape, _PAIRS)]):
        run = _BYTES.match(flat, start) if start >= end else None
        if run is not None:
            end = run.end()
            digits = run[0].rstrip(_SEPARATORS)
            text = readable(bytes.fromhex(digits.translate(None, _SEPARATORS).decode("ascii")))
            if text:
                found.append(Piece(start, start + len(digits), text))
    return found


def _starts(shape: bytes, least: bytes) -> list[int]:
    """Return where stretches of the shape `least` begin; stretches that touch count once for each `least` in them."""
    starts = []
    start = shape.find(least)
    while start >= 0:
        starts.append(start)
        start = shape.find(least, start + len(least))
    return starts

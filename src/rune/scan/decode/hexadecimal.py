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
    if _RUN not in shape and _PAIRS not in shape:
        return []
    runs = ((run.start(), run[0].rstrip(_SEPARATORS)) for run in _BYTES.finditer(flat))
    return [Piece(start, start + len(run), text) for start, run in runs if (text := _decoded(run))]


def _decoded(run: bytes) -> str:
    return readable(bytes.fromhex(run.translate(None, _SEPARATORS).decode("ascii")))

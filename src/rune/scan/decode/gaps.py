"""Words apart by more than a space: by commas, bars or stars, by the marks of quoted, numbered or commented lines, by many spaces."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from rune.scan.decode.language import TELLING
from rune.scan.decode.piece import Piece
from rune.scan.decode.simple import finder, simple, surroundings

_WORDS = tuple(word.encode() for word in sorted(TELLING))
_GAP = re.compile(rb"(?<=[A-Za-z'])[^A-Za-z']{1,16}(?=[A-Za-z])")
_DIGITS = re.compile(rb"[0-9]+")
_LINE = rb"\n[ \t]{0,8}(?:[>#*;%|]|//|--|[0-9]{1,2}[.)])"
_WIDE = rb"[^A-Za-z]{2,10}[A-Za-z]{1,14}"
SHAPES = tuple(
    b"(?i)" + stem + rb"[a-z]{0,6}" + rest
    for stem in sorted({word[:7] for word in _WORDS})
    for rest in (_WIDE + _WIDE + rb"[^A-Za-z]{2,10}[A-Za-z]", rb"[^A-Za-z\n]{0,3}" + _LINE)
)
"""A telling word with wide gaps behind it, or at the end of a line whose next one has a mark."""
GATES = tuple(b"(?i)" + stem + rb"[a-z]{0,6}[^A-Za-z]{2}" for stem in sorted({word[:7] for word in _WORDS}))
"""The word with one gap of two characters or more."""
_PLACES = finder(_WORDS, apart=100)
_OFTEN = 3
_LINES = 2


def pieces(flat: bytes) -> list[Piece]:
    """Return the gaps near telling words that come again and again, as spaces."""
    found = _PLACES(simple(flat))
    return [piece for start, end in surroundings(found, len(flat)) for piece in _gaps(flat, start, end)]


def _gaps(flat: bytes, start: int, end: int) -> Iterator[Piece]:
    gaps = [(match.span(), _DIGITS.sub(b"0", match[0])) for match in _GAP.finditer(flat, start, end)]
    often = Counter(gap for _, gap in gaps)
    for (low, high), gap in gaps:
        if gap != b" " and often[gap] >= (_LINES if b"\n" in gap else _OFTEN):
            yield Piece(low, high, " ")

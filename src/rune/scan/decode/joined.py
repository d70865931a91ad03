"""Words joined by signs, by capitals or by nothing: `ignore-all-previous`, `IgnoreAllPrevious`, `ignoreallprevious`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rune.scan.decode.language import TELLING, WORDS
from rune.scan.decode.piece import Piece
from rune.scan.decode.segments import segmented

_RUN = re.compile(
    rb"(?<![A-Za-z'])(?:[A-Za-z]{14,400}(?![A-Za-z])|"
    rb"(?:[A-Za-z][A-Za-z']{0,30}(?:[-_.+/~|=,:;*#\\]{1,2}|%20)){2,40}[A-Za-z][A-Za-z']{0,30}(?![A-Za-z]))"
)
_STEMS = tuple(sorted({word[:8] for word in TELLING}))
SHAPES = tuple(
    shape % stem.encode()
    for stem in _STEMS
    for shape in (
        rb"(?i)%b[a-z]{0,6}[-_.+/~|=,:;*#\x5c%%][a-z]",
        rb"(?i)[a-z][-_.+/~|=,:;*#\x5c0]%b",
        rb"(?i)%b[a-z]{7}",
        rb"(?i)[a-z]{7}%b",
    )
)
"""A telling word with something stuck to it."""
_PART = re.compile(r"[A-Z]?[a-z']+|[A-Z]+(?![a-z])")
_GLUED = 12
_LEAST_WORDS = 3
_KNOWN = 0.6


def pieces(flat: bytes) -> list[Piece]:
    """Return the runs that are made of common words, a telling one among them, with spaces between these."""
    return list(_pieces(flat))


def _pieces(flat: bytes) -> Iterator[Piece]:
    for run in _RUN.finditer(flat):
        text = run[0].decode("ascii")
        words = [word for part in _PART.findall(text) for word in _cut(part)]
        if _sentence(words):
            yield Piece(run.start(), run.end(), " ".join(words))


def _cut(part: str) -> list[str]:
    if len(part) < _GLUED or part.lower() in WORDS:
        return [part]
    return segmented(part).split() or [part]


def _sentence(words: list[str]) -> bool:
    lower = [word.lower() for word in words]
    known = sum(word in WORDS for word in lower)
    return len(lower) >= _LEAST_WORDS and known >= _KNOWN * len(lower) and not TELLING.isdisjoint(lower)

"""Words cut by a space, a sign or a line break: `ig nore`, `in-struc-tions`, `p r o mpt`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from rune.scan.decode.language import KEYWORDS, WORDS
from rune.scan.decode.piece import Piece, merged
from rune.scan.decode.segments import segmented
from rune.scan.decode.simple import simple, surroundings

SPLIT = tuple(
    f"{word[:cut]} {word[cut:]} ".encode()
    for word in KEYWORDS[:240]
    for cut in range(1, len(word))
    if not {word[:cut], word[cut:]} <= WORDS and word[cut:] != "s"
)
"""Keywords with one cut, as they stand in the simplified text."""
_CUTS = frozenset(tuple(pair.split()) for pair in SPLIT)
FRAGMENTS = (rb"(?:[^A-Za-z0-9]{1,2}[A-Za-z]{1,3}){7}[^A-Za-z0-9]",)
"""Fragments in a row."""
HYPHENS = (rb"-\r?\n[ \t]{0,16}[a-z]",)
"""A hyphen at the end of a line."""
_FRAGMENTS = re.compile(rb"(?<![A-Za-z0-9])(?:[A-Za-z]{1,3}[^A-Za-z0-9]{1,2}){7,4096}[A-Za-z]{1,3}(?![A-Za-z0-9])")
_HYPHEN = re.compile(rb"([A-Za-z])-\r?\n[ \t]{0,16}(?=[a-z])")
_TOKEN = re.compile(rb"[A-Za-z]+")
_GAP = 4
_PARTS = 6
_SHORTEST = 4
_STARTS = frozenset(word[:end] for word in WORDS for end in range(1, len(word) + 1))
"""What a word may begin with."""


def pieces(flat: bytes) -> list[Piece]:
    """Return the cut words near a keyword that was cut, and every row of fragments, put together."""
    found = _cuts(simple(flat))
    rows = [run.span() for run in _FRAGMENTS.finditer(flat)]
    joined = [piece for start, end in surroundings(found, len(flat)) for piece in _words(flat, start, end)]
    hyphens = [Piece(match.start(), match.end(), match[1].decode()) for match in _HYPHEN.finditer(flat)]
    return merged(hyphens, merged([*_rows(flat, rows)], joined))


def _cuts(plain: bytes) -> list[int]:
    """Return where in the simplified text the halves of a keyword stand with one space between them."""
    words = plain.split(b" ")
    hits = [index for index, pair in enumerate(pairwise(words)) if pair in _CUTS]
    ends = list(accumulate(map(len, words), initial=0)) if hits else []
    return [ends[index] + index for index in hits]


def _rows(flat: bytes, rows: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    for start, end in rows:
        parts = [part.decode("latin-1").lower() for part in _TOKEN.findall(flat, start, end)]
        if sum(part in WORDS for part in parts) * 2 < len(parts):
            text = segmented("".join(parts))
            if text:
                yield Piece(start, end, text)


def _words(flat: bytes, start: int, end: int) -> Iterator[Piece]:
    tokens = [(match.start(), match.end(), match[0].decode("ascii").lower()) for match in _TOKEN.finditer(flat, start, end)]
    index = 0
    while index < len(tokens):
        last = _joinable(tokens, index)
        if last > index:
            low, high = tokens[index][0], tokens[last][1]
            yield Piece(low, high, b"".join(_TOKEN.findall(flat, low, high)).decode("ascii"))
        index = last + 1


def _joinable(tokens: Sequence[tuple[int, int, str]], index: int) -> int:
    """Return the last of the tokens that make one word with the one at `index`; `index` itself when there is none."""
    _, end, word = tokens[index]
    if word not in _STARTS:
        return index
    best, whole = index, len(word) > 1 and word in WORDS
    for last in range(index + 1, min(index + _PARTS, len(tokens))):
        start, following, part = tokens[last]
        if start - end > _GAP:
            break
        word, end = word + part, following
        if word not in _STARTS:
            break
        whole = whole and len(part) > 1 and part in WORDS
        if not whole and len(word) >= _SHORTEST and word in WORDS:
            best = last
    return best

"""Text written from right to left: a whole stretch of it, or word by word."""

from __future__ import annotations

import re
from collections.abc import Callable

from rune.scan.decode.language import SEQUENCES
from rune.scan.decode.piece import Piece
from rune.scan.decode.simple import finder, simple
from rune.scan.decode.tokens import undone

_WORDS_AS_WELL = (b" era ", b" ton ")
REVERSED = tuple(sequence[::-1] for sequence in SEQUENCES if sequence[::-1] not in _WORDS_AS_WELL)
"""What is searched for."""
_PLACES = finder(REVERSED)
_WORD = re.compile(rb"\S+")


def stretches(flat: bytes) -> list[Piece]:
    """Return the stretches that read as language from their end to their start."""
    return _pieces(flat, _reversed)


def words(flat: bytes) -> list[Piece]:
    """Return the stretches whose words read as language from their end to their start, in the order in which they stand."""
    return _pieces(flat, _each_reversed)


def _pieces(flat: bytes, stretch: Callable[[bytes], bytes]) -> list[Piece]:
    found = _PLACES(simple(flat))
    return undone(flat, found, _reversed, stretch) if found else []


def _reversed(text: bytes) -> bytes:
    return text[::-1]


def _each_reversed(text: bytes) -> bytes:
    return _WORD.sub(lambda word: word[0][::-1], text)

"""Words in the order from the last to the first: `instructions previous all ignore`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rune.scan.decode.language import TELLING
from rune.scan.decode.piece import Piece
from rune.scan.decode.simple import finder, simple, surroundings

_FIRST = "instructions instruction rules guidelines directives orders restrictions prompt message messages safety everything commands"
_SECOND = "previous prior above earlier all your the system my these those any safety new ignore forget disregard of preceding content"
_ALSO = (
    "all ignore|your ignore|your disregard|the ignore|any ignore|your forget|all forget|now are you|me tell|me to|your reveal|the reveal|"
    "your bypass"
)
_COMMON = tuple(f"{first} {second} ".encode() for first in _FIRST.split() for second in _SECOND.split() if first != second)
PAIRS = (*_COMMON, *(f"{pair} ".encode() for pair in _ALSO.split("|")))
"""Two words in an order that language hardly ever has, as they stand in the simplified text."""
_PLACES = finder(PAIRS, apart=100)
_TOKEN = re.compile(rb"\S+")
_REACH = 300
_EDGES = b".,;:!?()[]{}<>'\"`*_-"
_WORDS = frozenset(word.encode() for word in TELLING)
_LEAST = 2
"""Telling words that the surroundings must have; one alone stands before any word in honest text."""


def pieces(flat: bytes) -> list[Piece]:
    """Return the surroundings of such words with all words in the other order."""
    found = _PLACES(simple(flat) + b" ")
    return list(_pieces(flat, found))


def _pieces(flat: bytes, found: list[int]) -> Iterator[Piece]:
    for start, end in surroundings(found, len(flat), _REACH):
        tokens = list(_TOKEN.finditer(flat, start, end))
        if len({token[0].lower().strip(_EDGES) for token in tokens} & _WORDS) >= _LEAST:
            text = b" ".join(token[0] for token in reversed(tokens)).decode("latin-1")
            yield Piece(tokens[0].start(), tokens[-1].end(), text)

"""Finds where some of a text's characters stand, without looking at every character in Python."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from heapq import merge
from itertools import compress

_FEW = 24
"""Up to this many characters, one search for each is faster than one look at every place."""


def runs(text: str, characters: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield, in order, the half-open ranges of `text` that consist of nothing but `characters`, each as long as possible."""
    start = end = -1
    for position in _positions(text, characters):
        if position != end:
            if end > 0:
                yield start, end
            start = position
        end = position + 1
    if end > 0:
        yield start, end


def _positions(text: str, characters: Collection[str]) -> Iterable[int]:
    if len(characters) > _FEW:
        return compress(range(len(text)), map(characters.__contains__, text))
    return merge(*[_positions_of(text, character) for character in characters])


def _positions_of(text: str, character: str) -> Iterator[int]:
    position = text.find(character)
    while position >= 0:
        yield position
        position = text.find(character, position + 1)

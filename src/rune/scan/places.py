"""Finds where some of a text's characters stand, without looking at every character in Python."""

from __future__ import annotations

from collections.abc import Collection, Iterator
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


def _positions(text: str, characters: Collection[str]) -> list[int]:
    if len(characters) > _FEW:
        return list(compress(range(len(text)), map(characters.__contains__, text)))
    found: list[int] = []
    for character in characters:
        position = text.find(character)
        while position >= 0:
            found.append(position)
            position = text.find(character, position + 1)
    found.sort()
    return found

"""Disguises by the order of letters, words and lines."""

from __future__ import annotations

import random

from rune.redteam.mutators.mutator import Mutator


def backwards(text: str, _: random.Random) -> str:
    """Write the last letter first."""
    return text[::-1]


def words_backwards(text: str, _: random.Random) -> str:
    """Write every word with its last letter first; the words stay in order."""
    return " ".join(word[::-1] for word in text.split())


def words_in_reverse(text: str, _: random.Random) -> str:
    """Write the last word first."""
    return " ".join(text.split()[::-1])


def rail_fence(text: str, _: random.Random) -> str:
    """Write every second letter first, then the others."""
    return text[::2] + text[1::2]


def columns(text: str, _: random.Random) -> str:
    """Write the words downwards, one a column."""
    words = text.split()
    height = max(map(len, words), default=0)
    return "\n".join(" ".join(word[row] if row < len(word) else " " for word in words).rstrip() for row in range(height))


ORDER = (
    Mutator("text-backwards", backwards, nests=True),
    Mutator("words-backwards", words_backwards),
    Mutator("words-in-reverse", words_in_reverse),
    Mutator("rail-fence", rail_fence),
    Mutator("columns", columns),
)
"""Each changes the order in which the text stands."""

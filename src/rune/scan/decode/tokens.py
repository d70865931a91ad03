"""Decides word by word where a disguise begins and ends."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from rune.scan.decode.language import WORDS, likeness
from rune.scan.decode.piece import Piece
from rune.scan.decode.simple import surroundings

Undo = Callable[[bytes], bytes]
"""Takes one word, or several with what stands between them, and returns as many characters."""

_TOKEN = re.compile(rb"[^\s]+")
_EDGES = b".,;:!?()[]{}<>'\"`*_-"
_SHORTEST = 2


def undone(flat: bytes, found: Sequence[int], word: Undo, stretch: Undo) -> list[Piece]:
    """Return the stretches around the places found that read as language once undone, and better than as they stand.

    Args:
        flat: The text.
        found: Where a common sequence was seen in the undone text.
        word: Undoes the disguise of one word.
        stretch: Undoes the disguise of a whole stretch.
    """
    pieces: list[Piece] = []
    for start, end in surroundings(found, len(flat)):
        tokens = [match.span() for match in _TOKEN.finditer(flat, *_at_spaces(flat, start, end))]
        inside = found[bisect_left(found, start) : bisect_left(found, end)]
        pieces += _pieces(flat, tokens, inside, word, stretch)
    return pieces


def _at_spaces(flat: bytes, start: int, end: int) -> tuple[int, int]:
    """Move the borders to the next space inside, so that no word is cut."""
    low = flat.find(b" ", start, end) + 1 if start else 0
    high = flat.rfind(b" ", start, end) if end < len(flat) else end
    return (low or start, high if high > low else end)


def _pieces(flat: bytes, tokens: Sequence[tuple[int, int]], found: Sequence[int], word: Undo, stretch: Undo) -> Iterator[Piece]:
    votes = [_vote(flat[start:end], word) for start, end in tokens]
    last = -1
    place = 0
    for index, (_, end) in enumerate(tokens):
        while place < len(found) and found[place] < end:
            place += 1
            if index > last:
                first, last = _grown(votes, index, last)
                piece = _judged(flat, tokens[first][0], tokens[last][1], stretch)
                if piece is not None:
                    yield piece


def _vote(token: bytes, word: Undo) -> int:
    """Return 1 for a word only once undone, -1 for a word only as it stands, 0 for neither or both."""
    return _is_word(word(token)) - _is_word(token)


def _is_word(token: bytes) -> bool:
    bare = token.strip(_EDGES)
    return len(bare) >= _SHORTEST and bare.lower().decode("latin-1") in WORDS


def _grown(votes: Sequence[int], index: int, after: int) -> tuple[int, int]:
    first = last = index
    while first - 1 > after and not _ends(votes, first - 1, -1):
        first -= 1
    while last + 1 < len(votes) and not _ends(votes, last + 1, 1):
        last += 1
    return first, last


def _ends(votes: Sequence[int], index: int, step: int) -> bool:
    """A word that reads as it stands ends the stretch, unless the next one, as with a name that happens to be a word, does not."""
    if votes[index] >= 0:
        return False
    following = index + step
    return not 0 <= following < len(votes) or votes[following] <= 0


def _judged(flat: bytes, start: int, end: int, stretch: Undo) -> Piece | None:
    before = flat[start:end]
    after = stretch(before)
    return Piece(start, end, after.decode("latin-1")) if likeness(after) > max(likeness(before), -0.5) else None

"""Cuts letters without spaces into words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from rune.scan.decode.language import KEYWORDS, WORDS

_CANON = str.maketrans("l0123456789@$!|+", "ioizeasgtbgasiit")
_SHORT = 2
_COVERED = 0.7
_STRAY = -3
"""What a letter outside every word costs; a word gains the square of its length."""


def canonical(text: str) -> str:
    """Return lower-case text with leet signs as letters and `l` as `i`, for which the same signs stand."""
    return text.lower().translate(_CANON)


SPELLING = {canonical(word): word for word in (*sorted(WORDS), *KEYWORDS)}
"""Canonical form → word."""
_COMMON = frozenset({"a", "i", *(canonical(word) for word in WORDS if len(word) >= _SHORT)})
_ALONE = (1,)
_SIZES = {
    ending: tuple(sorted({1, *(len(word) for word in group)}))
    for ending, group in groupby(
        sorted((word for word in _COMMON if len(word) >= _SHORT), key=itemgetter(slice(-2, None))), itemgetter(slice(-2, None))
    )
}
"""The last two letters of words → the lengths of the words that end so, shortest first."""


def segmented(text: str) -> str:
    """Return the words that `text`, without its spaces, is made of; empty when too little of it is words."""
    letters = canonical(text)
    parts = list(_parts(_last_words(letters)))
    known = sum(end - start for start, end, is_word in parts if is_word)
    if known < _COVERED * len(letters):
        return ""
    return " ".join(SPELLING.get(letters[start:end], letters[start:end]) if is_word else text[start:end] for start, end, is_word in parts)


def _last_words(letters: str) -> list[int]:
    """Return, for every end, the length of the word that ends there when the letters up to it are cut best; 0 for a stray letter."""
    scores, sizes = [0], [0]
    for end in range(1, len(letters) + 1):
        score, length = scores[-1] + _STRAY, 0
        for size in _SIZES.get(letters[max(end - 2, 0) : end], _ALONE):
            if size <= end and scores[end - size] + size * size > score and letters[end - size : end] in _COMMON:
                score, length = scores[end - size] + size * size, size
        scores.append(score)
        sizes.append(length)
    return sizes


def _parts(sizes: list[int]) -> Iterator[tuple[int, int, bool]]:
    """Yield the words and, joined, the stray letters between them."""
    end, cuts = len(sizes) - 1, []
    while end:
        size = sizes[end]
        cuts.append((end - (size or 1), end, size > 0))
        end -= size or 1
    for is_word, group in groupby(reversed(cuts), key=itemgetter(2)):
        found = list(group)
        yield from found if is_word else [(found[0][0], found[-1][1], False)]

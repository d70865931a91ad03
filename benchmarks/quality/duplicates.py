"""Near-duplicates: texts that share a fifth of their word 8-shingles, found with an inverted index.

Half of the public attack rows are copies of each other, inside a source and across sources, so a split by source alone tests on what was
trained on. At a fifth of shared shingles a payload of two sentences is the same payload in whatever carrier it stands; where a row names
its payload, that is compared as a text of its own. Source of the cut: own measurement, at higher cuts templates of jailbreaks survive
with other names filled in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

WORDS = 8
SHARE = 0.2
"""Share of the smaller text's shingles from which on two texts are the same."""
_POSTINGS = 64
"""A shingle that more texts than this have is boilerplate: it is counted for the first of them only."""

T = TypeVar("T")
_ids: dict[str, int] = {}


@lru_cache(maxsize=200_000)
def shingles(text: str) -> frozenset[int]:
    """Return the hashes of every eight consecutive words; a shorter text is one shingle."""
    words = [_ids.setdefault(word, len(_ids)) for word in text.lower().split()]
    if len(words) <= WORDS:
        return frozenset({hash(tuple(words))}) if words else frozenset()
    return frozenset(map(hash, zip(*(words[start:] for start in range(WORDS)), strict=False)))


def groups(texts: Sequence[str]) -> list[int]:
    """Return, a text, the position of the first text that it is a near-duplicate of; its own position when it is new.

    Each text is compared with the texts that were new before it, so no chain of small changes joins what has nothing in common.
    """
    index = _Index()
    leaders: list[int] = []
    for position, text in enumerate(texts):
        found = index.like(shingles(text))
        if found is None:
            index.add(position, shingles(text))
        leaders.append(position if found is None else found)
    return leaders


def without_duplicates(train: Iterable[T], test: Iterable[T], parts: Callable[[T], Sequence[str]]) -> list[T]:
    """Return what of `train` is no near-duplicate of anything in `test`.

    Args:
        train: what would be learned from.
        test: what is measured on.
        parts: the texts of an item that are compared one by one: the whole, and the payload inside it where it is known.
    """
    index = _Index()
    for position, item in enumerate(test):
        for number, part in enumerate(parts(item)):
            index.add(position * 4 + number, shingles(part))
    return [item for item in train if all(index.like(shingles(part)) is None for part in parts(item))]


class _Index:
    """Texts by their shingles."""

    def __init__(self) -> None:
        self._having: defaultdict[int, list[int]] = defaultdict(list)
        self._sizes: dict[int, int] = {}

    def add(self, key: int, found: frozenset[int]) -> None:
        self._sizes[key] = len(found)
        for shingle in found:
            having = self._having[shingle]
            if len(having) < _POSTINGS:
                having.append(key)

    def like(self, found: frozenset[int]) -> int | None:
        """Return the text that shares most with these shingles, if it shares enough."""
        shared: Counter[int] = Counter()
        for shingle in found & self._having.keys():
            shared.update(self._having[shingle])
        size = len(found)
        for key, count in shared.most_common():
            if count >= SHARE * min(size, self._sizes[key]):
                return key
        return None

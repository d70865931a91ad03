"""Words that a reader understands although letters are doubled, swapped, stirred, or drawn with others: `igonre`, `rnodel`."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from rune.scan.decode.language import KEYWORDS, WORDS
from rune.scan.decode.piece import Piece
from rune.scan.decode.simple import finder, simple, surroundings

_DRAWN = (("m", "rn"), ("d", "cl"), ("w", "vv"))
_WORD = re.compile(rb"[A-Za-z]{4,40}")
_REPEATED = re.compile(r"(.)\1+")
_SHORTEST = 4


def _variants(word: str) -> Iterator[str]:
    for place in range(1, len(word) - 2):
        swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        if swapped != word:
            yield swapped
    for place, letter in enumerate(word):
        yield word[:place] + letter + word[place:]
    for letter, drawn in _DRAWN:
        if letter in word:
            yield word.replace(letter, drawn)


VARIANTS = tuple(dict.fromkeys(variant.encode() for word in KEYWORDS[:110] for variant in _variants(word) if word not in variant)) + tuple(
    letter.encode() * 3 for letter in "aeiounrstlpdm"
)
"""Telling words with one such change, and letters three times, as they stand in the simplified text."""
_PLACES = finder(VARIANTS, apart=100)


def pieces(flat: bytes) -> list[Piece]:
    """Return the words near such a change that only then are words."""
    found = _PLACES(simple(flat))
    return [piece for start, end in surroundings(found, len(flat)) for piece in _words(flat, start, end)]


def _words(flat: bytes, start: int, end: int) -> Iterator[Piece]:
    for token in _WORD.finditer(flat, start, end):
        text = token[0].decode("latin-1").lower()
        plain = "" if text in WORDS else _plain(text)
        if plain:
            yield Piece(token.start(), token.end(), plain)


def _plain(text: str) -> str:
    single, stirred = _tables()
    for letter, drawn in _DRAWN:
        if drawn in text and (text.replace(drawn, letter) in WORDS):
            return text.replace(drawn, letter)
    return single.get(_REPEATED.sub(r"\1", text)) or stirred.get(_key(text)) or ""


def _key(word: str) -> str:
    return word[0] + "".join(sorted(word[1:-1])) + word[-1]


@functools.cache
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """Return the words by their letters without repetition, and by their letters in order between the first and the last."""
    words = [word for word in (*sorted(WORDS), *reversed(KEYWORDS)) if len(word) >= _SHORTEST]
    return {_REPEATED.sub(r"\1", word): word for word in words}, {_key(word): word for word in words}

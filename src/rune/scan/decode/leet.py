"""Digits and signs in place of letters: `1gn0r3 4ll pr3v10us`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rune.scan.decode.language import KEYWORDS
from rune.scan.decode.piece import Piece
from rune.scan.decode.segments import SPELLING, canonical
from rune.scan.decode.simple import LEET, finder, simple, surroundings

_LETTERS = "".join(sorted({*LEET.values(), "l"}))
_SIGN_OF = {letter: (LEET["1"] if letter == "l" else letter).upper() for letter in _LETTERS}
_TOKEN = re.compile(rb"[A-Za-z0-9@$!|+]*(?:[A-Za-z][0-9@$!|+]|[0-9@$!|+][A-Za-z])[A-Za-z0-9@$!|+]*|(?<![^\s])[0-9@$!|+]{2,4}(?!\S)")
_ENDING = "!|"
_DIGITS_ONLY = frozenset({"to", "is", "it", "at", "as", "so", "all", "see", "tell", "list", "sell", "test"})


def _disguised(word: str) -> Iterator[bytes]:
    """Yield patterns for a keyword with at least the letter at one place as a sign."""
    for place, letter in enumerate(word):
        if letter in _SIGN_OF:
            before, after = "".join(map(_either, word[:place])), "".join(map(_either, word[place + 1 :]))
            yield f"{before}{_SIGN_OF[letter]}{after}".encode()


def _either(letter: str) -> str:
    return f"[{letter}{_SIGN_OF[letter]}]" if letter in _SIGN_OF else letter


DISGUISED = tuple(pattern for word in KEYWORDS[:140] for pattern in _disguised(word))
"""Keywords with signs in them, as patterns over the simplified text."""
_PLACES = finder(DISGUISED, apart=100)


def pieces(flat: bytes) -> list[Piece]:
    """Return every word with signs for letters, near a keyword that was disguised so."""
    found = _PLACES(simple(flat))
    return [piece for start, end in surroundings(found, len(flat)) for piece in _words(flat, start, end)]


def _words(flat: bytes, start: int, end: int) -> Iterator[Piece]:
    for token in _TOKEN.finditer(flat, start, end):
        text = _plain(token[0].decode("latin-1"))
        if text:
            yield Piece(token.start(), token.end(), text)


def _plain(token: str) -> str:
    bare = token.rstrip(_ENDING)
    for form in (token, bare):
        word = SPELLING.get(canonical(form))
        if word is not None and (any(map(str.isalpha, form)) or word in _DIGITS_ONLY):
            return word + token[len(form) :]
    return "".join(LEET.get(sign, sign) for sign in bare) + token[len(bare) :] if any(map(str.isalpha, bare)) else ""

"""Pig Latin: `ignoreway allway eviouspray instructionsway`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rune.scan.decode.language import WORDS
from rune.scan.decode.piece import Piece

# Bounded, because `re` keeps a record of every repetition of a group.
_RUN = re.compile(rb"(?:\b[A-Za-z]{1,20}ay\b[^A-Za-z0-9]{1,3}){2,4096}[A-Za-z]{1,20}ay\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+")
_MOST_MOVED = 4
_LEAST = 0.4


def pieces(flat: bytes) -> list[Piece]:
    """Return the rows of such words, as what they were made from."""
    return list(_pieces(flat))


def _pieces(flat: bytes) -> Iterator[Piece]:
    for run in _RUN.finditer(flat):
        text = _WORD.sub(lambda word: _plain(word[0]), run[0].decode("latin-1"))
        words = _WORD.findall(text.lower())
        if sum(word in WORDS for word in words) >= _LEAST * len(words):
            yield Piece(run.start(), run.end(), text)


def _plain(word: str) -> str:
    """Move the letters before `ay` back; how many were moved is known only by which form is a word."""
    stem = word[:-2]
    forms = [stem[-moved:] + stem[:-moved] for moved in range(1, min(_MOST_MOVED, len(stem) - 1) + 1)]
    if stem[-1:].lower() in ("w", "y", "h"):
        forms.insert(0, stem[:-1])
    return next((form for form in forms if form.lower() in WORDS), forms[0] if forms else word)

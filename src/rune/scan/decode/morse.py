"""Morse code (ITU-R M.1677), its letters apart by spaces and its words by wider gaps, slashes or bars; dashes may be `-` or `_`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rune.scan.decode.piece import Piece
from rune.scan.decode.segments import segmented

_LETTERS = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. "
    "----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----. .-.-.- --..-- ..--.. -....- -..-. ---... .-..-. .--.-. -.-.-- .----."
)
_MORSE = dict(zip(_LETTERS.split(), "abcdefghijklmnopqrstuvwxyz0123456789.,?-/:\"@!'", strict=True))
# Bounded, because `re` keeps a record of every repetition of a group.
_RUN = re.compile(
    rb"(?<![^\s\"'`(\[:])(?:[._?\xb7-]{1,6}(?:[ \t]{1,8}(?:[/|][ \t]{0,4})?|[/|]{1,2}[ \t]?|\r?\n)){5,4096}"
    rb"[._?\xb7-]{1,6}(?![^\s\"'`)\],;/|])"
)
SHAPES = (rb"[.-][ /|][._-]{1,6}[ /|]{1,3}[._-]{1,6}[ /|]{1,3}[._-]{1,6}[ /|]", rb"\?[ -]{0,2}\?[ -]")
"""A few letters in a row; or two round dots, which stand as `?` where each character is one byte."""
_WORD_GAP = re.compile(r"\s*[/|]+\s*|\s{2,}|\n")
_DASHES = str.maketrans("_\u00b7?", "-..")
_KNOWN = 0.9
_DIFFERENT = 4


def pieces(flat: bytes) -> list[Piece]:
    """Return the runs of dots and dashes that spell text."""
    return list(_pieces(flat))


def _pieces(flat: bytes) -> Iterator[Piece]:
    for run in _RUN.finditer(flat):
        text = _text(run[0].decode("latin-1").translate(_DASHES))
        if text:
            yield Piece(run.start(), run.end(), text)


def _text(run: str) -> str:
    words = [word.split() for word in _WORD_GAP.split(run)]
    letters = [letter for word in words for letter in word]
    known = sum(letter in _MORSE for letter in letters)
    if known < _KNOWN * len(letters) or len(set(letters)) < _DIFFERENT:
        return ""
    spelled = ["".join(_MORSE.get(letter, "?") for letter in word) for word in words]
    if len(spelled) == 1:
        return segmented(spelled[0]) or spelled[0]
    apart = all(len(word) == 1 for word in spelled)
    return segmented("".join(spelled)) or "".join(spelled) if apart else " ".join(spelled)

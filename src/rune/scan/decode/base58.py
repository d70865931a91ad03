"""Texts written as one large number: Base58 (Bitcoin), Base62 and Base36."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rune.scan.decode.piece import Piece
from rune.scan.decode.readable import PACKED, readable
from rune.scan.decode.runs import alphabet, runs

_DIGITS = "0123456789"
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALPHABETS = (
    "".join(letter for letter in _DIGITS + _UPPER + _UPPER.lower() if letter not in "0OIl"),
    _DIGITS + _UPPER + _UPPER.lower(),
    _DIGITS + _UPPER.lower() + _UPPER,
    _DIGITS + _UPPER.lower(),
)
_LONGEST = 1_024
"""Digits of the longest number that is read, because a longer one takes more than linear time."""
_SHORTEST = 22
_TABLE = alphabet((_DIGITS + _UPPER + _UPPER.lower()).encode())
_BLOCK = 64
_PLACES = {letters: {letter: place for place, letter in enumerate(letters)} for letters in _ALPHABETS}
_HEAD = 9
_TEXTUAL = bytes((*range(0x20, 0x7F), 9, 10, 13))


def pieces(flat: bytes) -> list[Piece]:
    """Return the runs of letters and digits that are the number of a readable text."""
    return list(_pieces(flat))


def _pieces(flat: bytes) -> Iterator[Piece]:
    for start, end in runs(flat, _TABLE, _SHORTEST):
        text = _text(flat[start:end].decode("ascii")) if end - start <= _LONGEST else ""
        if text:
            yield Piece(start, end, text)


def _text(run: str) -> str:
    if run.isalpha() or run.isdigit():
        return ""
    for alphabet_, form in (*((letters, run) for letters in _ALPHABETS), (_ALPHABETS[-1], run.lower())):
        if _plausible(form, alphabet_):
            text = readable(_bytes(form, alphabet_))
            if text and text.isascii():
                return text
    return ""


def _plausible(run: str, alphabet: str) -> bool:
    """Return whether the first digits alone say that the first bytes are text, or packed data."""
    places = _PLACES[alphabet]
    head = 0
    for digit in run[:_HEAD]:
        place = places.get(digit)
        if place is None:
            return False
        head = head * len(alphabet) + place
    if not head:
        return False
    bits = math.log2(head) + (len(run) - _HEAD) * math.log2(len(alphabet))
    first = int(2 ** (bits - 8 * (int(bits) // 8 - 4))).to_bytes(5, "big")
    return places.keys() >= set(run) and (first[0] in PACKED or not first[:4].translate(None, _TEXTUAL))


def _bytes(run: str, alphabet: str) -> bytes:
    """Read the number in blocks, so that the factors stay small for as long as possible."""
    value, base = 0, len(alphabet)
    digits = list(map(_PLACES[alphabet].__getitem__, run))
    for start in range(0, len(digits), _BLOCK):
        block = 0
        for digit in digits[start : start + _BLOCK]:
            block = block * base + digit
        value = value * base ** len(digits[start : start + _BLOCK]) + block
    return value.to_bytes((value.bit_length() + 7) // 8, "big")

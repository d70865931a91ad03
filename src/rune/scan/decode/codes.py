"""Character codes as numbers: decimal, octal, binary and prefixed hexadecimal, and 1-26 for the letters of the alphabet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from rune.scan.decode.language import WORDS, likeness
from rune.scan.decode.piece import Piece
from rune.scan.decode.readable import readable

_NUMBER = rb"(?:0[xX][0-9A-Fa-f]{1,4}|\\?0[bB][01]{6,9}|0[oO][0-7]{2,3}|[01]{7,8}|[0-9]{1,3})"
# Bounded, because `re` keeps a record of every repetition of a group.
_RUN = re.compile(
    rb"(?<![A-Za-z0-9.])(?:%b[ ,;:|/_\t\r\n+-]{1,4}){5,4096}%b(?![A-Za-z0-9])" % (_NUMBER, _NUMBER) + rb"|(?<![0-9])[01]{56,32768}(?![0-9])"
)
_GAPS = rb"[ ,;:|/_\t\r\n+-]{1,3}"
SHAPES = (
    rb"(?:[0-9]{1,3}%b){5}[0-9]" % _GAPS,
    rb"0[xXbBoO][0-9A-Fa-f]{1,9}%b\x5c?0[xXbBoO]" % _GAPS,
    rb"[01]{8}%b[01]{8}" % _GAPS,
    rb"[01]{40}",
)
"""Numbers in a row."""
_TOKEN = re.compile(rb"[0-9A-Za-z]+")
_BITS = re.compile(rb"[01]+")
_GAP = re.compile(rb"[0-9A-Za-z]+([^0-9A-Za-z]*)")
_OCTAL_DIGITS = (2, 3)
_LEAST = 0.85
_LETTERS = 26
_SQUARE = "abcdefghiklmnopqrstuvwxyz"
_WORDLIKE = 0.3


def pieces(flat: bytes) -> list[Piece]:
    """Return the rows of numbers that are the codes of text."""
    return list(_pieces(flat))


def _pieces(flat: bytes) -> Iterator[Piece]:
    for run in _RUN.finditer(flat):
        text = _text(run[0])
        if text:
            yield Piece(run.start(), run.end(), text)


def _text(run: bytes) -> str:
    if _BITS.fullmatch(run):
        return _printable([int(run[place : place + 8], 2) for place in range(0, len(run) - 7, 8)])
    tokens = _TOKEN.findall(run)
    readings: tuple[Callable[[list[bytes]], list[int]], ...] = (_binary, _octal, _plain)
    texts = [text for reading in readings if (text := _printable(reading(tokens)))]
    return max(texts, key=_wordlike, default="") or _alphabet(run, tokens)


def _wordlike(text: str) -> tuple[int, float]:
    return sum(word in WORDS for word in text.lower().split()), likeness(text.encode())


def _binary(tokens: list[bytes]) -> list[int]:
    bits = all(7 <= len(token) <= 8 and _BITS.fullmatch(token) for token in tokens)
    return [int(token, 2) for token in tokens] if bits else []


def _octal(tokens: list[bytes]) -> list[int]:
    """Read two or three octal digits a character; most letters have three."""
    digits = all(len(token) in _OCTAL_DIGITS and not token.translate(None, b"01234567") for token in tokens)
    return [int(token, 8) for token in tokens] if digits and sum(map(len, tokens)) > 2.5 * len(tokens) else []


def _plain(tokens: list[bytes]) -> list[int]:
    return [_number(token) for token in tokens]


def _number(token: bytes) -> int:
    """Read a number with or without prefix; leading zeros are no octal here."""
    try:
        return int(token, 10 if token.isdigit() else 0)
    except ValueError:
        return 0


def _printable(codes: list[int]) -> str:
    """Return the characters; empty unless nearly all are letters, digits or spaces, or they are the bytes of UTF-8."""
    if any(code > 0x7F for code in codes) and max(codes) <= 0xFF:
        text = readable(bytes(codes))
        if text and not text.isascii():
            return text
    text = "".join([chr(code) if 0x20 <= code < 0x7F or code in (9, 10, 13) or code > 0xA0 else "\0" for code in codes])
    usual = sum(character.isalnum() or character in " \n+/=.,!?'-" for character in text)
    return text if text and "\0" not in text and usual >= _LEAST * len(text) else ""


def _alphabet(run: bytes, tokens: list[bytes]) -> str:
    """Read 1-26, or rows and columns of the square of Polybius, as letters; a gap that is not the usual one stands between words."""
    codes = _plain(tokens)
    square = all(len(token) == 2 and not token.translate(None, b"12345") for token in tokens)
    if not square and not all(0 <= code <= _LETTERS for code in codes):
        return ""
    gaps = _GAP.findall(run)
    usual = Counter(gaps[:-1]).most_common(1)[0][0]
    letters = [_SQUARE[code // 10 * 5 + code % 10 - 6] if square else chr(96 + code) if code else " " for code in codes]
    text = "".join(letter + ("" if gap in (usual, b"") else " ") for letter, gap in zip(letters, gaps, strict=True))
    return text if likeness(text.encode()) > _WORDLIKE else ""

"""Base32 (RFC 4648) and its variant with the digits first, in either case, padded or not."""

from __future__ import annotations

from collections.abc import Iterator

from rune.scan.decode.piece import Piece
from rune.scan.decode.readable import readable
from rune.scan.decode.runs import alphabet, runs

_ALPHABET = alphabet(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_STANDARD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_EXTENDED = b"0123456789ABCDEFGHIJKLMNOPQRSTUV"
_TO_EXTENDED = bytes.maketrans(_STANDARD, _EXTENDED)
_TO_STANDARD = bytes.maketrans(_EXTENDED, _STANDARD)
_SHORTEST = 20
_BLOCK = 8
_NO_REST = (1, 3, 6)


def pieces(flat: bytes) -> list[Piece]:
    """Return the runs of the Base32 alphabet that decode to readable text."""
    return list(_pieces(flat))


def _pieces(flat: bytes) -> Iterator[Piece]:
    for start, end in runs(flat, _ALPHABET, _SHORTEST):
        run = flat[start:end]
        if run.isupper() or run.islower():
            text = _text(run.upper())
            if text:
                padding = flat[end : end + _BLOCK]
                yield Piece(start, end + len(padding) - len(padding.lstrip(b"=")), text)


def _text(run: bytes) -> str:
    """Decode in the alphabet that has all of the characters, the standard one or that of numbers (`base32hex`)."""
    text = "" if run.translate(None, _STANDARD) else readable(_bytes(run))
    return text or ("" if run.translate(None, _EXTENDED) else readable(_bytes(run.translate(_TO_STANDARD))))


def _bytes(run: bytes) -> bytes:
    """Decode; the characters behind the last whole byte are left out."""
    while len(run) % _BLOCK in _NO_REST:
        run = run[:-1]
    bits = len(run) * 5
    return (int(run.translate(_TO_EXTENDED), 32) >> bits % 8).to_bytes(bits // 8, "big")

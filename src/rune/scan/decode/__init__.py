"""Undoes encodings: one file a decoding, each a function from text to the pieces it can read.

To add one, write `pieces(flat: bytes) -> list[Piece]` in a file of its own and add its line to `DECODINGS`. It gets the text as bytes, one
a character (`flatten`), so that byte offsets are character offsets. It must return at once when the text cannot hold its encoding, take
linear time, and return only what decodes to readable text, in order and without overlap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rune.scan.decode import base64, escapes, hexadecimal, html, percent
from rune.scan.decode.piece import Piece, spliced

__all__ = ["DECODINGS", "Decoding", "Piece", "decodable", "flatten", "spliced"]


@dataclass(frozen=True, slots=True)
class Decoding:
    """An encoding Rune undoes; the name stands in `View.chain` and `Finding.chain`."""

    name: str
    pieces: Callable[[bytes], list[Piece]]


DECODINGS: tuple[Decoding, ...] = (
    Decoding("percent", percent.pieces),
    Decoding("html", html.pieces),
    Decoding("escapes", escapes.pieces),
    Decoding("base64", base64.pieces),
    Decoding("hex", hexadecimal.pieces),
)
"""Every decoding, in the order they are tried."""


_PIECES = tuple(decoding.pieces for decoding in DECODINGS)


def flatten(text: str) -> bytes:
    """Return one byte a character; what has no Latin-1 byte becomes `?`, which no encoding here is written with."""
    return text.encode("latin-1", "replace")


def decodable(flat: bytes) -> bool:
    """Return whether some decoding finds something to decode, or fails; saves building the readings of a text that has but one."""
    try:
        for pieces in _PIECES:
            if pieces(flat):
                return True
    except Exception:  # noqa: BLE001 - reported when the readings are built
        return True
    return False

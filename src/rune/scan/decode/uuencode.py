"""Uuencode: lines between `begin 644 name` and `end`, each with its length as the first character."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from rune.scan.decode.piece import Piece
from rune.scan.decode.readable import readable

_BODY = re.compile(rb"begin(?:-base64)? [0-7]{3} [^\r\n]{1,200}\r?\n((?:[ -`]{1,90}\r?\n){1,4096})")


def pieces(flat: bytes) -> list[Piece]:
    """Return the uuencoded files that hold readable text."""
    return list(_pieces(flat)) if b"begin" in flat else []


def _pieces(flat: bytes) -> Iterator[Piece]:
    for body in _BODY.finditer(flat):
        text = readable(b"".join(map(_line, body[1].splitlines())))
        if text:
            yield Piece(body.start(), body.end(), text)


def _line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        return b""

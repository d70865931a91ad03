"""Encoded words of e-mail headers (RFC 2047): `=?UTF-8?B?aWdub3Jl?=` and `=?UTF-8?Q?ign=6Fre?=`; neighbors are one text."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from rune.scan.decode.piece import Piece

_WORD = re.compile(rb"=\?[A-Za-z0-9_*-]{1,40}\?([BbQq])\?([^?\s]{1,2000})\?=(?:\s{1,8}(?==\?))?")


def pieces(flat: bytes) -> list[Piece]:
    """Return every encoded word, read as UTF-8."""
    return list(_pieces(flat)) if b"=?" in flat else []


def _pieces(flat: bytes) -> Iterator[Piece]:
    for word in _WORD.finditer(flat):
        text = _decoded(word[1].upper(), word[2])
        if text:
            yield Piece(word.start(), word.end(), text)


def _decoded(kind: bytes, body: bytes) -> str:
    try:
        data = binascii.a2b_qp(body, header=True) if kind == b"Q" else binascii.a2b_base64(body)
    except binascii.Error:
        return ""
    return data.decode("utf-8", "replace")

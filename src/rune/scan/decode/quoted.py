"""Quoted-printable (RFC 2045), as in e-mails: `=69`, and lines that end in `=` and go on below."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rune.scan.decode.piece import Piece

# Bounded, because `re` keeps a record of every repetition of a group.
_ESCAPED = re.compile(rb"(?:=[0-9A-F]{2}){1,4096}|=\r?\n(?=[A-Za-z])")

SHAPES = (rb"=[0-9A-F]{2}=[0-9A-F]{2}", rb"[A-Za-z ]=[2-7][0-9A-F][A-Za-z ]", rb"[A-Za-z]=\r?\n[A-Za-z]")
"""Encoded characters in words or in a row, and soft line breaks."""


def pieces(flat: bytes) -> list[Piece]:
    """Return every run of encoded bytes, read as UTF-8; a soft line break joins the letters around it."""
    return list(_pieces(flat)) if b"=" in flat else []


def _pieces(flat: bytes) -> Iterator[Piece]:
    for run in _ESCAPED.finditer(flat):
        if run[0][-1:] != b"\n":
            text = bytes.fromhex(run[0].replace(b"=", b"").decode("ascii")).decode("utf-8", "replace")
            yield Piece(run.start(), run.end(), text)
        elif flat[max(run.start() - 1, 0) : run.start()].isalpha():
            yield Piece(run.start() - 1, run.end(), flat[run.start() - 1 : run.start()].decode("latin-1"))

"""Percent-encoding (RFC 3986), as in links and form fields."""

from __future__ import annotations

import re

from rune.scan.decode.piece import Piece

_ESCAPED = re.compile(rb"%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})*")


def pieces(flat: bytes) -> list[Piece]:
    """Return every run of percent-encoded bytes, read as UTF-8."""
    if b"%" not in flat:
        return []
    return [Piece(run.start(), run.end(), _decoded(run[0])) for run in _ESCAPED.finditer(flat)]


def _decoded(run: bytes) -> str:
    return bytes.fromhex(run.replace(b"%", b"").decode("ascii")).decode("utf-8", "replace")

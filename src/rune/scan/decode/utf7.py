"""UTF-7 (RFC 2152): runs such as `+AGkAZw-`, which old mail software still reads."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from rune.scan.decode.piece import Piece

_RUN = re.compile(rb"\+([A-Za-z0-9+/]{3,})-?")
_LEAST = 0.9


def pieces(flat: bytes) -> list[Piece]:
    """Return the runs that are UTF-16 in Base64 for printable ASCII."""
    return list(_pieces(flat)) if b"+" in flat else []


def _pieces(flat: bytes) -> Iterator[Piece]:
    for run in _RUN.finditer(flat):
        text = _decoded(run[1])
        if text:
            yield Piece(run.start(), run.end(), text)


def _decoded(run: bytes) -> str:
    run = run[:-1] if len(run) % 4 == 1 else run
    data = binascii.a2b_base64(run + b"=" * (-len(run) % 4))
    text = data[: len(data) // 2 * 2].decode("utf-16-be", "replace")
    return text if text.isascii() and sum(map(str.isprintable, text)) >= _LEAST * len(text) else ""

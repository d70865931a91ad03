"""HTML character references, named and numeric."""

from __future__ import annotations

import functools
import re
from html import unescape

from rune.scan.decode.piece import Piece

_REFERENCE = re.compile(rb"&(?:#[0-9]{1,20}|#[xX][0-9A-Fa-f]{1,20}|[A-Za-z][A-Za-z0-9]{1,31});?")


def pieces(flat: bytes) -> list[Piece]:
    """Return every character reference that HTML defines."""
    if b"&" not in flat:
        return []
    return [Piece(match.start(), match.end(), text) for match in _REFERENCE.finditer(flat) if (text := _decoded(match[0]))]


@functools.lru_cache(maxsize=4_096)
def _decoded(reference: bytes) -> str:
    """Return what a reference stands for; empty when HTML does not define it."""
    text = unescape(reference.decode("ascii"))
    return "" if text.encode("utf-8") == reference else text

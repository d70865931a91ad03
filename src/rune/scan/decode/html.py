"""HTML character references, named and numeric."""

from __future__ import annotations

import re
from html import unescape

from rune.scan.decode.piece import Piece

_REFERENCE = re.compile(rb"&(?:#[0-9]{1,20}|#[xX][0-9A-Fa-f]{1,20}|[A-Za-z][A-Za-z0-9]{1,31});?")


def pieces(flat: bytes) -> list[Piece]:
    """Return every character reference that HTML defines."""
    if b"&" not in flat:
        return []
    found = ((match, match[0].decode("ascii")) for match in _REFERENCE.finditer(flat))
    return [Piece(match.start(), match.end(), text) for match, reference in found if (text := unescape(reference)) != reference]

"""Labels of internationalized domain names (RFC 3492): `xn--...`, which a browser shows as the letters they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rune.scan.decode.piece import Piece

_LABEL = re.compile(rb"xn--([a-z0-9-]{1,59})(?![a-z0-9-])", re.IGNORECASE)


def pieces(flat: bytes) -> list[Piece]:
    """Return every such label as the text it stands for."""
    return list(_pieces(flat)) if b"--" in flat else []


def _pieces(flat: bytes) -> Iterator[Piece]:
    for label in _LABEL.finditer(flat):
        try:
            text = label[1].decode("punycode")
        except UnicodeError:
            continue
        if text:
            yield Piece(label.start(), label.end(), text)

r"""Backslash escapes: `\u0069`, `\u{69}`, `\U00000069`, `\x69`, `\151`, `\N{DIGIT ONE}`, `\000069`, and these escaped again."""

from __future__ import annotations

import re
import unicodedata

from rune.scan.decode.piece import Piece

# The first backslash stands alone, so that `re` can jump from one to the next. A single octal escape is more often a back reference.
_ESCAPED = re.compile(
    rb"\\\\{0,7}(?:u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}"
    rb"|0{2,4}[0-9A-Fa-f]{2}(?![0-9A-Fa-f]) ?|[01][0-7]{2}(?![0-9])|N\{[A-Z0-9 -]{1,80}\})"
)


def pieces(flat: bytes) -> list[Piece]:
    """Return every escaped character."""
    if b"\\" not in flat:
        return []
    return [Piece(match.start(), match.end(), _decoded(match[0])) for match in _ESCAPED.finditer(flat)]


def _decoded(escape: bytes) -> str:
    digits = escape.lstrip(b"\\")
    if digits[:1] == b"N":
        return _named(digits[2:-1].decode("ascii"))
    if digits[:2] == b"00":
        return chr(int(digits, 16))
    point = int(digits, 8) if digits[:1].isdigit() else int(digits[1:].strip(b"{}"), 16)
    return chr(point) if point <= 0x10FFFF else "\ufffd"


def _named(name: str) -> str:
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return "\ufffd"

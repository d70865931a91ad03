r"""Backslash escapes of JSON, JavaScript, Python and C: `\u0069`, `\u{69}`, `\U00000069`, `\x69`, `\151`, and these escaped again."""

from __future__ import annotations

import re

from rune.scan.decode.piece import Piece

# The first backslash stands alone, so that `re` can jump from one to the next. A single octal escape is more often a back reference.
_ESCAPED = re.compile(rb"\\\\{0,7}(?:u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|[01][0-7]{2}(?![0-9]))")


def pieces(flat: bytes) -> list[Piece]:
    """Return every escaped character."""
    if b"\\" not in flat:
        return []
    return [Piece(match.start(), match.end(), _decoded(match[0])) for match in _ESCAPED.finditer(flat)]


def _decoded(escape: bytes) -> str:
    digits = escape.lstrip(b"\\")
    point = int(digits, 8) if digits[:1].isdigit() else int(digits[1:].strip(b"{}"), 16)
    return chr(point) if point <= 0x10FFFF else "\ufffd"

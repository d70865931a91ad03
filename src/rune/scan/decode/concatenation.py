"""A string cut into literals that a program puts together: `"ig" + "nore"`, `'ig' . 'nore'`, adjacent literals of Python and C."""

from __future__ import annotations

import re

from rune.scan.decode.piece import Piece

_JOINT = re.compile(
    rb"(?<=[A-Za-z0-9 ])([\"'`])[ \t]{0,4}(?:\\?\r?\n[ \t]{0,16})?(?:[+.&~|]{1,2}[ \t\r\n]{0,8}|(?<=[ \t\n]))[rbuf]?\1(?=[A-Za-z0-9 ])"
)

SHAPES = (
    rb"[A-Za-z0-9 ][\x22\x27`][ \t]{0,4}(?:[+.&~|]{1,2}[ \t\r\n]{0,8}|\\?\r?\n[ \t+.&~]{0,16})[rbuf]?[\x22\x27`][A-Za-z0-9 ]",
    rb"[A-Za-z0-9 ][\x22\x27`][ \t][\x22\x27`][A-Za-z0-9 ]",
)
"""What a joint looks like."""


def pieces(flat: bytes) -> list[Piece]:
    """Return the words on both sides of every joint, as one."""
    if b'"' not in flat and b"'" not in flat and b"`" not in flat:
        return []
    return [
        Piece(match.start() - 1, match.end(), flat[match.start() - 1 : match.start()].decode("latin-1")) for match in _JOINT.finditer(flat)
    ]

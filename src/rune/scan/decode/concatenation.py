"""A string cut into literals that a program puts together: `"ig" + "nore"`, `'ig' . 'nore'`, adjacent literals of Python and C."""

from __future__ import annotations

import re

from rune.scan.decode.piece import Piece, merged

_JOINT = re.compile(
    rb"(?<=[A-Za-z0-9 ])([\"'`])[ \t]{0,4}(?:\\?\r?\n[ \t]{0,16})?"
    rb"(?:[+.&~|]{1,2}[ \t\r\n]{0,8}|(?<=[ \t\n]))[rbuf]?\1(?=[A-Za-z0-9 ])"
)

_ELEMENTS = re.compile(rb"(?<=[A-Za-z0-9 ])([\"'`])[ \t]{0,4},[ \t\r\n]{0,16}\1(?=[A-Za-z0-9 ])")
_ASSIGNED = re.compile(
    rb"(?<=[A-Za-z0-9 ])([\"'`]);?\r?\n[ \t]{0,16}(?:(?:var|let|const|set|my)[ ])?"
    rb"\$?[A-Za-z_][A-Za-z0-9_]{0,30}[ ]{0,2}[+.:]?=[ ]{0,2}\1(?=[A-Za-z0-9 ])"
)
SHAPES = (
    rb"(?:join|concat)[^\n]{0,8}\x5b?[\x22\x27`]",
    rb"[\x22\x27`];?\r?\n[ \t]{0,16}[A-Za-z0-9_$ ]{1,32}[ ]{0,2}[+.:]?=[ ]{0,2}[\x22\x27`]",
    rb"[A-Za-z0-9 ][\x22\x27`][ \t]{0,4}(?:[+.&~|]{1,2}[ \t\r\n]{0,8}|\\?\r?\n[ \t+.&~]{0,16})[rbuf]?[\x22\x27`][A-Za-z0-9 ]",
    rb"[A-Za-z0-9 ][\x22\x27`][ \t][\x22\x27`][A-Za-z0-9 ]",
)
"""What a joint looks like."""
GATES = (rb"[\x22\x27`](?:;?\r?\n|[ \t+.&~|,\\\]])", rb"(?:join|concat)[^\n]{0,8}\x5b?[\x22\x27`]")


def pieces(flat: bytes) -> list[Piece]:
    """Return the words on both sides of every joint, as one."""
    if b'"' not in flat and b"'" not in flat and b"`" not in flat:
        return []
    found: list[Piece] = []
    for joints in (_JOINT, _ASSIGNED, _ELEMENTS) if b"join" in flat or b"concat" in flat else (_JOINT, _ASSIGNED):
        found = merged(found, [_joint(flat, *match.span()) for match in joints.finditer(flat)])
    return found


def _joint(flat: bytes, start: int, end: int) -> Piece:
    return Piece(start - 1, end, flat[start - 1 : start].decode("latin-1"))

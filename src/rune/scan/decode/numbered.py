"""Characters by number or name in code and standards: `chr(105)+chr(103)`, `U+0069 U+0067`, and the lines of a hex dump."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rune.scan.decode.piece import Piece, merged
from rune.scan.decode.readable import readable

# Bounded, because `re` keeps a record of every repetition of a group.
_CALLS = re.compile(
    rb"(?:(?:chr|char|unichr|\[char\]|fromcharcode|fromcodepoint)\s?\(?\s?(?:0x)?[0-9A-Fa-f]{1,5}\s?\)?"
    rb"[ \t\r\n]{0,4}[+.,&|]{0,2}[ \t\r\n]{0,4}(?:string\.)?){3,4096}",
    re.IGNORECASE,
)
_POINTS = re.compile(rb"(?:\b[Uu]\+[0-9A-Fa-f]{4,6}[ ,;\t\r\n]{0,4}){3,4096}")
_NUMBER = re.compile(rb"(?:chr|char|char\]|code|point)\s?\(?\s?(0x[0-9A-Fa-f]{1,5}|[0-9]{1,6})", re.IGNORECASE)
_POINT = re.compile(rb"\+([0-9A-Fa-f]{4,6})")
_DUMP = re.compile(
    rb"(?:(?:^|(?<=\n))(?:0x)?[0-9A-Fa-f]{4,8}:?[ \t]{1,3}"
    rb"(?:[0-9A-Fa-f]{2,4}[ \t|]{1,3}){1,16}[^\r\n]{0,40}(?:\r?\n|\Z)){1,4096}"
)
_LINE = re.compile(rb"(?:0x)?[0-9A-Fa-f]{4,8}:?[ \t]{1,3}((?:[0-9A-Fa-f]{2,4} ){0,15}[0-9A-Fa-f]{2,4})")
_LAST = 0x10FFFF
SHAPES = (
    rb"(?i)(?:chr|char|code|point)\]?[ (][ (]?(?:0x)?[0-9]",
    rb"[Uu]\+[0-9A-Fa-f]{4}",
)
"""A call, a code point."""
ROWS = (rb"[0-9A-Fa-f]{3}0:? [ ]?[0-9A-Fa-f]{2,4} [0-9A-Fa-f]{2}",)
"""The head of a line of a dump."""


def pieces(flat: bytes) -> list[Piece]:
    """Return the rows of calls and code points, and the dumps of readable text."""
    return merged([*_rows(flat)], [*_dumps(flat)])


def _rows(flat: bytes) -> Iterator[Piece]:
    for rows, number, base in ((_CALLS, _NUMBER, 0), (_POINTS, _POINT, 16)):
        for run in rows.finditer(flat):
            codes = [int(digits, 10 if digits.isdigit() and not base else 16) for digits in number.findall(run[0])]
            text = "".join([chr(code) if code <= _LAST else "\ufffd" for code in codes])
            if text:
                yield Piece(run.start(), run.end(), text)


def _dumps(flat: bytes) -> Iterator[Piece]:
    for dump in _DUMP.finditer(flat):
        lines = b"".join(line for found in dump[0].splitlines() for line in _LINE.findall(found))
        digits = lines.replace(b" ", b"").decode("ascii")
        text = readable(bytes.fromhex(digits[: len(digits) // 2 * 2]))
        if text:
            yield Piece(dump.start(), dump.end(), text)

"""Marks between letters and words that a reader of the page does not see: tags, comments, emphasis."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rune.scan.decode.language import TELLING
from rune.scan.decode.piece import Piece

# It begins with one of a few characters, so that `re` can jump from one to the next; what comes before them is looked back at.
_MARK = re.compile(
    rb"[<\[{}\]\\/*_~=`\x22'](?:(?<=<)(?:!--[^<>]{0,200}-->|/?[A-Za-z][^<>\n]{0,200}>)|(?<=/)\*[^*/]{0,200}\*/"
    rb"|(?<=\[)/?[a-z]{1,8}(?:=[^\]\n]{0,100})?\]|(?<=\{)(?:\{![^{}\n]{0,100}\}\}|([*#%])[^{}\n]{0,100}\1\})"
    rb"|(?<=\\)[a-z]{2,12}\{|(?<=[{}])(?=[A-Za-z])|(?<=[A-Za-z][{}])|(?<=\[)(?=[A-Za-z]{1,40}\]\()|(?<=\])\([^()\s]{0,200}\)"
    rb"|(?:(?<=\*)\*{0,2}|(?<=~)~|(?<==)=|(?<=`)`?)(?=[A-Za-z0-9])"
    rb"|(?<=[A-Za-z0-9]\*)\*{0,2}|(?<=[A-Za-z0-9]_)_{1,2}|(?<=[A-Za-z0-9]~)~|(?<=[A-Za-z0-9]=)=|(?<=[A-Za-z0-9]`)`?"
    rb"|(?:(?<=[A-Za-z]\x22)\x22|(?<=[A-Za-z]')')(?=[A-Za-z]))"
)

SHAPES = (
    rb"</?(?:b|i|u|s|a|p|em|br|wbr|code|div|span|font|mark|strong|small|big|sub|sup)[ />]",
    rb"<!--",
    rb"/\*",
    *(rb"(?i)[*_~`]%b" % word.encode() for word in sorted(TELLING)),
)
"""Tags, comments, and emphasis on words that matter."""
ROWS = (
    rb"[A-Za-z]</?[A-Za-z]{1,8}[ />]",
    rb"[A-Za-z](?:\*{1,3}|_{2}|~~|==|`{1,2}|\x22\x22|'')[A-Za-z]",
    rb"[A-Za-z](?:\[/[a-z]{1,8}\]|\{[{#*%A-Za-z]|\\[a-z]{2,10}\{|\[[A-Za-z]{1,20}\]\()",
)
"""Marks inside words."""
GATES = (
    rb"</?[A-Za-z]{1,8}[ />]",
    rb"(?:\*|__|~~|==|`|\x22\x22|'')[A-Za-z]",
    rb"(?:\[/[a-z]|\{[{#*%A-Za-z]|\\[a-z]|\[[A-Za-z]{1,20}\]\()",
)


def pieces(flat: bytes) -> list[Piece]:
    """Return a letter and the marks behind it, as the letter alone; a mark between spaces as a space."""
    return list(_pieces(flat))


def _pieces(flat: bytes) -> Iterator[Piece]:
    runs = _runs(flat)
    for start, end in runs:
        if start:
            yield Piece(start - 1, end, flat[start - 1 : start].decode("latin-1"))


def _runs(flat: bytes) -> Iterator[tuple[int, int]]:
    start = end = 0
    for mark in _MARK.finditer(flat):
        if mark.start() != end:
            if end:
                yield start, end
            start = mark.start()
        end = mark.end()
    if end:
        yield start, end

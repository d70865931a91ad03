"""Marks between letters and words that a reader of the page does not see: tags, comments, emphasis."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rune.scan.decode.language import TELLING
from rune.scan.decode.piece import Piece

_MARK = re.compile(
    rb"<!--[^<>]{0,200}-->|/\*[^*/]{0,200}\*/|</?[A-Za-z][^<>\n]{0,200}>|\[/?[a-z]{1,8}(?:=[^\]\n]{0,100})?\]"
    rb"|\{\{![^{}\n]{0,100}\}\}|\{([*#%])[^{}\n]{0,100}\1\}|\\[a-z]{2,12}\{|[{}](?=[A-Za-z])|(?<=[A-Za-z])[{}]"
    rb"|\[(?=[A-Za-z]{1,40}\]\()|\]\([^()\s]{0,200}\)"
    rb"|(?:\*{1,3}|~~|==|`{1,2})(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?:\*{1,3}|_{2,3}|~~|==|`{1,2})"
    rb"|(?<=[A-Za-z])(?:\"\"|'')(?=[A-Za-z])"
)

SHAPES = (
    rb"[A-Za-z]</?[A-Za-z]{1,8}[ />]",
    rb"</?(?:b|i|u|s|a|p|em|br|wbr|code|div|span|font|mark|strong|small|big|sub|sup)[ />]",
    rb"<!--",
    rb"/\*",
    rb"[A-Za-z](?:\*{1,3}|_{2}|~~|==|`{1,2}|\x22\x22|'')[A-Za-z]",
    rb"[A-Za-z](?:\[/[a-z]{1,8}\]|\{[{#*%A-Za-z]|\\[a-z]{2,10}\{|\[[A-Za-z]{1,20}\]\()",
    *(rb"(?i)[*_~`]%b" % word.encode() for word in sorted(TELLING)),
)
"""Marks inside words, and emphasis on words that matter."""


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

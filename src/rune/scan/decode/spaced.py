"""Single characters with something between each two: `i g n o r e`, `i-g-n-o-r-e`, `["i", "g", "n"]`, one letter a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rune.scan.decode.piece import Piece
from rune.scan.decode.segments import segmented

_RUN = re.compile(
    rb"(?<![^\s])\S(?:[ \t\r\n]{1,4}\S){6,}(?!\S)"
    rb"|(?<![A-Za-z0-9@$])[A-Za-z0-9@$](?:[^A-Za-z0-9@$]{1,9}[A-Za-z0-9@$]){5,}(?![A-Za-z0-9@$])"
)
_ONE = rb"[A-Za-z0-9@$][^A-Za-z0-9]{1,4}"
SHAPES = (rb"(?:^|[^A-Za-z0-9])" + 3 * _ONE + rb"[A-Za-z0-9@$][^A-Za-z0-9]",)
"""Several single characters in a row."""
_SPACED = re.compile(rb"\S(?:\s+\S)*")
_WHITE = re.compile(rb"(\S)(\s*)")
_OTHER = re.compile(rb"([A-Za-z0-9@$])([^A-Za-z0-9@$]*)")
_LEAST = 0.5


def pieces(flat: bytes) -> list[Piece]:
    """Return the runs of single characters, put together; cut into words where no wider gap shows them."""
    return list(_pieces(flat))


def _pieces(flat: bytes) -> Iterator[Piece]:
    for run in _RUN.finditer(flat):
        pairs = (_WHITE if _SPACED.fullmatch(run[0]) and _single(run[0]) else _OTHER).findall(run[0])
        text = _joined(pairs)
        if text:
            yield Piece(run.start(), run.end(), text)


def _single(run: bytes) -> bool:
    return all(len(part) == 1 for part in run.split())


def _joined(pairs: Sequence[tuple[bytes, bytes]]) -> str:
    letters = b"".join([letter for letter, _ in pairs]).decode("latin-1")
    if sum(map(str.isalpha, letters)) < _LEAST * len(letters):
        return ""
    gaps = Counter(gap for _, gap in pairs[:-1])
    usual = gaps.most_common(1)[0][0]
    if len(gaps) == 1:
        return segmented(letters) or letters
    return "".join([letter.decode("latin-1") + ("" if gap in (usual, b"") else " ") for letter, gap in pairs])

"""Letters spelled by the words of the NATO alphabet: `India Golf November Oscar Romeo Echo`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from rune.scan.decode.piece import Piece
from rune.scan.decode.segments import segmented

NAMES = (
    "alfa alpha bravo charlie delta echo foxtrot golf hotel india juliett juliet kilo lima mike november oscar papa quebec romeo sierra "
    "tango uniform victor whiskey whisky xray x-ray yankee zulu"
)
"""The words, and the spellings of them that people use."""
PAIRS = tuple(f"{first} {second}".encode() for first in NAMES.split() for second in NAMES.split() if "-" not in first + second)
"""Two of them in a row."""
_NAME = "|".join(sorted(NAMES.split(), key=len, reverse=True))
_RUN = re.compile(rf"\b(?:(?:{_NAME})[^A-Za-z0-9]{{1,4}}){{3,4096}}(?:{_NAME})\b".encode(), re.IGNORECASE)
_EACH = re.compile(rf"({_NAME})([^A-Za-z0-9]*)".encode(), re.IGNORECASE)


def pieces(flat: bytes) -> list[Piece]:
    """Return the rows of such words, as what they spell."""
    return list(_pieces(flat))


def _pieces(flat: bytes) -> Iterator[Piece]:
    for run in _RUN.finditer(flat):
        found = _EACH.findall(run[0])
        usual = Counter(gap for _, gap in found[:-1]).most_common(1)[0][0]
        text = "".join(chr(name[0] | 0x20) + ("" if gap in (usual, b"") else " ") for name, gap in found)
        yield Piece(run.start(), run.end(), (" " not in text and segmented(text)) or text)

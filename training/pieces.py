"""Cuts a text into pieces and windows as the encoder learns them: text as it stands, not tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence

PIECE_WORDS = 36
WINDOW_WORDS = 44
_ENDS = re.compile(r'(?<=[.!?;:])\s+|[\r\n]+|["{}|<>]+|\*{2,}|={3,}|-{3,}')


def pieces(text: str) -> list[str]:
    """Return the sentences, fields and cells of a text; long ones are cut."""
    words = (part.split() for part in _ENDS.split(text) if len(part.strip()) > 1)
    return [" ".join(part[start : start + PIECE_WORDS]) for part in words for start in range(0, len(part), PIECE_WORDS)]


def windows(parts: Sequence[str]) -> list[str]:
    """Return every window of one to three pieces."""
    return [
        " ".join(parts[first:last])
        for first in range(len(parts))
        for last in range(first + 1, min(first + 3, len(parts)) + 1)
        if last == first + 1 or sum(len(part.split()) for part in parts[first:last]) <= WINDOW_WORDS
    ]

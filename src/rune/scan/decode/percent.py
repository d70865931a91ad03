"""Percent-encoding (RFC 3986), as in links and form fields, and the `%u0069` of old JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rune.scan.decode.piece import Piece, merged

# Bounded, because `re` keeps a record of every repetition of a group.
_ESCAPED = re.compile(rb"%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2}){0,4095}")

_WIDE = re.compile(rb"%[uU]([0-9A-Fa-f]{4})")


def pieces(flat: bytes) -> list[Piece]:
    """Return every run of percent-encoded bytes, read as UTF-8."""
    if b"%" not in flat:
        return []
    found = [Piece(start, end, _decoded(flat[start:end])) for start, end in _runs(flat)]
    return merged(found, [Piece(match.start(), match.end(), chr(int(match[1], 16))) for match in _WIDE.finditer(flat)])


def _runs(flat: bytes) -> Iterator[tuple[int, int]]:
    start = end = 0
    for run in _ESCAPED.finditer(flat):
        if run.start() != end:
            if end:
                yield start, end
            start = run.start()
        end = run.end()
    if end:
        yield start, end


def _decoded(run: bytes) -> str:
    return bytes.fromhex(run.replace(b"%", b"").decode("ascii")).decode("utf-8", "replace")

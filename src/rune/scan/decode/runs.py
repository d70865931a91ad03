"""Finds long runs of the characters of an alphabet with searches for one byte, whatever else the text is made of."""

from __future__ import annotations

from collections.abc import Iterator


def alphabet(characters: bytes) -> bytes:
    """Return the table that marks the characters with `x` and all others with a space."""
    return bytes(ord("x") if code in characters else ord(" ") for code in range(256))


def runs(flat: bytes, table: bytes, least: int) -> Iterator[tuple[int, int]]:
    """Yield the longest runs of marked characters that have `least` of them or more, in order."""
    mask = flat.translate(table)
    shortest = b"x" * least
    start = mask.find(shortest)
    while start >= 0:
        end = mask.find(b" ", start)
        end = end if end >= 0 else len(mask)
        yield start, end
        start = mask.find(shortest, end)

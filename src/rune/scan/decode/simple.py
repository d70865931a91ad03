"""The text in few characters, for finding words in it however they are written: lower-case letters, look-alike digits, and spaces.

Digits and signs that stand for letters in leet speak become that letter in upper case, so that a capital marks where a word is disguised.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

LEET = {
    "0": "o",
    "1": "i",
    "2": "z",
    "3": "e",
    "4": "a",
    "5": "s",
    "6": "g",
    "7": "t",
    "8": "b",
    "9": "g",
    "@": "a",
    "$": "s",
    "!": "i",
    "|": "i",
}
"""The letter each sign usually stands for; `1`, `!` and `|` may be an `l` as well."""

_TABLE = bytes(
    (code | 0x20) if chr(code).isascii() and chr(code).isalpha() else ord(LEET.get(chr(code), " ").upper()) for code in range(256)
)
_REACH = 400
"""Characters on both sides of a place that are looked at closely."""


def simple(flat: bytes) -> bytes:
    """Return the simplified text, offset for offset."""
    return flat.translate(_TABLE)


def finder(patterns: tuple[bytes, ...], apart: int = 8) -> Callable[[bytes], list[int]]:
    """Return the function that tells where in a text one of the patterns begins, in order, `apart` characters or more from one another."""
    union = functools.cache(functools.partial(_union, patterns))

    def places(text: bytes) -> list[int]:
        found = []
        match = union().search(text)
        while match is not None:
            found.append(match.start())
            match = union().search(text, match.start() + apart)
        return found

    return places


def surroundings(found: Sequence[int], length: int, reach: int = _REACH) -> Iterator[tuple[int, int]]:
    """Yield the ranges within `reach` of the places found, in order; ranges that touch are one."""
    start = end = -1
    for place in found:
        if start >= 0 and place - reach > end:
            yield start, end
            start = -1
        start = max(place - reach, 0) if start < 0 else start
        end = min(place + reach, length)
    if start >= 0:
        yield start, end


def _union(patterns: tuple[bytes, ...]) -> Any:
    import re2  # noqa: PLC0415 - only a process that scans pays for it

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = True
    options.log_errors = False
    options.max_mem = 64 << 20
    return re2.compile(b"|".join(_grouped(patterns)), options)


def _grouped(patterns: Iterable[bytes]) -> Iterator[bytes]:
    return (b"(?:%b)" % pattern for pattern in patterns)

"""Recovery phrases of wallets: 12 to 24 words of one list, the last bits of which are a checksum (BIP 39)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256

from rune.scan.detectors.secrets.wordlist import WORDS

PHRASE = (
    r"(?i:seed|mnemonic|recovery|wallet|phrase)[A-Za-z_ -]{0,20}[\"']?(?:[:=>]| is| are)\s?[\"'`]?"
    r"[a-z]{3,8} [a-z]{3,8} [a-z]{3,8} [a-z]{3,8} "
)
"""Pattern of what may be a phrase: without a word of this kind before it, nothing cheap tells one from prose."""

_RUN = re.compile(rb"\b[a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){11,199}")
_BEFORE_CHARS = 60
_RUN_CHARS = 400
_SHORTEST = 4
_PHRASE = re.compile(PHRASE.encode())
_WORD = re.compile(rb"[a-z]+")
_LENGTHS = (24, 21, 18, 15, 12)


@cache
def _bits() -> dict[bytes, int]:
    return {word.encode(): position for position, word in enumerate(WORDS)}


def phrases(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the phrases in the run of words that begins soon after `at`."""
    opening = _PHRASE.match(data, at, at + 2 * _BEFORE_CHARS)
    run = _RUN.search(data, at + _SHORTEST, at + _BEFORE_CHARS + _RUN_CHARS) if opening else None
    if run is None or run.start() > at + _BEFORE_CHARS:
        return
    words = [(_bits().get(word[0]), word.start() + run.start(), word.end() + run.start()) for word in _WORD.finditer(run[0])]
    first = 0
    while first + 12 <= len(words):
        length = next((length for length in _LENGTHS if _is_phrase([bits for bits, _, _ in words[first : first + length]], length)), 0)
        if length:
            yield words[first][1], words[first + length - 1][2]
        first += length or 1


def _is_phrase(bits: list[int | None], length: int) -> bool:
    if len(bits) != length or None in bits:
        return False
    number = 0
    for value in bits:
        number = number << 11 | (value or 0)
    check = length // 3
    entropy = (number >> check).to_bytes(check * 4, "big")
    return sha256(entropy).digest()[0] >> (8 - check) == number & ((1 << check) - 1)

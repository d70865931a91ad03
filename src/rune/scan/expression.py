r"""The form in which both backends get a pattern: UTF-8 bytes, folded like the text they are matched against.

A pattern may be written in any script. Its characters are folded as texts are, so `ü` matches what was `ü` and is `u`. A character without
an ASCII form is several bytes; it is grouped, so that a quantifier takes all of it, and exempt from case folding, which for bytes differs
between RE2 (Latin-1) and Hyperscan (ASCII).
"""

from __future__ import annotations

import re

from rune.scan.characters import fold

_CLASS = re.compile(r"\\.|(\[\^?\]?(?:\\.|\[:[a-z^]+:\]|[^\]\\])*\])", re.DOTALL)


def expression(pattern: str) -> bytes:
    """Return the bytes to compile; raises ValueError, saying why, when the two backends would not agree on the pattern."""
    if "\\Q" in pattern:
        raise ValueError(r"write it without `\Q`, which hides where a class or group ends")
    for found in _CLASS.finditer(pattern):
        if found[1] and any(not fold(character).isascii() for character in found[1]):
            raise ValueError(f"the class `{found[1]}` holds a character that has no ASCII form; write (?:a|b) instead of [ab]")
    return "".join(map(_folded, pattern)).encode("utf-8")


def folded(literal: str) -> bytes:
    """Return the bytes that a literal leaves in a folded text, in lower case."""
    return "".join(map(fold, literal)).lower().encode("utf-8")


def _folded(character: str) -> str:
    if character.isascii():
        return character
    plain = fold(character)
    if not plain.isascii():
        return f"(?-i:{plain})"
    return "".join(part if part.isalnum() or part == " " else f"\\{part}" for part in plain)

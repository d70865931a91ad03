"""Disguises by characters that nobody sees: between the letters, or instead of them."""

from __future__ import annotations

import random

from rune.redteam.mutators.mutator import Mutate, Mutator

_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u2063\u180e\u034f\u061c"
_SPACES = "\u00a0\u2002\u2003\u2009\u202f\u205f\u3000\u2800"


def mixed(text: str, chance: random.Random) -> str:
    """Put an invisible character, drawn each time, behind about every second letter."""
    return "".join(sign + chance.choice(_UNSEEN) if sign.isalnum() and chance.random() < 0.5 else sign for sign in text)


def tag_characters(text: str, _: random.Random) -> str:
    """Write ASCII in tag characters, which are shown by nothing and read by models; other characters stay."""
    return "".join(chr(0xE0000 + ord(sign)) if " " <= sign <= "~" else sign for sign in text)


def selectors_between(text: str, chance: random.Random) -> str:
    """Put a variation selector behind every letter."""
    return "".join(sign + chr(0xFE00 + chance.randrange(16)) if sign.isalnum() else sign for sign in text)


def selector_bytes(text: str, _: random.Random) -> str:
    """Hide the UTF-8 bytes as variation selectors behind one visible character."""
    return "😊" + "".join(chr(0xFE00 + byte) if byte < 16 else chr(0xE0100 + byte - 16) for byte in text.encode())


def zero_width_bits(text: str, _: random.Random) -> str:
    """Hide the bits of the UTF-8 bytes as two zero-width characters."""
    return _bits(text, "\u200b", "\u200c")


def operator_bits(text: str, _: random.Random) -> str:
    """Hide the bits of the UTF-8 bytes as two invisible mathematical operators."""
    return _bits(text, "\u2062", "\u2064")


def overridden(text: str, _: random.Random) -> str:
    """Reverse every line and have a bidirectional override show it forwards."""
    return "\n".join(f"\u202e{line[::-1]}\u202c" for line in text.split("\n"))


def isolated(text: str, _: random.Random) -> str:
    """Reverse every line inside an isolate with an override."""
    return "\n".join(f"\u2067\u202e{line[::-1]}\u202c\u2069" for line in text.split("\n"))


def other_spaces(text: str, chance: random.Random) -> str:
    """Put spaces of other widths in the place of plain ones."""
    return "".join(chance.choice(_SPACES) if sign == " " else sign for sign in text)


def _bits(text: str, zero: str, one: str) -> str:
    return "".join(one if byte >> place & 1 else zero for byte in text.encode() for place in range(7, -1, -1))


def _behind_letters(sign: str) -> Mutate:
    """Return a disguise that puts an invisible `sign` behind every letter and digit."""
    return lambda text, _: "".join(letter + sign if letter.isalnum() else letter for letter in text)


INVISIBLE = (
    Mutator("zero-width-spaces", _behind_letters("\u200b")),
    Mutator("zero-width-joiners", _behind_letters("\u200d")),
    Mutator("zero-width-non-joiners", _behind_letters("\u200c")),
    Mutator("word-joiners", _behind_letters("\u2060")),
    Mutator("soft-hyphens", _behind_letters("\u00ad")),
    Mutator("grapheme-joiners", _behind_letters("\u034f")),
    Mutator("invisible-separators", _behind_letters("\u2063")),
    Mutator("hangul-fillers", _behind_letters("\u3164")),
    Mutator("mixed-invisible", mixed),
    Mutator("tag-characters", tag_characters),
    Mutator("variation-selectors", selectors_between),
    Mutator("variation-selector-bytes", selector_bytes, nests=True),
    Mutator("zero-width-bits", zero_width_bits, nests=True),
    Mutator("operator-bits", operator_bits, nests=True),
    Mutator("bidi-override", overridden),
    Mutator("bidi-isolate", isolated),
    Mutator("other-spaces", other_spaces),
)
"""Each hides the text, or hides something in it."""

"""One character, one reading."""

from __future__ import annotations

import sys

import pytest

from rune.scan import characters
from rune.scan.characters import fold, invisible


@pytest.mark.parametrize(
    ("character", "read"),
    [
        pytest.param("a", "a", id="ASCII"),
        pytest.param("\0", "", id="NUL"),
        pytest.param("\x0c", "\n", id="form feed"),
        pytest.param("\x85", "\n", id="next line"),
        pytest.param("\u2029", "\n", id="paragraph separator"),
        pytest.param("\u00a0", " ", id="no-break space"),
        pytest.param("\u3000", " ", id="ideographic space"),
        pytest.param("\u2800", " ", id="blank braille pattern"),
        pytest.param("\u0430", "a", id="Cyrillic a"),
        pytest.param("\u039f", "O", id="Greek Omicron"),
        pytest.param("\u0438", "\u0438", id="a Cyrillic letter of its own"),
        pytest.param("\u0418", "\u0438", id="a Cyrillic capital of its own"),
        pytest.param("\u041f", "n", id="a capital whose small letter is a look-alike"),
        pytest.param("\u0419", "\u0438", id="a Cyrillic letter with a breve, as without"),
        pytest.param("\uff76", "\u30ab", id="half-width katakana"),
        pytest.param("\u30ac", "\u30ac", id="a katakana letter with its mark"),
        pytest.param("\uff49", "i", id="full-width"),
        pytest.param("\U0001d422", "i", id="mathematical bold"),
        pytest.param("\U0001f170", "A", id="squared letter"),
        pytest.param("\U0001f1ee", "I", id="regional indicator"),
        pytest.param("\u24d8", "i", id="circled letter"),
        pytest.param("\u026a", "i", id="small capital"),
        pytest.param("\u00e9", "e", id="accent"),
        pytest.param("\u0301", "", id="combining accent"),
        pytest.param("\u0663", "3", id="Arabic-Indic digit"),
        pytest.param("\ufb01", "fi", id="ligature"),
        pytest.param("\u2026", ".", id="ellipsis"),
        pytest.param("\u2019", "'", id="curly quote"),
        pytest.param("\u200b", "", id="zero-width space"),
        pytest.param("\u202e", "", id="bidi override"),
        pytest.param("\U000e0041", "", id="tag character"),
        pytest.param("\ufe0f", "", id="variation selector"),
        pytest.param("\U000e0100", "", id="supplementary variation selector"),
        pytest.param("\u3164", "", id="Hangul filler"),
        pytest.param("\ud800", "\ufffd", id="lone surrogate"),
        pytest.param("\u4f60", "\u4f60", id="Chinese"),
        pytest.param("\u0947", "\u0947", id="a Devanagari vowel sign"),
        pytest.param("\u05b0", "\u05b0", id="a Hebrew point"),
    ],
)
def test_fold(character: str, read: str) -> None:
    assert fold(character) == read


def test_every_character_folds_to_something_signatures_can_read() -> None:
    for point in (*range(0x30000), *range(0xE0000, 0xE1000), sys.maxunicode):
        folded = fold(chr(point))
        folded.encode()
        assert not any(invisible(character) and character != "\r" for character in folded), hex(point)
        assert len(folded) <= 1 or folded.isascii()


def test_blocks_that_are_not_looked_up_hold_nothing_to_fold() -> None:
    starts = characters._PLAIN_BLOCKS[::2]
    ends = characters._PLAIN_BLOCKS[1::2]
    for start, end in zip(starts, ends, strict=True):
        for point in range(start, min(end, start + 0x10000)):
            assert characters._fold.__wrapped__(chr(point)) == chr(point), hex(point)

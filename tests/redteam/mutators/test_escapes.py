"""Escapes, as other programs write them."""

from __future__ import annotations

import random

import pytest

from rune.redteam.mutators.escapes import ESCAPES

BY_NAME = {mutator.name: mutator for mutator in ESCAPES}


def disguised(name: str, text: str) -> str:
    return BY_NAME[name].mutate(text, random.Random(1))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("url", "a%20b"),
        ("url-all", "%61%20%62"),
        ("url-twice", "%2561%2520%2562"),
        ("url-unicode", "%u0061%u0020%u0062"),
        ("html-named", "&aopf;&nbsp;&bopf;"),
        ("html-decimal", "&#97;&#32;&#98;"),
        ("html-hex", "&#x61;&#x20;&#x62;"),
        ("html-loose", "&#0000097&#0000032&#0000098"),
        ("unicode-escapes", "\\u0061\\u0020\\u0062"),
        ("unicode-long-escapes", "\\U00000061\\U00000020\\U00000062"),
        ("unicode-braced-escapes", "\\u{61}\\u{20}\\u{62}"),
        ("unicode-named-escapes", "\\N{LATIN SMALL LETTER A}\\N{SPACE}\\N{LATIN SMALL LETTER B}"),
        ("style-escapes", "\\000061\\000020\\000062"),
        ("code-points", "U+0061 U+0020 U+0062"),
    ],
)
def test_it_is_written_like_this(name: str, written: str) -> None:
    assert disguised(name, "a b") == written

"""Codes and ciphers."""

from __future__ import annotations

import random

import pytest

from rune.redteam.mutators.codes import CODES

BY_NAME = {mutator.name: mutator for mutator in CODES}


def disguised(name: str, text: str) -> str:
    return BY_NAME[name].mutate(text, random.Random(1))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("rot13", "fraq vg"),
        ("rot18", "fraq vg"),
        ("atbash", "hvmw rg"),
        ("rot47", "D6?5 :E"),
        ("morse-by-slash", "... . -. -.. / .. -"),
        ("morse-by-bar", "... . -. -.. | .. -"),
        ("nato", "Sierra Echo November Delta, India Tango"),
        ("braille", "⠎⠑⠝⠙ ⠊⠞"),
        ("pig-latin", "endsay itway"),
        ("letter-numbers", "19-5-14-4 9-20"),
        ("square-numbers", "43 15 33 14 / 24 44"),
        ("bacon", "baaba aabaa abbab aaabb / abaaa baabb"),
    ],
)
def test_it_is_written_like_this(name: str, written: str) -> None:
    assert disguised(name, "send it") == written

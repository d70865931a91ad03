"""Disguises by spelling."""

from __future__ import annotations

import random

import pytest

from rune.redteam.mutators.spelling import SPELLING

BY_NAME = {mutator.name: mutator for mutator in SPELLING}


def disguised(name: str, text: str) -> str:
    return BY_NAME[name].mutate(text, random.Random(1))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("leet-light", "M0d3rn w1ld s0l0"),
        ("alternating-case", "mOdErN WiLd sOlO"),
        ("upper-case", "MODERN WILD SOLO"),
        ("same-look-pairs", "Moclern vvilcl solo"),
        ("swapped-look", "M0dern wiId s0I0"),
        ("stretched-letters", "Mooodeeern wiiild sooolooo"),
    ],
)
def test_it_is_written_like_this(name: str, written: str) -> None:
    assert disguised(name, "Modern wild solo") == written


@pytest.mark.parametrize("name", ["scrambled-words", "swapped-neighbors"])
def test_words_keep_their_letters_and_their_ends(name: str) -> None:
    text = "instructions previously approved"

    for word, written in zip(text.split(), disguised(name, text).split(), strict=True):
        assert (written[0], written[-1], sorted(written)) == (word[0], word[-1], sorted(word))

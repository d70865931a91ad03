"""Disguises in other characters: a reader sees the same letters."""

from __future__ import annotations

import random
import unicodedata

import pytest

from rune.redteam.mutators.characters import CHARACTERS
from rune.redteam.mutators.mutator import Mutator

BY_NAME = {mutator.name: mutator for mutator in CHARACTERS}


def disguised(name: str, text: str) -> str:
    return BY_NAME[name].mutate(text, random.Random(1))


@pytest.mark.parametrize(
    "mutator", [each for each in CHARACTERS if each.name.startswith("math-") or "circled" in each.name], ids=lambda each: each.name
)
def test_an_alphabet_has_every_letter(mutator: Mutator) -> None:
    written = mutator.mutate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", random.Random(1))

    assert len(written) == 52
    assert not any(letter.isascii() for letter in written)


@pytest.mark.parametrize("name", [each.name for each in CHARACTERS if each.name.startswith("math-")] + ["full-width", "circled-letters"])
def test_compatibility_forms_are_the_letters_to_unicode_itself(name: str) -> None:
    assert unicodedata.normalize("NFKC", disguised(name, "Send it Home")) == "Send it Home"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("cyrillic-homoglyphs", "Ѕеnd іt"),
        ("greek-homoglyphs", "Seηd ιt"),
        ("small-capitals", "sᴇɴᴅ ɪᴛ"),
        ("superscript", "ˢᵉⁿᵈ ⁱᵗ"),
        ("upside-down", "ʇᴉ puǝs"),
        ("regional-indicators", "🇸 🇪 🇳 🇩   🇮 🇹"),
        ("negative-squared-letters", "🆂🅴🅽🅳 🅸🆃"),
        ("parenthesized-letters", "⒮⒠⒩⒟ ⒤⒯"),
        ("struck-through", "S̶e̶n̶d̶ ̶i̶t̶"),
    ],
)
def test_it_looks_like_this(name: str, written: str) -> None:
    assert disguised(name, "Send it") == written


@pytest.mark.parametrize("name", ["accents", "zalgo", "struck-through", "underlined"])
def test_marks_are_all_that_was_added(name: str) -> None:
    letters = unicodedata.normalize("NFD", disguised(name, "Send it Home"))

    assert "".join(sign for sign in letters if not unicodedata.combining(sign)) == "Send it Home"

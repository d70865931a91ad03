"""Disguises by spelling: letters that look alike, letter case, and words whose letters moved but stay readable."""

from __future__ import annotations

import random
import re

from rune.redteam.mutators.mutator import Mutator

_LIGHT = str.maketrans("aeioAEIO", "43104310")
_HEAVY = {
    "a": "4@",
    "b": "8",
    "c": "(",
    "e": "3",
    "g": "9",
    "i": "1!",
    "l": "1|",
    "o": "0",
    "s": "5$",
    "t": "7+",
    "z": "2",
}
_SAME_LOOK = {"m": "rn", "w": "vv", "d": "cl"}
_WORD = re.compile(r"[A-Za-z]{4,}")


def leet_light(text: str, _: random.Random) -> str:
    """Write the vowels as digits."""
    return text.translate(_LIGHT)


def leet_heavy(text: str, chance: random.Random) -> str:
    """Write every letter that has one with a digit or sign that looks like it."""
    return "".join(chance.choice(_HEAVY.get(letter.lower(), letter)) for letter in text)


def random_case(text: str, chance: random.Random) -> str:
    """Draw the case of every letter."""
    return "".join(chance.choice((letter.lower(), letter.upper())) for letter in text)


def alternating_case(text: str, _: random.Random) -> str:
    """Change the case at every character."""
    return "".join(letter.upper() if place % 2 else letter.lower() for place, letter in enumerate(text))


def upper_case(text: str, _: random.Random) -> str:
    """Shout."""
    return text.upper()


def same_look(text: str, _: random.Random) -> str:
    """Write letters as two that look the same side by side: rn for m, vv for w, cl for d."""
    return "".join(_SAME_LOOK.get(letter, letter) for letter in text)


def swapped_look(text: str, _: random.Random) -> str:
    """Swap l, I and 1, and O and 0, which look the same in many fonts."""
    return text.translate(str.maketrans("lIoO", "Il00"))


def doubled_letters(text: str, chance: random.Random) -> str:
    """Write about every third letter twice."""
    return "".join(letter * 2 if letter.isalpha() and chance.random() < 0.3 else letter for letter in text)


def stretched_letters(text: str, _: random.Random) -> str:
    """Write every vowel three times."""
    return "".join(letter * 3 if letter in "aeiouAEIOU" else letter for letter in text)


def scrambled_words(text: str, chance: random.Random) -> str:
    """Shuffle the inner letters of every longer word; people and models read over it."""
    return _WORD.sub(lambda found: _scrambled(found[0], chance), text)


def swapped_neighbors(text: str, chance: random.Random) -> str:
    """Swap two neighboring inner letters of every longer word."""
    return _WORD.sub(lambda found: _swapped(found[0], chance), text)


def _scrambled(word: str, chance: random.Random) -> str:
    inner = list(word[1:-1])
    chance.shuffle(inner)
    return word[0] + "".join(inner) + word[-1]


def _swapped(word: str, chance: random.Random) -> str:
    place = chance.randint(1, len(word) - 3)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


SPELLING = (
    Mutator("leet-light", leet_light),
    Mutator("leet-heavy", leet_heavy),
    Mutator("random-case", random_case),
    Mutator("alternating-case", alternating_case),
    Mutator("upper-case", upper_case),
    Mutator("same-look-pairs", same_look),
    Mutator("swapped-look", swapped_look),
    Mutator("doubled-letters", doubled_letters),
    Mutator("stretched-letters", stretched_letters),
    Mutator("scrambled-words", scrambled_words),
    Mutator("swapped-neighbors", swapped_neighbors),
)
"""Each spells the text otherwise."""

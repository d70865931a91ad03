"""Disguises by what stands between letters and between words."""

from __future__ import annotations

import random
import re
import textwrap

from rune.redteam.mutators.mutator import Mutate, Mutator

_WORDS = re.compile(r"[^\W_]+")


def split_words(text: str, chance: random.Random) -> str:
    """Put a space inside every longer word."""
    return _inside_words(text, " ", chance)


def hyphenated_words(text: str, chance: random.Random) -> str:
    """Put a hyphen inside every longer word."""
    return _inside_words(text, "-", chance)


def camel_case(text: str, _: random.Random) -> str:
    """Join the words, each with a capital letter."""
    return "".join(word[:1].upper() + word[1:].lower() for word in text.split())


def wrapped(text: str, chance: random.Random) -> str:
    """Break the lines in narrow columns."""
    return textwrap.fill(text, chance.randint(12, 30), break_long_words=False, break_on_hyphens=False)


def hyphenated_lines(text: str, chance: random.Random) -> str:
    """Break the lines inside words, with a hyphen, as print does."""
    return _inside_words(text, "-\n", chance, every=4)


def quoted_lines(text: str, chance: random.Random) -> str:
    """Break the lines and quote each, as a mail program does."""
    return "\n".join(f"> {line}" for line in wrapped(text, chance).split("\n"))


def commented_lines(text: str, chance: random.Random) -> str:
    """Break the lines and begin each with a comment sign."""
    return "\n".join(f"# {line}" for line in wrapped(text, chance).split("\n"))


def word_list(text: str, _: random.Random) -> str:
    """Write the words as a numbered list."""
    return "\n".join(f"{place}. {word}" for place, word in enumerate(text.split(), 1))


def _inside_words(text: str, sign: str, chance: random.Random, every: int = 1) -> str:
    count = iter(range(len(text)))

    def broken(found: re.Match[str]) -> str:
        word = found[0]
        if len(word) < 4 or next(count) % every:
            return word
        place = chance.randint(2, len(word) - 2)
        return word[:place] + sign + word[place:]

    return _WORDS.sub(broken, text)


def _between_letters(sign: str, between_words: str = "") -> Mutate:
    """Return a disguise that puts `sign` between the letters of each word, and `between_words` (default: thrice the sign) between words."""
    gap = between_words or sign * 3
    return lambda text, _: gap.join(sign.join(word) for word in text.split())


def _between_words(sign: str) -> Mutate:
    """Return a disguise that puts `sign` in the place of every space."""
    return lambda text, _: sign.join(text.split())


def _slug(sign: str) -> Mutate:
    """Return a disguise that joins the words, in lower case and without punctuation, by `sign`."""
    return lambda text, _: sign.join(_WORDS.findall(text)).lower()


SPACING = (
    Mutator("letters-by-space", _between_letters(" ")),
    Mutator("letters-by-dash", _between_letters("-", " ")),
    Mutator("letters-by-dot", _between_letters(".", " ")),
    Mutator("letters-by-underscore", _between_letters("_", " ")),
    Mutator("letters-by-newline", _between_letters("\n", "\n\n")),
    Mutator("letters-by-tab", _between_letters("\t")),
    Mutator("letters-by-slash", _between_letters("/", " ")),
    Mutator("letters-by-asterisk", _between_letters("*", " ")),
    Mutator("letters-by-comma", _between_letters(", ", " | ")),
    Mutator("letters-by-two-spaces", _between_letters("  ", "    ")),
    Mutator("words-split-by-space", split_words),
    Mutator("words-split-by-hyphen", hyphenated_words),
    Mutator("words-as-slug", _slug("-")),
    Mutator("words-as-snake", _slug("_")),
    Mutator("words-as-path", _slug("/")),
    Mutator("words-as-dotted-name", _slug(".")),
    Mutator("words-as-query", _slug("+")),
    Mutator("words-in-camel-case", camel_case),
    Mutator("words-run-together", _between_words("")),
    Mutator("words-by-many-spaces", _between_words("     ")),
    Mutator("words-by-newline", _between_words("\n")),
    Mutator("words-by-tab", _between_words("\t")),
    Mutator("words-by-comma", _between_words(", ")),
    Mutator("words-by-bar", _between_words(" | ")),
    Mutator("words-by-asterisk", _between_words(" * ")),
    Mutator("lines-wrapped", wrapped),
    Mutator("lines-hyphenated", hyphenated_lines),
    Mutator("lines-quoted", quoted_lines),
    Mutator("lines-commented", commented_lines),
    Mutator("words-numbered", word_list),
)
"""Each takes letters or words apart or together."""

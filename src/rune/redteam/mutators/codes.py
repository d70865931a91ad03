"""Codes and ciphers that a reader undoes: a letter for a letter, a sign or a word for a letter."""

from __future__ import annotations

import codecs
import random
import re
import string

from rune.redteam.mutators.mutator import Mutate, Mutator

_ALPHABET = string.ascii_lowercase
_ATBASH = str.maketrans(_ALPHABET + _ALPHABET.upper(), _ALPHABET[::-1] + _ALPHABET[::-1].upper())
_PRINTED = "".join(map(chr, range(33, 127)))
_ROT47 = str.maketrans(_PRINTED, _PRINTED[47:] + _PRINTED[:47])
_ROT5 = str.maketrans(string.digits, "5678901234")
_SIGNS = _ALPHABET + string.digits + ".,?'!/():;=+-_\"@"
_MORSE_SIGNS = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. "
    "----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----. "
    ".-.-.- --..-- ..--.. .----. -.-.-- -..-. -.--. -.--.- ---... -.-.-. -...- .-.-. -....- ..--.- .-..-. .--.-."
)
_MORSE = dict(zip(_SIGNS, _MORSE_SIGNS.split(), strict=True))
_RADIO = (
    "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec Romeo Sierra "
    "Tango Uniform Victor Whiskey X-ray Yankee Zulu"
)
_NATO = dict(zip(_ALPHABET, _RADIO.split(), strict=True))
_BRAILLE = str.maketrans(_ALPHABET, "⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵")
_SQUARE = _ALPHABET.replace("j", "")
_WORD = re.compile(r"[A-Za-z]+")
_VOWELS = "aeiouAEIOU"


def rot13(text: str, _: random.Random) -> str:
    """Move every letter by half the alphabet."""
    return codecs.encode(text, "rot13")


def rot18(text: str, _: random.Random) -> str:
    """ROT13 for letters and ROT5 for digits."""
    return codecs.encode(text, "rot13").translate(_ROT5)


def caesar(text: str, chance: random.Random) -> str:
    """Move every letter by the same number of places, drawn from 1 to 25."""
    places = chance.randint(1, 25)
    moved = _ALPHABET[places:] + _ALPHABET[:places]
    return text.translate(str.maketrans(_ALPHABET + _ALPHABET.upper(), moved + moved.upper()))


def atbash(text: str, _: random.Random) -> str:
    """Take the letter as far from the end of the alphabet as this one is from its beginning."""
    return text.translate(_ATBASH)


def rot47(text: str, _: random.Random) -> str:
    """Move every printable character of ASCII by 47 places."""
    return text.translate(_ROT47)


def nato(text: str, _: random.Random) -> str:
    """Spell every word with the words of the radio alphabet."""
    return ", ".join(" ".join(_NATO[letter] for letter in word if letter in _NATO) for word in text.lower().split())


def braille(text: str, _: random.Random) -> str:
    """Write letters in Braille."""
    return text.lower().translate(_BRAILLE)


def pig_latin(text: str, _: random.Random) -> str:
    """Move the first consonants of each word to its end, before `ay`."""
    return _WORD.sub(lambda found: _pig(found[0]), text)


def letter_numbers(text: str, _: random.Random) -> str:
    """Write each letter as its place in the alphabet."""
    words = ("-".join(str(_ALPHABET.index(letter) + 1) for letter in word if letter in _ALPHABET) for word in text.lower().split())
    return " ".join(word for word in words if word)


def square_numbers(text: str, _: random.Random) -> str:
    """Write each letter as row and column of a square of five (j is i)."""
    words = (" ".join(_square(letter) for letter in word if letter in _SQUARE) for word in text.lower().replace("j", "i").split())
    return " / ".join(word for word in words if word)


def bacon(text: str, _: random.Random) -> str:
    """Write each letter as five letters a and b, its place in binary."""
    words = text.lower().split()
    spelled = (" ".join(_bacon(letter) for letter in word if letter in _ALPHABET) for word in words)
    return " / ".join(word for word in spelled if word)


def _pig(word: str) -> str:
    first = next((place for place, letter in enumerate(word) if letter in _VOWELS), 0)
    return word[first:] + word[:first] + ("ay" if first else "way")


def _square(letter: str) -> str:
    row, column = divmod(_SQUARE.index(letter), 5)
    return f"{row + 1}{column + 1}"


def _bacon(letter: str) -> str:
    return f"{_ALPHABET.index(letter):05b}".replace("0", "a").replace("1", "b")


def _morse(words_by: str, dot: str = ".", dash: str = "-") -> Mutate:
    """Return a disguise in Morse code; what has no sign is left out."""
    table = {letter: code.replace(".", "\0").replace("-", dash).replace("\0", dot) for letter, code in _MORSE.items()}

    def mutate(text: str, _: random.Random) -> str:
        return words_by.join(" ".join(table[letter] for letter in word if letter in table) for word in text.lower().split())

    return mutate


CODES = (
    Mutator("rot13", rot13, nests=True),
    Mutator("rot18", rot18, nests=True),
    Mutator("caesar", caesar, nests=True),
    Mutator("atbash", atbash, nests=True),
    Mutator("rot47", rot47, nests=True),
    Mutator("morse-by-slash", _morse(" / ")),
    Mutator("morse-by-bar", _morse(" | ")),
    Mutator("morse-by-spaces", _morse("   ")),
    Mutator("morse-round", _morse(" / ", "•", "−")),
    Mutator("nato", nato),
    Mutator("braille", braille),
    Mutator("pig-latin", pig_latin),
    Mutator("letter-numbers", letter_numbers),
    Mutator("square-numbers", square_numbers),
    Mutator("bacon", bacon),
)
"""Each says the text in a code."""

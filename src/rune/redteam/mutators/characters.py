"""Disguises that put another character in the place of a letter, one that a reader takes for it."""

from __future__ import annotations

import random
import string
import unicodedata
from collections.abc import Mapping

from rune.redteam.mutators.mutator import Mutate, Mutator

_CYRILLIC = str.maketrans("AaBcCEeHIiJjKMoOPpSsTXxyY", "АаВсСЕеНІіЈјКМоОРрЅѕТХхуУ")
_GREEK = str.maketrans("AaBEHIiKMNnoOPpTuvXxYyZ", "ΑαΒΕΗΙιΚΜΝηοΟΡρΤυνΧχΥγΖ")
_ARMENIAN = str.maketrans("ohnugqSOULI", "օհոսցզՏՕՍԼӀ")
_LATIN = str.maketrans("agilnIdzc", "ɑɡıӏռⅼⅾᴢⅽ")
_SMALL = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ᴀʙᴄᴅᴇғɢʜɪᴊᴋʟᴍɴᴏᴘǫʀsᴛᴜᴠᴡxʏᴢ")
_SUPERSCRIPT = str.maketrans("abcdefghijklmnoprstuvwxyz0123456789", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ⁰¹²³⁴⁵⁶⁷⁸⁹")
_FLIPPED = str.maketrans("abcdefghijklmnopqrstuvwxyz.,?!'()", "ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz˙'¿¡,)(")
_EMOJI = {"a": "🅰️", "b": "🅱️", "m": "Ⓜ️", "o": "⭕", "p": "🅿️", "i": "ℹ️", "x": "❌", "t": "✝️", "s": "💲"}
_ABOVE = "\u0300\u0301\u0302\u0303\u0308\u030a\u030c\u0307"
_ZALGO = [chr(point) for point in (*range(0x300, 0x316), *range(0x316, 0x334), *range(0x339, 0x340))]


def cyrillic(text: str, _: random.Random) -> str:
    """Write every letter that has a Cyrillic twin with the twin."""
    return text.translate(_CYRILLIC)


def greek(text: str, _: random.Random) -> str:
    """Write every letter that has a Greek twin with the twin."""
    return text.translate(_GREEK)


def armenian(text: str, _: random.Random) -> str:
    """Write every letter that has an Armenian twin with the twin."""
    return text.translate(_ARMENIAN)


def rare_latin(text: str, _: random.Random) -> str:
    """Write letters with phonetic and numeral characters that look the same."""
    return text.translate(_LATIN)


def mixed_scripts(text: str, chance: random.Random) -> str:
    """Write about every second letter with a twin from a script drawn for it."""
    tables = (_CYRILLIC, _GREEK, _ARMENIAN, _LATIN)
    return "".join(letter.translate(chance.choice(tables)) if chance.random() < 0.5 else letter for letter in text)


def full_width(text: str, _: random.Random) -> str:
    """Write in the full-width forms of East Asian typography."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else "\u3000" if sign == " " else sign for sign in text)


def small_capitals(text: str, _: random.Random) -> str:
    """Write in phonetic small capitals."""
    return text.lower().translate(_SMALL)


def superscript(text: str, _: random.Random) -> str:
    """Write in superscript letters and digits."""
    return text.lower().translate(_SUPERSCRIPT)


def upside_down(text: str, _: random.Random) -> str:
    """Turn the text by half a turn: letters on their heads, last one first."""
    return text.lower().translate(_FLIPPED)[::-1]


def regional_indicators(text: str, _: random.Random) -> str:
    """Write letters as the halves of flags, apart so that no flag arises."""
    shifted = {letter: chr(0x1F1E6 + place) + " " for place, letter in enumerate(string.ascii_lowercase)}
    return "".join(shifted.get(letter, "  " if letter == " " else letter) for letter in text.lower()).strip()


def emoji_letters(text: str, _: random.Random) -> str:
    """Write letters as emoji: the ones that look like a letter, flag halves for the others, keycaps for digits."""
    shifted = {letter: chr(0x1F1E6 + place) + "\u200b" for place, letter in enumerate(string.ascii_lowercase)}
    keycaps = {digit: f"{digit}\ufe0f\u20e3" for digit in string.digits}
    return "".join((shifted | keycaps | _EMOJI).get(letter, letter) for letter in text.lower())


def accents(text: str, chance: random.Random) -> str:
    """Put an accent on every second letter, as one character where there is one."""
    marked = (letter + chance.choice(_ABOVE) if letter.isalpha() and chance.random() < 0.5 else letter for letter in text)
    return unicodedata.normalize("NFC", "".join(marked))


def zalgo(text: str, chance: random.Random) -> str:
    """Heap combining marks on every letter."""
    return "".join(sign + "".join(chance.choices(_ZALGO, k=chance.randint(2, 6))) if sign.isalnum() else sign for sign in text)


def struck_through(text: str, _: random.Random) -> str:
    """Lay a stroke over every character."""
    return "".join(sign + "\u0336" for sign in text)


def underlined(text: str, _: random.Random) -> str:
    """Put a line under every character."""
    return "".join(sign + "\u0332" for sign in text)


def _lettered(name: str, *, lower: bool = False, upper: bool = False) -> Mutate:
    """Return a disguise that writes letters and digits with the characters that Unicode calls `name` with the letter's own name.

    Args:
        name: a template such as `MATHEMATICAL BOLD {}`, filled with `SMALL A`, `CAPITAL A` or `DIGIT ONE`.
        lower: the alphabet has small letters only.
        upper: the alphabet has capital letters only.
    """
    table = {}
    for letter in string.ascii_letters + string.digits:
        twin = _named(name, letter.lower() if lower else letter.upper() if upper else letter)
        if twin:
            table[ord(letter)] = twin
    return _translated(table)


def _named(template: str, letter: str) -> str:
    """Return the character that Unicode calls so, or calls as letters were called that it had before the mathematical alphabets."""
    full = unicodedata.name(letter).removeprefix("LATIN ")
    short = full.replace("LETTER ", "")
    style = template.removeprefix("MATHEMATICAL ").replace("FRAKTUR", "BLACK-LETTER")
    names = (template.format(short), template.format(full), style.format(short))
    return next(filter(None, map(_character, names)), "") or ("ℎ" if template.format(short) == "MATHEMATICAL ITALIC SMALL H" else "")


def _character(name: str) -> str:
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return ""


def _translated(table: Mapping[int, str]) -> Mutate:
    return lambda text, _: text.translate(table)


CHARACTERS = (
    Mutator("cyrillic-homoglyphs", cyrillic),
    Mutator("greek-homoglyphs", greek),
    Mutator("armenian-homoglyphs", armenian),
    Mutator("rare-latin-homoglyphs", rare_latin),
    Mutator("mixed-script-homoglyphs", mixed_scripts),
    Mutator("math-bold", _lettered("MATHEMATICAL BOLD {}")),
    Mutator("math-italic", _lettered("MATHEMATICAL ITALIC {}")),
    Mutator("math-bold-italic", _lettered("MATHEMATICAL BOLD ITALIC {}")),
    Mutator("math-script", _lettered("MATHEMATICAL SCRIPT {}")),
    Mutator("math-bold-script", _lettered("MATHEMATICAL BOLD SCRIPT {}")),
    Mutator("math-fraktur", _lettered("MATHEMATICAL FRAKTUR {}")),
    Mutator("math-double-struck", _lettered("MATHEMATICAL DOUBLE-STRUCK {}")),
    Mutator("math-sans-serif", _lettered("MATHEMATICAL SANS-SERIF {}")),
    Mutator("math-monospace", _lettered("MATHEMATICAL MONOSPACE {}")),
    Mutator("full-width", full_width),
    Mutator("circled-letters", _lettered("CIRCLED LATIN {}")),
    Mutator("negative-circled-letters", _lettered("NEGATIVE CIRCLED LATIN {}", upper=True)),
    Mutator("parenthesized-letters", _lettered("PARENTHESIZED LATIN {}", lower=True)),
    Mutator("squared-letters", _lettered("SQUARED LATIN {}", upper=True)),
    Mutator("negative-squared-letters", _lettered("NEGATIVE SQUARED LATIN {}", upper=True)),
    Mutator("regional-indicators", regional_indicators),
    Mutator("emoji-letters", emoji_letters),
    Mutator("small-capitals", small_capitals),
    Mutator("superscript", superscript),
    Mutator("upside-down", upside_down),
    Mutator("accents", accents),
    Mutator("zalgo", zalgo),
    Mutator("struck-through", struck_through),
    Mutator("underlined", underlined),
)
"""Each writes the text in other characters."""

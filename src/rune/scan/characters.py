"""What single characters become before signatures read them: ASCII where they only look different, nothing where they cannot be seen.

Sources of the tables: Unicode Standard Annex 44 (categories, compatibility decompositions), UTS 39 (confusable characters) and UAX 9 (bidi
controls). A look-alike maps to one character, so that folding moves no offset.
"""

from __future__ import annotations

import functools
import unicodedata
from bisect import bisect_right

REPLACEMENT = "\ufffd"
"""Stands for a lone surrogate, which no text can be encoded with."""

TAGS = range(0xE0020, 0xE007F)
"""Tag characters: each hides the ASCII character 0xE0000 below it."""

SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
"""Variation selectors: 256 invisible characters, enough to hide one byte each."""

# What follows was made by joining the Cyrillic, Greek, Armenian, Cherokee, Lisu, Coptic, small-capital and barred letters, and the quotes,
# dashes and brackets, that readers take for the ASCII character.
_LOOKALIKES = {
    " ": "\u2800",
    "!": "\u01c3",
    '"': "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u301d\u301e",
    "'": "\u2018\u2019\u201a\u201b\u2032\u02bc\u02bb\u02c8\u00b4",
    "*": "\u2217\u204e",
    ",": "\u060c\u3001",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043",
    ".": "\u2026\u3002",
    "/": "\u2044\u2215\u29f8",
    ":": "\ua789\u2236\u02d0",
    "<": "\u2039\u3008\u27e8",
    ">": "\u203a\u3009\u27e9",
    "A": "\u0410\u0391\u13aa\ua4ee",
    "B": "\u0412\u0392\u13f4\ua4d0\u0243",
    "C": "\u0421\u03f9\u13df\ua4da",
    "D": "\u0500\u13a0\ua4d3\u0110",
    "E": "\u0415\u0395\u03a3\u13ac\ua4f0",
    "F": "\ua4dd",
    "G": "\u050c\u13c0\ua4d6\u01e4",
    "H": "\u041d\u0397\u13bb\ua4e7\u0126",
    "I": "\u0406\u04c0\u0399\ua4f2\u0197",
    "J": "\u0408\u037f\u13ab\ua4d9",
    "K": "\u041a\u039a\u13e6\ua4d7\u0198",
    "L": "\u053c\u13de\ua4e1\u0141",
    "M": "\u041c\u039c\u13b7\ua4df",
    "N": "\u039d\ua4e0",
    "O": "\u041e\u039f\u0555\ua4f3\u00d8",
    "P": "\u0420\u03a1\u13e2\ua4d1",
    "Q": "\u051a",
    "R": "\u13a1\u13d2\ua4e3",
    "S": "\u0405\u054f\u13da\ua4e2",
    "T": "\u0422\u03a4\u13a2\ua4d4\u0166",
    "U": "\u054d\ua4f4",
    "V": "\u0474\u13d9\ua4e6",
    "W": "\u051c\u13b3\ua4ea",
    "X": "\u0425\u03a7\ua4eb",
    "Y": "\u0423\u03a5\ua4ec",
    "Z": "\u0396\u13c3\ua4dc",
    "a": "\u0430\u03b1\u2c81\u0251\u1d00",
    "b": "\u0432\u042c\u044c\u2c83\u0299\u0180\u0253",
    "c": "\u0441\u03f2\u2ca5\u1d04\u0188",
    "d": "\u0501\u1d05\u0111\u0257",
    "e": "\u0435\u0454\u03b5\u2c89\u1d07\u025b",
    "f": "\ua730\u0192",
    "g": "\u050d\u0261\u0581\u0262\u0260",
    "h": "\u04bb\u043d\u0570\u029c\u0127\u0266",
    "i": "\u0456\u03b9\u13a5\u026a\u0131\u0268",
    "j": "\u0458\u03f3\u0575\u1d0a\u0237\u0249",
    "k": "\u043a\u03ba\u2c95\u1d0b\u0199",
    "l": "\u04cf\u056c\u029f\u0142\u026b\u019a",
    "m": "\u043c\u2c99\u1d0d\u0271",
    "n": "\u043f\u03b7\u0578\u057c\u2c9b\u0274\u0272\u014b",
    "o": "\u043e\u03bf\u03c3\u0585\u2c9f\u1d0f\u00f8\u0275\u0254",
    "p": "\u0440\u03c1\u2ca3\u1d18\u01a5",
    "q": "\u051b\u0566\ua7af\u02a0",
    "r": "\u0433\u0280\u027e\u0279",
    "s": "\u0455\ua731\u0282",
    "t": "\u0442\u03c4\u2ca7\u1d1b\u0167\u01ad",
    "u": "\u03c5\u057d\u1d1c\u0289\u028a",
    "v": "\u0475\u03bd\u1d20\u028b",
    "w": "\u051d\u0448\u03c9\u0561\u1d21\u026f",
    "x": "\u0445\u03c7\u2cad",
    "y": "\u0443\u03b3\u2ca9\u028f\u024f\u01b4",
    "z": "\u1d22\u01b6\u0225",
    "|": "\u01c0\u2223\u2502",
    "~": "\u223c\u301c",
}
# Letters turned by half a circle, symbols drawn like a letter, and the 26 letters of Braille (dots 1 to 6 are the bits 0 to 5).
_TURNED = dict(
    zip("\u0250\u0254\u01dd\u025f\u0183\u0265\u1d09\u027e\u029e\u026f\u0279\u0287\u028c\u028d\u028e\u02d9", "acefghijkmrtvwy.", strict=True)
)
_DRAWN = dict(zip("\u2b55\U0001f4b2\u271d\u2795\u274c\u2716\u0493\u2757\u2755", "O$T+XXf!!", strict=True))
_BRAILLE = {
    chr(0x2800 + dots): letter
    for letter, dots in zip(
        "abcdefghijklmnopqrstuvwxyz", bytes.fromhex("01030919110b1b130a1a05070d1d150f1f170e1e25273a2d3d35"), strict=True
    )
}
_FOLDS = {lookalike: plain for plain, lookalikes in _LOOKALIKES.items() for lookalike in lookalikes} | _TURNED | _DRAWN | _BRAILLE

TURNED = frozenset("\u0250\u025f\u01dd\u0183\u0265\u1d09\u029e\u026f\u0279\u0287\u028c\u028d\u028e")
"""Letters that look like a Latin one turned by half a circle, as texts upside down have them."""

FOREIGN_LOOKALIKES = frozenset(character for character in _FOLDS if "\u0370" <= character <= "\u058f" or "\u13a0" <= character <= "\u13ff")
"""Cyrillic, Greek, Armenian and Cherokee letters that readers take for Latin ones."""

# Invisible, although their category says letter, mark or symbol (Default_Ignorable_Code_Point of DerivedCoreProperties.txt).
_IGNORABLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0\U0001d159")

# Marks that turn a letter into an accented one or bury it under a pile; the marks of Arabic, Hebrew, Indic and Thai writing carry meaning.
_LATIN_MARKS = (range(0x300, 0x370), range(0x1AB0, 0x1B00), range(0x1DC0, 0x1E00), range(0x20D0, 0x2100), range(0xFE20, 0xFE30))

# Format characters that are shown: Arabic and Kaithi number signs, the end of ayah, Syriac abbreviation.
_SHOWN_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")

_ENCLOSED_LETTERS = (
    (range(0x249C, 0x24B6), "a"),  # parenthesized
    (range(0x1F110, 0x1F12A), "A"),
    (range(0x1F150, 0x1F16A), "A"),  # white on a black circle
    (range(0x1F170, 0x1F18A), "A"),  # white on a black square
    (range(0x1F1E6, 0x1F200), "A"),  # regional indicators, which flags are made of
)


# Blocks whose characters all stand for themselves: most Chinese, Yi and Korean writing, private use, and planes nobody has assigned. A text
# of many different characters would otherwise look each of them up.
_PLAIN_BLOCKS = (0x3400, 0xA48D, 0xAC00, 0xD7A4, 0xE000, 0xF900, 0x20000, 0x2F800, 0x30000, 0xE0000, 0xE1000, 0x110000)


def fold(character: str) -> str:
    """Return what signatures read in place of a character: ASCII for a look-alike, empty for an invisible one, else itself."""
    return character if bisect_right(_PLAIN_BLOCKS, ord(character)) % 2 else _fold(character)


@functools.lru_cache(maxsize=32_768)
def _fold(character: str) -> str:
    point = ord(character)
    if point < 0x80:
        return _fold_ascii(character)
    if 0xD800 <= point <= 0xDFFF:
        return REPLACEMENT
    if character in _FOLDS:
        return _FOLDS[character]
    category = unicodedata.category(character)
    if category == "Cn":
        return character
    return _fold_space(character) if category[0] == "Z" else _fold_other(character)


@functools.lru_cache(maxsize=16_384)
def invisible(character: str) -> bool:
    """Return whether a character leaves no mark where it stands; tab, newline and the spaces do not count."""
    if character in "\t\n":
        return False
    if character in _IGNORABLE or any(ord(character) in selectors for selectors in SELECTORS):
        return True
    return unicodedata.category(character) in {"Cc", "Cf", "Cs"} and character not in _SHOWN_FORMATS


def _fold_ascii(character: str) -> str:
    if character in "\v\f":
        return "\n"
    return "" if invisible(character) and character != "\r" else character


def _fold_space(character: str) -> str:
    return " " if unicodedata.category(character) == "Zs" else "\n"


def _fold_other(character: str) -> str:
    if character == "\x85":
        return "\n"
    if invisible(character) or any(ord(character) in marks for marks in _LATIN_MARKS):
        return ""
    for letters, first in _ENCLOSED_LETTERS:
        if ord(character) in letters:
            return chr(ord(first) + ord(character) - letters.start)
    return _fold_compatible(character)


def _fold_compatible(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    parts = unicodedata.normalize("NFKD", character)
    plain = "".join(_FOLDS.get(part, part) for part in parts if not unicodedata.combining(part))
    if plain.isascii() and plain:
        return plain
    bare = "".join(part for part in parts if not any(ord(part) in marks for marks in _LATIN_MARKS))
    return _fold_letter(bare if len(bare) == 1 else character)


def _fold_letter(letter: str) -> str:
    """Return a letter without an ASCII form in lower case: what matches bytes knows capitals in ASCII only."""
    small = letter.lower()
    return letter if len(small) != 1 else _FOLDS.get(small, small)

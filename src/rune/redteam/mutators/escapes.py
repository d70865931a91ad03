"""Escapes of programming languages, addresses and markup: exact for any text, so each may hold another disguise."""

from __future__ import annotations

import html
import json
import random
import unicodedata
import urllib.parse
from html.entities import html5

from rune.redteam.mutators.mutator import Mutator


def percent(text: str, _: random.Random) -> str:
    """Percent-encode what an address cannot hold."""
    return urllib.parse.quote(text, safe="")


def percent_all(text: str, _: random.Random) -> str:
    """Percent-encode every byte."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


def percent_twice(text: str, chance: random.Random) -> str:
    """Percent-encode every byte, and the percent signs again."""
    return percent_all(text, chance).replace("%", "%25")


def percent_some(text: str, chance: random.Random) -> str:
    """Percent-encode about every third letter, and all that an address cannot hold."""
    return "".join(percent_all(sign, chance) if chance.random() < 0.3 else urllib.parse.quote(sign, safe="") for sign in text)


def percent_unicode(text: str, _: random.Random) -> str:
    """The %uXXXX escapes of old scripts."""
    return "".join(f"%u{unit:04X}" for unit in _utf16(text))


def entities_named(text: str, _: random.Random) -> str:
    """Named entities: letters of a mathematical alphabet, spaces, punctuation."""
    signs = {
        " ": "&nbsp;",
        ",": "&comma;",
        ".": "&period;",
        ":": "&colon;",
        "!": "&excl;",
        "?": "&quest;",
        "'": "&apos;",
        "\n": "&NewLine;",
    }
    return "".join(signs.get(sign) or (f"&{sign}opf;" if f"{sign}opf;" in html5 else html.escape(sign)) for sign in text)


def entities_decimal(text: str, _: random.Random) -> str:
    """Decimal entities."""
    return "".join(f"&#{ord(sign)};" for sign in text)


def entities_hexadecimal(text: str, _: random.Random) -> str:
    """Hexadecimal entities."""
    return "".join(f"&#x{ord(sign):X};" for sign in text)


def entities_loose(text: str, _: random.Random) -> str:
    """Decimal entities with leading zeros and no semicolon."""
    return "".join(f"&#{ord(sign):07d}" for sign in text)


def entities_some(text: str, chance: random.Random) -> str:
    """Decimal entities for about every third letter."""
    return "".join(f"&#{ord(sign)};" if sign in "&<>" or chance.random() < 0.3 else sign for sign in text)


def json_escapes(text: str, _: random.Random) -> str:
    """The escapes of JSON, for every character."""
    return "".join(f"\\u{unit:04x}" for unit in _utf16(text))


def json_some(text: str, chance: random.Random) -> str:
    """A JSON string in which about every third letter is escaped."""
    return '"' + "".join(json_escapes(sign, chance) if chance.random() < 0.3 else json.dumps(sign)[1:-1] for sign in text) + '"'


def long_escapes(text: str, _: random.Random) -> str:
    """The escapes of eight digits."""
    return "".join(f"\\U{ord(sign):08x}" for sign in text)


def braced_escapes(text: str, _: random.Random) -> str:
    r"""The escapes of JavaScript with braces."""
    return "".join(f"\\u{{{ord(sign):x}}}" for sign in text)


def named_escapes(text: str, _: random.Random) -> str:
    r"""The named escapes of Python; what has no name stays."""
    return "".join(f"\\N{{{name}}}" if (name := unicodedata.name(sign, "")) else sign for sign in text)


def style_escapes(text: str, _: random.Random) -> str:
    """The escapes of style sheets."""
    return "".join(f"\\{ord(sign):06x}" for sign in text)


def code_points(text: str, _: random.Random) -> str:
    """The notation of Unicode for code points."""
    return " ".join(f"U+{ord(sign):04X}" for sign in text)


def _utf16(text: str) -> list[int]:
    data = text.encode("utf-16-be")
    return [data[place] << 8 | data[place + 1] for place in range(0, len(data), 2)]


ESCAPES = (
    Mutator("url", percent, nests=True),
    Mutator("url-all", percent_all, nests=True),
    Mutator("url-twice", percent_twice, nests=True),
    Mutator("url-some", percent_some, nests=True),
    Mutator("url-unicode", percent_unicode, nests=True),
    Mutator("html-named", entities_named),
    Mutator("html-decimal", entities_decimal, nests=True),
    Mutator("html-hex", entities_hexadecimal, nests=True),
    Mutator("html-loose", entities_loose, nests=True),
    Mutator("html-some", entities_some, nests=True),
    Mutator("unicode-escapes", json_escapes, nests=True),
    Mutator("unicode-escapes-some", json_some, nests=True),
    Mutator("unicode-long-escapes", long_escapes, nests=True),
    Mutator("unicode-braced-escapes", braced_escapes, nests=True),
    Mutator("unicode-named-escapes", named_escapes, nests=True),
    Mutator("style-escapes", style_escapes, nests=True),
    Mutator("code-points", code_points, nests=True),
)
"""Each writes characters as escapes."""

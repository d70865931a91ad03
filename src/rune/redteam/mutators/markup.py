"""Disguises by markup and by the syntax of programs, put inside words or around their parts."""

from __future__ import annotations

import random
import re

from rune.redteam.mutators.mutator import Mutate, Mutator

_WORD = re.compile(r"[^\W_]{3,}")


def tags_inside(text: str, chance: random.Random) -> str:
    """Make a part of every word bold, italic or a span."""
    return _parts_in(text, chance, ("<b>{}</b>", "<i>{}</i>", "<span>{}</span>", '<font color="#000">{}</font>'))


def emphasis_inside(text: str, chance: random.Random) -> str:
    """Make a part of every word bold in Markdown."""
    return _parts_in(text, chance, ("**{}**", "*{}*", "__{}__", "~~{}~~"))


def code_inside(text: str, chance: random.Random) -> str:
    """Mark a part of every word as code in Markdown."""
    return _parts_in(text, chance, ("`{}`",))


def board_tags_inside(text: str, chance: random.Random) -> str:
    """Make a part of every word bold in the markup of forums."""
    return _parts_in(text, chance, ("[b]{}[/b]", "[i]{}[/i]"))


def latex_inside(text: str, chance: random.Random) -> str:
    """Set a part of every word with a LaTeX command."""
    return _parts_in(text, chance, (r"\textbf{{{}}}", r"\emph{{{}}}", r"\text{{{}}}", "{{{}}}"))


def links_inside(text: str, chance: random.Random) -> str:
    """Make a part of every word a link."""
    return _parts_in(text, chance, ("[{}](#)", '<a href="#">{}</a>'))


def terminal_colors(text: str, chance: random.Random) -> str:
    """Color a part of every word with the escapes of terminals."""
    return _parts_in(text, chance, ("\x1b[1m{}\x1b[0m", "\x1b[31m{}\x1b[39m"))


def concatenated(text: str, chance: random.Random) -> str:
    """Write the text as a sum of strings."""
    return " + ".join(f'"{part}"' for part in _cut(text, chance))


def concatenated_dots(text: str, chance: random.Random) -> str:
    """Write the text as strings joined by dots."""
    return " . ".join(f"'{part}'" for part in _cut(text.replace("'", "’"), chance))


def adjacent_strings(text: str, chance: random.Random) -> str:
    """Write the text as strings side by side, which a compiler joins."""
    return "(" + "\n ".join(f'"{part}"' for part in _cut(text, chance)) + ")"


def joined_list(text: str, chance: random.Random) -> str:
    """Write the text as a list of strings that a program joins."""
    return "''.join([" + ", ".join(repr(part) for part in _cut(text, chance)) + "])"


def character_list(text: str, _: random.Random) -> str:
    """Write the text as a list of single characters."""
    return "[" + ", ".join(repr(sign) for sign in text) + "]"


def character_array(text: str, _: random.Random) -> str:
    """Write the text as an array of characters in double quotes, without spaces."""
    return "[" + ",".join(f'"{sign}"' for sign in text) + "]"


def variables(text: str, chance: random.Random) -> str:
    """Give parts of the text names and ask for them in a row."""
    parts = _cut(text, chance)
    named = "\n".join(f'v{place} = "{part}"' for place, part in enumerate(parts))
    return f"{named}\n{' + '.join(f'v{place}' for place in range(len(parts)))}"


def empty_quotes(text: str, chance: random.Random) -> str:
    """Put empty quotes, which a shell removes, inside every word."""
    return _inside(text, chance, ("''", '""'))


def backslashes(text: str, _: random.Random) -> str:
    """Put a backslash, which a shell removes, before every inner letter of a word."""
    return _WORD.sub(lambda found: found[0][0] + "".join("\\" + letter for letter in found[0][1:]), text)


def _parts_in(text: str, chance: random.Random, forms: tuple[str, ...]) -> str:
    """Return the text with the middle or the end of every word in a form drawn for it."""

    def formed(found: re.Match[str]) -> str:
        word = found[0]
        start = chance.randint(1, len(word) - 2)
        end = chance.randint(start + 1, len(word))
        return word[:start] + chance.choice(forms).format(word[start:end]) + word[end:]

    return _WORD.sub(formed, text)


def _inside(text: str, chance: random.Random, signs: tuple[str, ...]) -> str:
    def broken(found: re.Match[str]) -> str:
        place = chance.randint(1, len(found[0]) - 1)
        return found[0][:place] + chance.choice(signs) + found[0][place:]

    return _WORD.sub(broken, text)


def _inserted(*signs: str) -> Mutate:
    """Return a disguise that puts one of `signs` inside every word."""
    return lambda text, chance: _inside(text, chance, signs)


def _cut(text: str, chance: random.Random) -> list[str]:
    """Return the text in parts of 2 to 9 characters, without the double quotes and backslashes that would end a string."""
    plain, parts, place = text.replace('"', "'").replace("\\", "/").replace("\n", " "), [], 0
    while place < len(plain):
        width = chance.randint(2, 9)
        parts.append(plain[place : place + width])
        place += width
    return parts


MARKUP = (
    Mutator("html-tags-inside", tags_inside),
    Mutator("html-empty-tags-inside", _inserted("<b></b>", "<span></span>", "<i/>", "<wbr>")),
    Mutator("html-comments-inside", _inserted("<!-- -->", "<!--x-->", "<!---->")),
    Mutator("markdown-emphasis-inside", emphasis_inside),
    Mutator("markdown-code-inside", code_inside),
    Mutator("forum-tags-inside", board_tags_inside),
    Mutator("latex-inside", latex_inside),
    Mutator("links-inside", links_inside),
    Mutator("terminal-colors-inside", terminal_colors),
    Mutator("block-comments-inside", _inserted("/**/", "/* */", "/*x*/")),
    Mutator("template-comments-inside", _inserted("{# #}", "{{!}}", "{* *}")),
    Mutator("empty-quotes-inside", empty_quotes),
    Mutator("backslashes-inside", backslashes),
    Mutator("string-concatenation", concatenated),
    Mutator("string-concatenation-by-dots", concatenated_dots),
    Mutator("adjacent-strings", adjacent_strings),
    Mutator("joined-list", joined_list),
    Mutator("character-list", character_list),
    Mutator("character-array", character_array),
    Mutator("variables", variables),
)
"""Each breaks words by markup, or the text into strings."""

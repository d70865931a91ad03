"""Reads a text the way a reader sees it: look-alikes as ASCII, spaces as spaces, nothing that cannot be seen.

Plain ASCII, by far the most common text, is recognized in one pass and returned as it is. Everything else is folded character by character
(`rune.scan.characters`), and the view remembers where each character stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from rune.scan.assembly import Assembly
from rune.scan.characters import fold
from rune.scan.places import runs
from rune.types import View

_NONE: frozenset[str] = frozenset()
_FEW = 200
"""Up to here, one search and replace a character is faster than one look at every character."""
_PLAIN = bytes(range(0x20, 0x7F)) + b"\t\n\r"
_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_TERMINAL_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?)")


def flatten(text: str) -> bytes:
    """Return one byte a character; what has no Latin-1 byte becomes `?`, which no encoding is written with."""
    return text.encode("latin-1", "replace")


class Reading(NamedTuple):
    """One text, as it was received or decoded, and as signatures read it."""

    raw: View
    view: View
    """The text folded; the same object as `raw` when there was nothing to fold."""
    odd: frozenset[str]
    """The characters of `raw` that are not printable ASCII, tab or newline."""
    data: bytes
    """UTF-8 of the folded text."""

    @property
    def flat(self) -> bytes:
        """The folded text as one byte a character, so that offsets in both are the same."""
        return self.data if len(self.data) == len(self.view.text) else flatten(self.view.text)


def is_plain(data: bytes) -> bool:
    """Return whether a text, given as UTF-8, is printable ASCII with tabs and newlines, so that there is nothing to fold."""
    return not data.translate(None, _PLAIN)


def read(view: View) -> Reading:
    """Return the reading of a text; any string is read, lone surrogates and NUL included."""
    data = view.text.encode("utf-8", "surrogatepass")
    odd = data.translate(None, _PLAIN)
    if not odd:
        return Reading(view, view, _NONE, data)
    characters = frozenset(odd.decode("utf-8", "surrogatepass"))
    folded = _folded(view, characters)
    return Reading(view, folded, characters, data if folded is view else folded.text.encode("utf-8"))


def _folded(view: View, odd: Iterable[str]) -> View:
    text = view.text
    if "\x1b" in odd:
        text = _TERMINAL_SEQUENCE.sub(lambda match: "\0" * len(match[0]), text)
    if any("\ud800" <= character <= "\udfff" for character in odd):
        text = _without_pairs(text)
    folds = [(character, fold(character)) for character in (odd if text is view.text else set(text))]
    moving = {character: plain for character, plain in folds if len(plain) != 1}
    text = _swapped(text, [(character, plain) for character, plain in folds if len(plain) == 1 and plain != character])
    if moving:
        return _without(text, moving, view)
    return view if text == view.text else View(text, view.chain, (0,), (0,), parent=view)


def _swapped(text: str, swaps: list[tuple[str, str]]) -> str:
    if len(swaps) > _FEW:
        return text.translate({ord(character): plain for character, plain in swaps})
    for character, plain in swaps:
        text = text.replace(character, plain)
    return text


def _without_pairs(text: str) -> str:
    """Put the character that each surrogate pair stands for in its place."""
    pairs = set(_SURROGATE_PAIR.findall(text))
    if len(pairs) > _FEW:
        return _SURROGATE_PAIR.sub(lambda pair: _joined(pair[0]), text)
    for pair in pairs:
        text = text.replace(pair, _joined(pair))
    return text


def _joined(pair: str) -> str:
    """Return the character a surrogate pair stands for, padded with a NUL so that no offset moves."""
    return chr(0x10000 + (ord(pair[0]) - 0xD800) * 0x400 + ord(pair[1]) - 0xDC00) + "\0"


def _without(text: str, moving: dict[str, str], view: View) -> View:
    """Replace every character of `moving`, none of which keeps its length, and note where each piece came from."""
    assembly = Assembly()
    position = 0
    for start, end in runs(text, moving):
        assembly.add(text[position:start], position, start)
        for place in range(start, end):
            if plain := moving[text[place]]:
                assembly.add(plain, place, place + 1)
        position = end
    assembly.add(text[position:], position, len(text))
    return assembly.view(view)

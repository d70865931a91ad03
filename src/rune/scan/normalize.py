"""Reads a text the way a reader sees it: look-alikes as ASCII, spaces as spaces, nothing that cannot be seen.

Plain ASCII, by far the most common text, is recognized in one pass and returned as it is. Everything else is folded character by character
(`rune.scan.characters`), and the view remembers where each character stood.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from itertools import compress, groupby

from rune.scan.characters import fold
from rune.types import View

_PLAIN = bytes(range(0x20, 0x7F)) + b"\t\n\r"
_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_TERMINAL_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?)")


def unusual(text: str) -> str:
    """Return the characters of `text` that are not printable ASCII, tab or newline, in order; empty for plain text."""
    return text.encode("utf-8", "surrogatepass").translate(None, _PLAIN).decode("utf-8", "surrogatepass")


def normalize(view: View) -> View:
    """Return the view as signatures read it; the same object when there is nothing to fold."""
    odd = unusual(view.text)
    return _folded(view, odd) if odd else view


def _folded(view: View, odd: str) -> View:
    text = view.text
    if "\x1b" in odd:
        text = _TERMINAL_SEQUENCE.sub(lambda match: "\0" * len(match[0]), text)
    if any("\ud800" <= character <= "\udfff" for character in set(odd)):
        text = _SURROGATE_PAIR.sub(_joined, text)
    characters = set(text if text is not view.text else odd)
    folds = {character: fold(character) for character in characters}
    swaps = {ord(character): plain for character, plain in folds.items() if len(plain) == 1 and plain != character}
    moving = {character: plain for character, plain in folds.items() if len(plain) != 1}
    if swaps:
        text = text.translate(swaps)
    if not moving:
        return view if text == view.text else View(text, view.chain, (0,), (0,), parent=view)
    return _without(text, moving, view)


def _joined(pair: re.Match[str]) -> str:
    """Return the character a surrogate pair stands for, padded with a NUL so that no offset moves."""
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16") + "\0"


def _without(text: str, moving: dict[str, str], view: View) -> View:
    """Replace every character of `moving`, none of which keeps its length, and note where each piece came from."""
    pieces: list[str] = []
    starts, targets, ends = array("I"), array("I"), array("I")
    position = length = 0
    for start, end in _runs(compress(range(len(text)), map(moving.__contains__, text))):
        for piece, low, high in ((text[position:start], position, start), ("".join([moving[c] for c in text[start:end]]), start, end)):
            if piece:
                pieces.append(piece)
                starts.append(length)
                targets.append(low)
                ends.append(high)
                length += len(piece)
        position = end
    if position < len(text):
        pieces.append(text[position:])
        starts.append(length)
        targets.append(position)
        ends.append(len(text))
    return View("".join(pieces), view.chain, starts, targets, ends=ends, parent=view)


def _runs(positions: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Join neighboring positions into half-open ranges."""
    for _, group in groupby(enumerate(positions), lambda item: item[1] - item[0]):
        run = [position for _, position in group]
        yield run[0], run[-1] + 1

"""A decoded piece of a text, and the view that shows such pieces in their surroundings."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

from rune.types import View

CONTEXT = 120
"""Characters shown on both sides of a decoded piece, so that a sentence of which only a part was encoded is read whole."""


class Piece(NamedTuple):
    """The characters `[start, end)` of a text, decoded to `text`."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class _Assembly:
    """A view under construction: its parts, and for each the range of the parent it came from."""

    parts: list[str] = field(default_factory=list)
    starts: array[int] = field(default_factory=lambda: array("I"))
    targets: array[int] = field(default_factory=lambda: array("I"))
    ends: array[int] = field(default_factory=lambda: array("I"))
    length: int = 0

    def add(self, text: str, start: int, end: int) -> None:
        if text:
            self.parts.append(text)
            self.starts.append(self.length)
            self.targets.append(start)
            self.ends.append(end)
            self.length += len(text)


def spliced(view: View, pieces: Sequence[Piece], name: str, context: int = CONTEXT) -> View:
    """Return a view of the pieces in place of what they were decoded from, each with `context` characters of the view around it.

    Pieces are in order and do not overlap; those too far apart to share their surroundings are separated by a newline.
    """
    assembly = _Assembly()
    text = view.text
    position = max(pieces[0].start - context, 0)
    for piece, following in zip_longest(pieces, pieces[1:]):
        assembly.add(text[position : piece.start], position, piece.start)
        assembly.add(piece.text, piece.start, piece.end)
        position = piece.end
        if following is None or following.start - piece.end > 2 * context:
            assembly.add(text[position : position + context], position, min(position + context, len(text)))
        if following is not None and following.start - piece.end > 2 * context:
            assembly.add("\n", position + context, position + context)
            position = following.start - context
    return View("".join(assembly.parts), (*view.chain, name), assembly.starts, assembly.targets, ends=assembly.ends, parent=view)


def joined(view: View, pieces: Sequence[Piece], name: str) -> View:
    """Return a view of nothing but the pieces, one directly after the other."""
    assembly = _Assembly()
    for piece in pieces:
        assembly.add(piece.text, piece.start, piece.end)
    return View("".join(assembly.parts), (*view.chain, name), assembly.starts, assembly.targets, ends=assembly.ends, parent=view)

"""A decoded piece of a text, and the view that shows such pieces in their surroundings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from rune.scan.assembly import Assembly
from rune.types import View

CONTEXT = 120
"""Characters shown on both sides of a decoded piece, so that a sentence of which only a part was encoded is read whole."""


class Piece(NamedTuple):
    """The characters `[start, end)` of a text, decoded to `text`."""

    start: int
    end: int
    text: str


def merged(first: Sequence[Piece], second: Sequence[Piece]) -> list[Piece]:
    """Return both in order; of two that overlap, the one that begins first."""
    kept: list[Piece] = []
    for piece in sorted([*first, *second]):
        if not kept or piece.start >= kept[-1].end:
            kept.append(piece)
    return kept


def spliced(view: View, pieces: Sequence[Piece], name: str, context: int = CONTEXT) -> View:
    """Return a view of the pieces in place of what they were decoded from, each with `context` characters of the view around it.

    Pieces are in order and do not overlap; those too far apart to share their surroundings are separated by a newline.
    """
    assembly = Assembly()
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
    return assembly.view(view, name)

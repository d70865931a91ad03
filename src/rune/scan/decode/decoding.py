"""What a decoding is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rune.scan.decode.piece import Piece

Window = tuple[int, int]
"""The range `[start, end)` of a text."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """An encoding Rune undoes; the name stands in `View.chain` and `Finding.chain`."""

    name: str
    pieces: Callable[[bytes], list[Piece]]
    """Returns what can be decoded in a text given as one byte a character."""
    shapes: tuple[bytes, ...] = ()
    """Patterns, in the syntax of RE2 and Hyperscan, of which a text with this encoding matches one."""
    rows: tuple[bytes, ...] = ()
    """The same for patterns that begin with ordinary letters or digits: looked for only where a gate or their union is found."""
    gates: tuple[bytes, ...] = ()
    """Patterns that begin with rarer characters, one of which is wherever one of the rows is; none: the rows join the union."""
    words: tuple[bytes, ...] = ()
    """The same over the simplified text."""
    exact: bool = True
    """False for one that guesses, whose finding something at the bottom of a nest does not mean that the nest goes on."""
    reach: int = 600
    """Characters that what is encoded may go on for beyond the last place that triggers the decoding."""

    def within(self, flat: bytes, windows: Iterable[Window]) -> Iterator[Piece]:
        """Yield what can be decoded in parts of a text, in order; the windows are in order and do not overlap."""
        for start, end in windows:
            if start == 0 and end >= len(flat):
                yield from self.pieces(flat)
            else:
                yield from (Piece(start + low, start + high, text) for low, high, text in self.pieces(flat[start:end]))

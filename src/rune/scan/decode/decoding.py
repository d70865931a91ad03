"""What a decoding is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rune.scan.decode.piece import Piece


@dataclass(frozen=True, slots=True)
class Decoding:
    """An encoding Rune undoes; the name stands in `View.chain` and `Finding.chain`."""

    name: str
    pieces: Callable[[bytes], list[Piece]]
    """Returns what can be decoded in a text given as one byte a character."""
    shapes: tuple[bytes, ...] = ()
    """Patterns, in the syntax of RE2 and Hyperscan, of which a text with this encoding matches one."""
    words: tuple[bytes, ...] = ()
    """The same over the simplified text."""
    exact: bool = True
    """False for one that guesses, whose finding something at the bottom of a nest does not mean that the nest goes on."""

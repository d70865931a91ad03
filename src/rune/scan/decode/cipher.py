"""Letters replaced by other letters: every Caesar shift (ROT13 among them) and Atbash; and ROT47, which replaces the signs as well.

Only stretches that read as language afterwards, and better than before, are decoded.
"""

from __future__ import annotations

import functools
import re
import string
from collections.abc import Callable

from rune.scan.decode.language import SEQUENCES, likeness
from rune.scan.decode.piece import Piece
from rune.scan.decode.simple import finder, simple
from rune.scan.decode.tokens import undone

_LOWER = string.ascii_lowercase.encode()
SHIFTS = range(1, 26)
_GRAPHIC = bytes(range(33, 127))
_ROT47 = bytes.maketrans(_GRAPHIC, _GRAPHIC[47:] + _GRAPHIC[:47])


def shift(by: int) -> bytes:
    """Return the table that moves every letter `by` places on in the alphabet."""
    return _table(_LOWER[by:] + _LOWER[:by])


def _table(plain: bytes) -> bytes:
    return bytes.maketrans(_LOWER + _LOWER.upper(), plain + plain.upper())


TABLES = {f"rot{by}": shift(26 - by) for by in SHIFTS} | {"atbash": _table(_LOWER[::-1]), "rot47": _ROT47}
"""Name of each cipher → the table that undoes it."""

_TOKEN = rb"[ \n][A-Za-z0-9]{0,12}(?:[A-Za-z][0-9]|[0-9][A-Za-z])[A-Za-z0-9]{0,12}"
MIXED = rb"[A-Za-z][0-9][A-Za-z0-9]{0,12}" + _TOKEN + _TOKEN + rb"[ .,!?\n]"
"""Words of letters and digits in a row, as signs for letters leave them."""
MIXED_PATTERN = re.compile(MIXED)
_LANGUAGE = 0.2
_PLACES = finder(SEQUENCES)
_BACK = {f"rot{by}": shift(by) for by in SHIFTS} | {"atbash": _table(_LOWER[::-1]), "rot47": _ROT47}


def pieces_of(name: str) -> Callable[[bytes], list[Piece]]:
    """Return the function that undoes the cipher."""
    return functools.partial(_pieces, TABLES[name])


def written(name: str, sequence: bytes) -> bytes:
    """Return how the cipher writes a sequence."""
    return sequence.translate(_BACK[name])


@functools.cache
def sequences(name: str) -> tuple[bytes, ...]:
    """Return how the cipher writes the common sequences, without those it writes as language has them as well."""
    forms = [written(name, sequence) for sequence in SEQUENCES]
    return tuple(form for form in forms if name == "rot47" or likeness(form) < _LANGUAGE)


def _pieces(table: bytes, flat: bytes) -> list[Piece]:
    undo = functools.partial(_undone, table)
    found = _PLACES(simple(flat.translate(table)))
    if found:
        return undone(flat, found, undo, undo)
    # Letters that were replaced by signs after the cipher: the signs are undone first.
    plain = simple(flat).lower().translate(table)
    found = _PLACES(plain) if MIXED_PATTERN.search(flat) else []
    undo = functools.partial(_undone_signs, table)
    return undone(flat, found, undo, undo) if found else []


def _undone(table: bytes, text: bytes) -> bytes:
    return text.translate(table)


def _undone_signs(table: bytes, text: bytes) -> bytes:
    return simple(text).lower().translate(table)


def shapes(sequences: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return the patterns that match the sequences as they stand."""
    return tuple(b"".join(b"\\x%02x" % code for code in sequence) for sequence in sequences)

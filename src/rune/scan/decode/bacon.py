"""Bacon's cipher: five `a` or `b` a letter, with 24 letters (i is j, u is v) or 26."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rune.scan.decode.language import likeness
from rune.scan.decode.piece import Piece
from rune.scan.decode.segments import segmented

_OLD = "abcdefghiklmnopqrstuwxyz"
_NEW = "abcdefghijklmnopqrstuvwxyz"
# Bounded, because `re` keeps a record of every repetition of a group.
_RUN = re.compile(rb"(?<![A-Za-z])(?:[abAB]{5}[ /|,]{0,4}){5,4096}(?![A-Za-z])")
_GROUP = re.compile(r"([ab]{5})([^ab]*)")
_ONE_LETTER = re.compile(rb"[^bB]*|[^aA]*")
_WORDLIKE = 0.3


def pieces(flat: bytes) -> list[Piece]:
    """Return the rows of such groups that spell something like language."""
    return list(_pieces(flat))


def _pieces(flat: bytes) -> Iterator[Piece]:
    for run in _RUN.finditer(flat):
        if _ONE_LETTER.fullmatch(run[0]):
            continue
        found = _GROUP.findall(run[0].decode("ascii").lower())
        forms = [_spelled(found, letters) for letters in (_OLD, _NEW)]
        text = max(forms, key=lambda form: likeness(form.encode()))
        if likeness(text.encode()) > _WORDLIKE:
            yield Piece(run.start(), run.end(), (" " not in text and segmented(text)) or text)


def _spelled(groups: list[tuple[str, str]], letters: str) -> str:
    places = [int(group.translate(str.maketrans("ab", "01")), 2) for group, _ in groups]
    gaps = [" " if len(gap.strip(" ")) or len(gap) > 1 else "" for _, gap in groups]
    return "".join((letters[place] if place < len(letters) else "?") + gap for place, gap in zip(places, gaps, strict=True))

"""Which rows teach, which calibrate, and which are only measured on."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

from training.rows import HELD_OUT, Row, blind, corpus, data, distinct, tuned

MOST_OF_A_SOURCE = 400
"""Held-out rows of one source and label that calibrate; more would let the largest sources decide alone."""


def teaching() -> list[Row]:
    """Return what the shipped weights learn from: everything that may be learned from but the sources held out."""
    return distinct([*corpus(), *(row for row in data() if row.source not in HELD_OUT)])


def calibrating(seed: int = 1) -> list[Row]:
    """Return rows that nothing learned from: the sources held out, honest ones that may only be measured on, and half of the blind set."""
    held = [row for row in data() if row.source in HELD_OUT]
    return [*_capped([*distinct(held), *tuned()], seed), *_blind_half(0)]


def measured() -> list[Row]:
    """Return the other half of the blind set."""
    return _blind_half(1)


def _blind_half(half: int) -> list[Row]:
    """Return every second block of eight rows, so that twins stay together."""
    return [row for number, row in enumerate(blind()) if number // 8 % 2 == half]


def _capped(rows: Sequence[Row], seed: int) -> list[Row]:
    chance = random.Random(seed)
    groups: dict[tuple[str, str, int], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.source, row.channel, row.label].append(row)
    return [row for group in groups.values() for row in chance.sample(group, min(len(group), MOST_OF_A_SOURCE))]

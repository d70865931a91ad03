"""Turns rows into windows to learn from: the size of text that the detector looks at, never a whole document.

A document gives its label away by its carrier, so every payload also stands beside a sentence of an honest carrier, and so do harmless
inserts that only look like instructions (triples). What an honest carrier says is never learned as hostile.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rune.scan.classifier.light import SENTENCE_TOKENS, SENTENCES
from rune.scan.classifier.tokens import BREAK, tokens
from training.rows import Row

Sentence = tuple[bytes, ...]

HONEST_WINDOWS = 10
"""Windows taken of one honest text."""
HOSTILE_WINDOWS = 5
"""Windows taken of one hostile text whose payload is not marked."""
WINDOW_TOKENS = 60
_ALSO_IN: dict[str, tuple[str, ...]] = {"user": ("data", "agent"), "data": (), "agent": ("data",)}
"""Where an injection counts as one too, at half its weight. What is foreign to a document may be an ordinary order between agents."""
_ONLY_IN_DATA = frozenset({"tasktracker", "bipia"})
"""Their payloads are ordinary requests, hostile only because they stand in data."""


@dataclass(frozen=True, slots=True)
class Example:
    """One window."""

    sentences: tuple[Sentence, ...]
    channel: str
    label: int
    weight: float
    row: int
    """Number of the row it was taken from."""


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of a text, cut where the detector cuts them."""
    found: list[Sentence] = []
    current: list[bytes] = []
    for token in [*tokens(text), BREAK]:
        if token == BREAK or len(current) >= SENTENCE_TOKENS:
            if current:
                found.append(tuple(current))
            current = []
        if token != BREAK:
            current.append(token)
    return [*found, tuple(current)] if current else found


def windows(parts: Sequence[Sentence]) -> list[tuple[Sentence, ...]]:
    """Return every window of one to three sentences."""
    return [
        tuple(parts[first:last])
        for first in range(len(parts))
        for last in range(first + 1, min(first + SENTENCES, len(parts)) + 1)
        if last == first + 1 or sum(map(len, parts[first:last])) <= WINDOW_TOKENS
    ]


def examples(rows: Sequence[Row], seed: int) -> list[Example]:
    """Return the windows of these rows, the same for the same seed."""
    chance = random.Random(seed)
    carriers = _carriers(rows)
    found: list[Example] = []
    for number, row in enumerate(rows):
        parts = sentences(row.payload or row.text)
        if parts:
            found += _hostile(number, row, parts, carriers, chance) if row.label else _honest(number, row, parts, carriers, chance)
    return found


def _carriers(rows: Iterable[Row]) -> dict[str, list[Sentence]]:
    found: dict[str, list[Sentence]] = defaultdict(list)
    for row in rows:
        if not row.label and row.channel != "user":
            found[row.channel] += [part for part in sentences(row.text) if 3 <= len(part) <= 30][:6]
    return found


def _honest(number: int, row: Row, parts: list[Sentence], carriers: dict[str, list[Sentence]], chance: random.Random) -> Iterator[Example]:
    every = windows(parts)
    for window in chance.sample(every, HONEST_WINDOWS) if len(every) > HONEST_WINDOWS else every:
        yield Example(window, row.channel, 0, 1.0, number)
    if row.family == "insert":
        for channel in ("data", "agent", "data"):
            yield Example(_beside(tuple(parts[:2]), carriers[channel], chance), channel, 0, 1.0, number)


def _hostile(number: int, row: Row, parts: list[Sentence], carriers: dict[str, list[Sentence]], chance: random.Random) -> Iterator[Example]:
    chosen = _payloads(row, parts, {part for kept in carriers.values() for part in kept} if row.source == "agentdojo" else set(), chance)
    also = () if row.jailbreak or row.source in _ONLY_IN_DATA else _ALSO_IN[row.channel]
    for channel, share in ((row.channel, 1.0), *((other, 0.5) for other in also)):
        for window in chosen:
            weight = share / len(chosen)
            yield Example(window, channel, 1, weight, number)
            if channel != "user":
                yield Example(_beside(window[:SENTENCES], carriers[channel], chance), channel, 1, 0.7 * weight, number)


def _payloads(row: Row, parts: list[Sentence], honest: set[Sentence], chance: random.Random) -> list[tuple[Sentence, ...]]:
    if row.payload or len(parts) <= 4:
        return [tuple(parts[:5])]
    every = [window for window in windows(parts) if honest.isdisjoint(window)] or windows(parts)
    return chance.sample(every, min(HOSTILE_WINDOWS, len(every)))


def _beside(window: tuple[Sentence, ...], carriers: list[Sentence], chance: random.Random) -> tuple[Sentence, ...]:
    if not carriers:
        return window
    carrier = chance.choice(carriers)
    return (carrier, *window) if chance.random() < 0.5 else (*window, carrier)

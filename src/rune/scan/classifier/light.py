"""The light classifier: a linear model over hashed words and pairs of words, summed over windows of one to three sentences.

It needs nothing but the standard library. A word's feature is the CRC-32 of its bytes, a pair's the CRC-32 of the second word started from
the first one's; weights are one signed byte each (the "hashing trick" of Weinberger et al., 2009). Each channel has weights of its own,
because the same sentence is a request in one and an attack in another.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, chain
from math import sqrt
from operator import add
from typing import NamedTuple
from zlib import crc32

from rune.scan.channel import Channel
from rune.scan.classifier.model import Model
from rune.scan.classifier.tokens import BREAK

SENTENCE_TOKENS = 40
"""A longer run without a break is cut here."""
SENTENCES = 3
"""Most sentences in one window."""
SHORTEST = 8
"""A window counts as if it had at least this many features, so that one strong word alone decides nothing."""


class Window(NamedTuple):
    """The most suspicious stretch of a text."""

    logit: float
    """Calibrated log-odds that the text gives orders it should not."""
    start: int
    """Index of its first token."""
    end: int
    """Index after its last token."""
    sentences: int
    """Sentences in the whole text."""


def score(tokens: list[bytes], model: Model, channel: Channel) -> Window | None:
    """Return the window that weighs most, or None when the text has no word."""
    if len(tokens) == tokens.count(BREAK):
        return None
    weights = model.channels[channel.value]
    stream = [BREAK, *tokens, BREAK]
    sums = _sums(stream, weights.table, model.mask)
    edges = _edges(stream)
    raw, first, last = max(_windows(sums, edges))
    logit = weights.calibrated(raw * weights.scale, len(edges) - 1)
    return Window(logit, edges[first], max(edges[last] - 1, edges[first] + 1), len(edges) - 1)


def _sums(stream: list[bytes], table: memoryview, mask: int) -> list[int]:
    """Return, for each place, what all tokens before it add: their own weights and those of the pairs they form with the token before."""
    words = list(map(crc32, stream))
    pairs = map(crc32, stream[1:], words)
    alone = [table[word & mask] for word in words]
    paired = [table[pair & mask] for pair in pairs]
    return list(accumulate(map(add, alone, chain((0,), paired)), initial=0))


def _edges(stream: list[bytes]) -> list[int]:
    """Return the places between which sentences lie, empty ones left out and long ones cut."""
    edges: list[int] = []
    for place in (index for index, token in enumerate(stream) if token == BREAK):
        if edges and place - edges[-1] == 1:
            edges[-1] = place
            continue
        if edges and place - edges[-1] > SENTENCE_TOKENS + 1:
            edges += range(edges[-1] + SENTENCE_TOKENS, place, SENTENCE_TOKENS)
        edges.append(place)
    return edges


def _windows(sums: list[int], edges: list[int]) -> Iterator[tuple[float, int, int]]:
    """Yield value, first and last edge of every window; the value grows with the evidence, not with the length."""
    for size in range(1, min(SENTENCES, len(edges) - 1) + 1):
        for first, (start, end) in enumerate(zip(edges, edges[size:], strict=False)):
            features = 2 * (end - start + 1)
            yield (sums[end + 1] - sums[start]) / sqrt(max(SHORTEST, features)), first, first + size

"""The light classifier: a linear model over hashed words and pairs of words, summed over windows of one to three sentences.

It needs nothing but the standard library. A word's feature is the CRC-32 of its bytes, a pair's the CRC-32 of the second word started from
the first one's; weights are one signed byte each (the "hashing trick" of Weinberger et al., 2009). Each channel has weights of its own,
because the same sentence is a request in one and an attack in another.
"""

from __future__ import annotations

from heapq import nlargest
from itertools import accumulate, chain
from math import sqrt
from operator import add
from typing import NamedTuple
from zlib import crc32

from rune.scan.channel import Channel
from rune.scan.classifier.model import ZERO, Model
from rune.scan.classifier.tokens import BREAK

SENTENCE_TOKENS = 40
"""A longer run without a break is cut here."""
SENTENCES = 3
"""Most sentences in one window."""
SHORTEST = 24
"""A window counts as if it had at least this many features, so that one strong word alone decides nothing."""
_LONGEST = SENTENCES * (SENTENCE_TOKENS + 2)
_SHARE = tuple(1 / sqrt(max(2 * tokens, SHORTEST)) for tokens in range(_LONGEST))


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
    found = worst(tokens, model, channel, 1)
    return found[0] if found else None


def worst(tokens: list[bytes], model: Model, channel: Channel, most: int) -> list[Window]:
    """Return at most `most` windows, the one that weighs most first; none when the text has no word."""
    if len(tokens) == tokens.count(BREAK):
        return []
    weights = model.channels[channel.value]
    stream = [BREAK, *tokens, BREAK]
    edges = _edges(stream)
    found = _heaviest(_sums(stream, weights.table, model.mask), edges, most)
    sentences = len(edges) - 1
    if weights.calibrated(found[0][0] * weights.scale, sentences) >= weights.floor:
        found = _heaviest(_sums_once(stream, weights.table, model.mask), edges, most)
    return [
        Window(weights.calibrated(raw * weights.scale, sentences), edges[first], max(edges[last] - 1, edges[first] + 1), sentences)
        for raw, first, last in found
    ]


def _sums(stream: list[bytes], table: bytes, mask: int) -> list[int]:
    """Return, for each place, what all tokens before it add: their own weights and those of the pairs they form with the token before."""
    words = list(map(crc32, stream))
    pairs = map(crc32, stream[1:], words)
    alone = [table[word & mask] for word in words]
    paired = [table[pair & mask] for pair in pairs]
    return list(accumulate(map(add, alone, chain((ZERO,), paired)), initial=0))


def _sums_once(stream: list[bytes], table: bytes, mask: int) -> list[int]:
    """Return the same sums, but what one sentence repeats counts once: a word said a hundred times is one sign."""
    seen: set[int] = set()
    sums, before = [0], 0
    for place, token in enumerate(stream):
        if token == BREAK or not place % SENTENCE_TOKENS:
            seen = set()
        word = crc32(token)
        pair = crc32(token, before)
        weight = ZERO if word in seen else table[word & mask]
        weight += ZERO if pair in seen or not place else table[pair & mask]
        seen |= {word, pair}
        sums.append(sums[-1] + weight)
        before = word
    return sums


def _edges(stream: list[bytes]) -> list[int]:
    """Return the places between which sentences lie, empty ones left out and long ones cut."""
    breaks = [place for place, token in enumerate(stream) if token == BREAK]
    edges = [0]
    for place in breaks:
        gap = place - edges[-1]
        if gap <= 1:
            edges[-1] = place
            continue
        if gap > SENTENCE_TOKENS + 1:
            edges += range(edges[-1] + SENTENCE_TOKENS, place, SENTENCE_TOKENS)
        edges.append(place)
    return edges


def _heaviest(sums: list[int], edges: list[int], most: int) -> list[tuple[float, int, int]]:
    """Return value, first and last edge of the heaviest windows; the value grows with the evidence, not with the length."""
    found = []
    for size in range(1, min(SENTENCES, len(edges) - 1) + 1):
        values = [_value(sums[end + 1] - sums[start], end - start + 1) for start, end in zip(edges, edges[size:], strict=False)]
        for value in [max(values)] if most == 1 else nlargest(most, values):
            first = values.index(value)
            found.append((value, first, first + size))
    return nlargest(most, found)


def _value(total: int, tokens: int) -> float:
    """Return what a window of so many tokens weighs, each with a weight of its own and one of its pair."""
    share = _SHARE[tokens] if tokens < _LONGEST else 1 / sqrt(2 * tokens)
    return (total - 2 * ZERO * tokens) * share

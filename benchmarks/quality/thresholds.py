"""Which score is an alarm: a threshold a channel, taken from honest sources other than the one it is used on.

Every honest source counts the same in a threshold, small ones less. The nominal share of honest text over it is the largest of `RATES` at
which the false positives really measured, on sources that had no part in their threshold, are as wanted on average in the channel.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from benchmarks.quality.folds import Fold
from benchmarks.quality.measures import Share, share, threshold
from benchmarks.quality.sources import Sample

WANTED, STRICT = 0.01, 0.002
"""Share of honest text over the threshold that a figure is given for."""
RATES = (0.02, 0.015, 0.01, 0.0075, 0.005, 0.003, 0.002, 0.001, 0.0)
CHANNELS = ("user", "data", "agent")
FULL_WEIGHT = 200
"""An honest source with fewer distinct texts than this counts less in a threshold."""
ENOUGH = 25
"""Distinct texts from which on a source counts in a mean or as the worst."""

Scored = Sequence[tuple[Fold, Mapping[int, float]]]
"""Folds with the score of every row left out in them."""


class Thresholds:
    """Decides which rows are over the threshold.

    Args:
        samples: all rows.
        leaders: for each row, the first row that it is a near-duplicate of.
        scored: the scores.
        wanted: mean share of honest text that may be over the threshold, 0 to 1.
        limit: the one threshold for everything; default: one a channel and fold, from honest sources.
    """

    def __init__(
        self, samples: Sequence[Sample], leaders: Sequence[int], scored: Scored, *, wanted: float = WANTED, limit: float | None = None
    ) -> None:
        self.samples = samples
        self._limit = limit
        self.scored = scored
        clusters = [(each.source, each.label, leader) for each, leader in zip(samples, leaders, strict=True)]
        copies = Counter(clusters)
        self.weights = [1 / copies[cluster] for cluster in clusters]
        """Weight of each row: near-duplicates of one source weigh 1 together."""
        self._scores = {fold.name: scores for fold, scores in scored}
        self._known: dict[tuple[str, str, str, float], float] = {}
        self.rates = {channel: next((r for r in RATES if self.measured(channel, r) <= wanted), 0.0) for channel in CHANNELS}
        """The nominal share of honest text over the threshold, a channel."""

    def score(self, fold: Fold, i: int) -> float:
        """Return the score of row `i` in a fold."""
        return self._scores[fold.name][i]

    def over(self, fold: Fold, i: int, rate: float | None = None) -> bool:
        """Return whether row `i` is over the threshold that leaves its own source aside.

        Args:
            fold: the fold it was left out in.
            i: its position.
            rate: nominal share; default: the one found for its channel.
        """
        each = self.samples[i]
        wanted = self.rates[each.channel] if rate is None else rate
        return self.score(fold, i) >= self._threshold(fold, each.channel, each.leaves_out, wanted)

    def measured(self, channel: str, rate: float) -> float:
        """Return the mean over honest sources of the share of their texts over thresholds they had no part in."""
        shares = self.honest(lambda each: each.channel == channel, lambda each: each.leaves_out, rate)
        means = [each.value for each in shares.values() if each.n >= ENOUGH]
        return sum(means) / len(means) if means else 0.0

    def honest(self, which: Callable[[Sample], bool], name: Callable[[Sample], str], rate: float | None = None) -> dict[str, Share]:
        """Return the share of honest texts over the threshold, by name; a row that is left out in several folds counts once in all."""
        times = Counter(i for fold, _ in self.scored for i in fold.honest)
        hits: defaultdict[str, list[tuple[bool, float]]] = defaultdict(list)
        for fold, _ in self.scored:
            for i in fold.honest:
                each = self.samples[i]
                if which(each):
                    hits[name(each)].append((self.over(fold, i, rate), self.weights[i] / times[i]))
        return shares(hits)

    def _threshold(self, fold: Fold, channel: str, leaves_out: str, rate: float) -> float:
        if self._limit is not None:
            return self._limit
        key = (fold.name, channel, leaves_out, rate)
        if key not in self._known:
            honest = [i for i in fold.honest if self.samples[i].channel == channel and self.samples[i].leaves_out != leaves_out]
            self._known[key] = threshold(self._balanced(fold, honest), rate)
        return self._known[key]

    def _balanced(self, fold: Fold, rows: Sequence[int]) -> list[tuple[float, float]]:
        distinct: defaultdict[str, float] = defaultdict(float)
        for i in rows:
            distinct[self.samples[i].leaves_out] += self.weights[i]
        return [(self.score(fold, i), self.weights[i] / max(distinct[self.samples[i].leaves_out], FULL_WEIGHT)) for i in rows]


def shares(hits: Mapping[str, Sequence[tuple[bool, float]]]) -> dict[str, Share]:
    """Return the share of each list of weighted observations, by name, in the order of the names."""
    found = ((name, share(rows)) for name, rows in sorted(hits.items()))
    return {name: each for name, each in found if each is not None}

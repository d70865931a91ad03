"""The statistics of the harness: shares with intervals, thresholds, calibration."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Z = 1.96
"""Two-sided 95 %."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval; `n` is the number of distinct texts behind it, near-duplicates counted once."""

    value: float
    low: float
    high: float
    n: int

    def to_dict(self) -> dict[str, float]:
        """Return a JSON-ready mapping, rounded to a hundredth of a percent."""
        return {"value": round(self.value, 4), "low": round(self.low, 4), "high": round(self.high, 4), "n": self.n}


def share(weighted: Iterable[tuple[bool, float]]) -> Share | None:
    """Return the weighted share of what is true, with its Wilson interval; None when there is nothing.

    Args:
        weighted: what was observed and its weight; near-duplicates have weights that sum to 1, so the sum is the number of distinct texts.
    """
    rows = list(weighted)
    total = sum(weight for _, weight in rows)
    if not total:
        return None
    value = sum(weight for hit, weight in rows if hit) / total
    low, high = wilson(value, total)
    return Share(value, low, high, max(1, round(total)))


def wilson(value: float, n: float) -> tuple[float, float]:
    """Return the Wilson score interval of a share `value` of `n` observations (Wilson, 1927)."""
    spread = 1 + Z * Z / n
    middle = (value + Z * Z / (2 * n)) / spread
    half = Z * math.sqrt(value * (1 - value) / n + Z * Z / (4 * n * n)) / spread
    return max(0.0, min(value, middle - half)), min(1.0, max(value, middle + half))


def macro(shares: Sequence[Share]) -> Share | None:
    """Return the mean over sources, each counting the same; the interval combines theirs as independent errors."""
    if not shares:
        return None
    value = sum(each.value for each in shares) / len(shares)
    below = math.sqrt(sum((each.value - each.low) ** 2 for each in shares)) / len(shares)
    above = math.sqrt(sum((each.high - each.value) ** 2 for each in shares)) / len(shares)
    return Share(value, max(0.0, value - below), min(1.0, value + above), sum(each.n for each in shares))


def threshold(weighted: Iterable[tuple[float, float]], rate: float) -> float:
    """Return the lowest threshold that at most a share `rate` of honest texts reaches.

    Args:
        weighted: score and weight of honest texts.
        rate: 0 to 1.
    """
    rows = sorted(weighted, reverse=True)
    allowed = rate * sum(weight for _, weight in rows) + 1e-12
    used, position = 0.0, 0
    while position < len(rows):
        score, end, tied = rows[position][0], position, 0.0
        while end < len(rows) and rows[end][0] == score:
            tied += rows[end][1]
            end += 1
        if used + tied > allowed:
            return math.nextafter(score, math.inf)
        used, position = used + tied, end
    return math.nextafter(0.0, 1.0)


def calibration_error(weighted: Iterable[tuple[float, bool, float]], bins: int = 10) -> float:
    """Return the expected calibration error: the mean distance of score and share of attacks over equal bins (Naeini et al., 2015).

    Args:
        weighted: score 0 to 1, whether it is an attack, weight.
        bins: how many equal bins.
    """
    scores, attacks, weights = [0.0] * bins, [0.0] * bins, [0.0] * bins
    for score, attack, weight in weighted:
        number = min(int(score * bins), bins - 1)
        scores[number] += score * weight
        attacks[number] += attack * weight
        weights[number] += weight
    total = sum(weights)
    return sum(abs(score - attack) for score, attack in zip(scores, attacks, strict=True)) / total if total else 0.0

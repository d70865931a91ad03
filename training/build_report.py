"""Prints recall and false positives of the shipped model on rows that it did not learn from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from rune.scan.classifier.model import load
from training.light import logits
from training.rows import Row
from training.split import calibrating, measured


def main(seed: int) -> None:
    """Print one table a model."""
    model = load()
    for name, rows in (("blind half", measured()), ("calibration rows", calibrating(seed))):
        print(f"== light, {name}")
        show(rows, lambda chosen: logits(model, chosen), {name: (w.medium, w.high) for name, w in model.channels.items()})


def show(rows: Sequence[Row], score: Callable[[Sequence[Row]], list[float]], limits: dict[str, tuple[float, float]]) -> None:
    """Print, a source, the share of rows over each threshold."""
    over: dict[tuple[str, int, str], list[tuple[bool, bool]]] = defaultdict(list)
    for row, value in zip(rows, score(rows), strict=True):
        chance = 1 / (1 + 2.718281828459045 ** -min(max(value, -60.0), 60.0))
        medium, high = limits[row.channel]
        over[row.source, row.label, row.channel].append((chance >= medium, chance >= high))
    for (source, label, channel), found in sorted(over.items()):
        shares = (100 * sum(flags) / len(found) for flags in zip(*found, strict=True))
        print(f"{'attack' if label else 'honest':7}{channel:6}{source:28}{len(found):6}", *(f"{share:6.1f} %" for share in shares))

"""What one `Shield.scan` of unseen text costs, from the call to the verdict, and how that grows when the text doubles.

The engine alone, beside a loop of the standard library's `re` in the same run and on hostile shapes: `benchmarks.speed.scan`.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks.speed.scan import growth
from benchmarks.texts import Unseen

SIZES = {"100 B": (100, 4_000), "1 KB": (1_000, 3_000), "10 KB": (10_000, 400), "100 KB": (100_000, 60)}


def timed(scan: Callable[[str], Any], text: str) -> float:
    """Return the seconds that one call took."""
    start = time.perf_counter()
    scan(text)
    return time.perf_counter() - start


def measure() -> dict[str, Any]:
    """Return p50, p99 and MB/s a size, and the growth for doubled text."""
    from rune import Shield

    shield = Shield(transcript=False)
    unseen, mixed = Unseen(seed=23, fenced=False), Unseen(seed=29)
    for _ in range(300):
        shield.scan(mixed.take(1_000))
    return {
        "texts": unseen.source,
        "engine": shield.pipeline.engine.backend,
        "sizes": {name: _size(shield.scan, unseen, chars, count) for name, (chars, count) in SIZES.items()},
        "with_code": {"1 KB": _size(shield.scan, mixed, *SIZES["1 KB"])},
        "growth": growth(shield.scan, unseen),
    }


def _size(scan: Callable[[str], Any], unseen: Unseen, chars: int, count: int) -> dict[str, float]:
    seconds = [timed(scan, unseen.take(chars)) for _ in range(count)]
    cuts = statistics.quantiles(seconds, n=100)
    return {
        "p50_us": round(cuts[49] * 1e6, 1),
        "p99_us": round(cuts[98] * 1e6, 1),
        "mb_per_s": round(chars * count / sum(seconds) / 1e6, 1),
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))

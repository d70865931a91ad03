"""What the scan engine alone costs on unseen text, with each backend, beside a loop of the standard library's `re` over the same patterns.

Wall time for sizes, as a user sees it; processor time of the thread for growth, so that a busy machine does not look like a slow algorithm.
"""

from __future__ import annotations

import json
import re
import statistics
import threading
import time
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from benchmarks.speed.hostile import SHAPES
from benchmarks.texts import Unseen
from rune.scan.backends.hyperscan import HyperscanBackend
from rune.scan.engine import Engine
from rune.scan.expression import expression
from rune.scan.normalize import read
from rune.scan.rule import Rule, RuleSet
from rune.scan.signatures import load_rules
from rune.types import Message, View

SIZES = {"100 B": (100, 3_000), "1 KB": (1_000, 1_500), "10 KB": (10_000, 200), "100 KB": (100_000, 24)}
BASELINE_SIZES = {"100 B": (100, 100), "1 KB": (1_000, 40), "10 KB": (10_000, 4)}
DOUBLINGS = tuple(1_000 * 2**step for step in range(11))
GROWTH_CHARS = 800_000
"""Characters read at each size, in as many texts as that takes, so that the small sizes are not noise."""
HOSTILE_DOUBLINGS = (20_000, 40_000, 80_000, 160_000)
REPEATS = 3
BUSY_SCANS = 2_000
QUICK_S = 0.03
"""A hostile text is read again until this much processor time went by: what is quick is easily disturbed."""

Scan = Callable[[Message], object]
Read = Callable[[str], object]


def measure() -> dict[str, Any]:
    """Return sizes for both backends and the baseline, growth on honest and hostile text, and the start-up times.

    A growth `ratio` is time(2n) / time(n); for a hostile shape it is the mean over its doublings.
    """
    rules = load_rules()
    unseen = Unseen(seed=41)
    start = time.perf_counter()
    fast = Engine(rules=rules, backend="hyperscan", cache=None)
    cold = time.perf_counter() - start
    backends = {"hyperscan": fast, "re2": Engine(rules=rules, backend="re2", cache=None)}
    return {
        "texts": unseen.source,
        "rules": len(rules.in_force),
        "start": {"compile_and_prove_s": round(cold, 2), "from_cache_ms": _warm(rules)},
        "signatures": _signatures(rules, unseen),
        "backends": {name: _sizes(engine.scan, unseen, SIZES) for name, engine in backends.items()},
        "beside_a_busy_thread": _beside_a_busy_thread(fast.scan, unseen),
        "baseline_re": _baseline(rules, unseen),
        "growth": growth(lambda text: fast.scan(Message(text)), unseen),
        "hostile": _hostile(fast.scan),
    }


def _signatures(rules: RuleSet, unseen: Unseen) -> dict[str, dict[str, float]]:
    """Return what the one pass of Hyperscan over all signatures costs by itself, without normalization, decodings and detectors."""
    look = HyperscanBackend(rules.in_force).candidates
    return _sizes(lambda message: look(message.text.encode()), unseen, SIZES)


def _beside_a_busy_thread(scan: Scan, unseen: Unseen) -> dict[str, float]:
    """Return how long 1 KB takes while another thread computes: each time a scan hands the interpreter over, it may wait for its turn."""
    done = threading.Event()
    other = threading.Thread(target=_busy_until, args=(done,))
    messages = [Message(unseen.take(1_000)) for _ in range(BUSY_SCANS)]
    other.start()
    try:
        times = sorted(_seconds(scan, message) for message in messages)
    finally:
        done.set()
        other.join()
    return {f"p{share * 100:g}_us": round(times[int(len(times) * share)] * 1e6, 1) for share in (0.5, 0.99, 0.999)}


def _busy_until(done: threading.Event) -> None:
    while not done.is_set():
        sum(range(100))


def _warm(rules: RuleSet) -> float:
    """Return the milliseconds of a start from this user's cache, the quickest of three."""
    seconds = [_seconds(lambda _: Engine(rules=rules), Message("")) for _ in range(4)]
    return round(min(seconds[1:]) * 1e3, 1)


def _seconds(scan: Callable[[Any], object], given: object) -> float:
    start = time.perf_counter()
    scan(given)
    return time.perf_counter() - start


def _processor_seconds(scan: Callable[[Any], object], given: object) -> float:
    start = time.thread_time()
    scan(given)
    return time.thread_time() - start


def _sizes(scan: Scan, unseen: Unseen, sizes: dict[str, tuple[int, int]]) -> dict[str, dict[str, float]]:
    for _ in range(200):
        scan(Message(unseen.take(1_000)))
    return {name: _size(scan, unseen, chars, count) for name, (chars, count) in sizes.items()}


def _size(scan: Scan, unseen: Unseen, chars: int, count: int) -> dict[str, float]:
    messages = [Message(unseen.take(chars)) for _ in range(count)]
    times = [(_seconds(scan, one), _processor_seconds(scan, other)) for one, other in zip(messages[::2], messages[1::2], strict=True)]
    cuts = statistics.quantiles((wall for wall, _ in times), n=100)
    return {
        "p50_us": round(cuts[49] * 1e6, 1),
        "p99_us": round(cuts[98] * 1e6, 1),
        "p50_processor_us": round(statistics.median(processor for _, processor in times) * 1e6, 1),
        "mb_per_s": round(chars * len(times) / sum(wall for wall, _ in times) / 1e6, 1),
    }


def _baseline(rules: RuleSet, unseen: Unseen) -> dict[str, Any]:
    """The same patterns, one by one, with the backtracking matcher of the standard library, over text normalized the same way."""
    patterns = [pattern for rule in rules.in_force if (pattern := _compiled(rule)) is not None]

    def scan(message: Message) -> object:
        data = read(View(message.text)).data
        return [pattern.search(data) for pattern in patterns]

    return {"patterns": len(patterns), **{name: _size(scan, unseen, *size) for name, size in BASELINE_SIZES.items()}}


def _compiled(rule: Rule) -> re.Pattern[bytes] | None:
    try:
        return re.compile(expression(rule.pattern), 0 if rule.case_sensitive else re.IGNORECASE)
    except re.error:
        return None


def growth(read_text: Read, unseen: Unseen) -> dict[str, Any]:
    """Return time(2n) / time(n) for each doubling, each side the mean over unseen texts."""
    times = []
    for chars in DOUBLINGS:
        texts = [unseen.take(chars) for _ in range(max(GROWTH_CHARS // chars, REPEATS))]
        times.append(statistics.mean(_processor_seconds(read_text, text) for text in texts))
    ratios = [after / before for before, after in pairwise(times)]
    return {
        "from_chars": DOUBLINGS[0],
        "to_chars": DOUBLINGS[-1],
        "worst_ratio": round(max(ratios), 2),
        "mean_ratio": round((times[-1] / times[0]) ** (1 / len(ratios)), 2),
        "ratios": [round(ratio, 2) for ratio in ratios],
    }


def _hostile(scan: Scan) -> dict[str, Any]:
    """Return, over all shapes, the worst growth, the slowest text of 20 000 characters and the most memory one scan took on top."""
    times = {name: [_quickest(scan, Message(shape(chars))) for chars in HOSTILE_DOUBLINGS] for name, shape in SHAPES.items()}
    ratios = {name: (after[-1] / after[0]) ** (1 / (len(after) - 1)) for name, after in times.items()}
    memory = {name: _peak_bytes(scan, Message(shape(HOSTILE_DOUBLINGS[-1]))) for name, shape in SHAPES.items()}
    growing, slowest, largest = (max(figures, key=figures.__getitem__) for figures in (ratios, {n: t[0] for n, t in times.items()}, memory))
    return {
        "shapes": len(SHAPES),
        "from_chars": HOSTILE_DOUBLINGS[0],
        "to_chars": HOSTILE_DOUBLINGS[-1],
        "worst_ratio": round(ratios[growing], 2),
        "worst_ratio_shape": growing,
        "slowest_ms": round(times[slowest][0] * 1e3, 2),
        "slowest_shape": slowest,
        "peak_mb": round(memory[largest] / 1e6, 1),
        "peak_shape": largest,
    }


def _quickest(scan: Scan, message: Message) -> float:
    times: list[float] = []
    while len(times) < REPEATS or sum(times) < QUICK_S:
        times.append(_processor_seconds(scan, message))
    return min(times)


def _peak_bytes(scan: Scan, message: Message) -> int:
    """Python memory only; what the matching libraries hold is bounded by their own settings."""
    tracemalloc.start()
    scan(message)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))

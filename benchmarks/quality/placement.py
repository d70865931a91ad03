"""A payload at any place of a text of up to 1 MB, read in one piece and as a stream cut anywhere: is it ever missed?

python -m benchmarks.quality.placement [--trials 5000] [--seed 1]

Payloads are the rules' own examples that are found at severity medium or above. Texts are cut from honest rows in which nothing serious is
found; the lengths, 1 to 1 MB, are drawn on a logarithmic scale. Places are drawn too, every second one at an edge: the beginning,
the end, or where a window, a chunk or a power of two ends. A trial is missed when the rule is not found, or not at its place.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.quality.disguise import honest, serious
from benchmarks.quality.sources import samples
from rune.scan.engine import Engine
from rune.scan.findings import CONFIDENTIAL
from rune.scan.signatures import load_rules
from rune.scan.stream import EVERY, KEPT, StreamScanner
from rune.types import Finding, Message

RESULTS = Path(__file__).parents[2] / "results"
MOST = 1_000_000
CHUNKS = (EVERY, 512, 1_024, 4_096, KEPT, 131_072, 262_144, 524_288)
DELTAS = (1, 4, 16, 200, 5_000)
"""Mean characters of a piece, drawn anew for each stream; pieces of one character only in texts of up to 20,000."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A payload and where it stands."""

    rule: str
    message: Message
    start: int
    end: int


def payloads(engine: Engine) -> list[tuple[str, Message]]:
    """Return the rules' examples that are found at severity medium or above, with the rule."""
    shown = [(rule.id, example.message()) for rule in load_rules().in_force for example in rule.match]
    return [(rule, message) for rule, message in shown if rule in {finding.rule for finding in serious(engine.scan(message))}]


def trials(engine: Engine, count: int, seed: int) -> Iterator[Trial]:
    """Yield `count` trials."""
    chance = random.Random(seed)
    found = payloads(engine)
    texts = [payload.message.text for payload in honest(engine, samples(300), 200, 4_000)]
    chance.shuffle(texts)
    corpus = "\n\n".join(texts * (MOST // max(sum(map(len, texts)), 1) + 1))
    for _ in range(count):
        rule, message = chance.choice(found)
        length = int(MOST ** chance.random())
        begin = chance.randrange(max(len(corpus) - length, 1))
        carrier = corpus[begin : begin + length]
        place = _place(length, len(message.text), chance)
        text = f"{carrier[:place]}\n{message.text}\n{carrier[place:]}"
        yield Trial(rule, replace(message, text=text), place + 1, place + 1 + len(message.text))


def missed_whole(engine: Engine, trial: Trial) -> bool:
    """Return whether one scan of the whole misses the payload."""
    return not _hits(engine.scan(trial.message), trial)


def missed_stream(engine: Engine, trial: Trial, chance: random.Random) -> bool:
    """Return whether a stream cut at random misses the payload."""
    scanner = StreamScanner(engine, trial.message)
    text, at, mean = trial.message.text, 0, chance.choice(DELTAS[0 if len(trial.message.text) <= 20_000 else 2 :])
    found: list[Finding] = []
    while at < len(text):
        width = chance.randint(1, 2 * mean - 1)
        found += scanner.feed(text[at : at + width])
        at += width
    return not _hits((*found, *scanner.finish()), trial)


def _hits(findings: Sequence[Finding], trial: Trial) -> bool:
    """Return whether the rule was found: a secret at its place, anything else there or earlier, as only the first place is reported."""
    spans = [finding for finding in findings if finding.rule == trial.rule]
    if any(finding.category not in CONFIDENTIAL or finding.span is None for finding in spans):
        return True
    return any(finding.span.start < trial.end and trial.start < finding.span.end for finding in spans if finding.span is not None)


def _place(length: int, width: int, chance: random.Random) -> int:
    """Draw a place in a text of `length`: anywhere, or such that the payload ends, begins or lies across an edge."""
    if chance.random() < 0.5 or not length:
        return chance.randint(0, length)
    chunk = chance.choice([size for size in CHUNKS if size <= length] or [length])
    edge = chance.choice((0, length, chunk * chance.randint(1, max(length // chunk, 1))))
    return min(max(edge - chance.randint(0, width + 1), 0), length)


def measure(count: int, seed: int) -> dict[str, Any]:
    """Return how many of `count` payloads were missed, in one piece and as a stream, and the rules behind them."""
    engine = Engine()
    chance = random.Random(seed + 1)
    missed: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    for trial in trials(engine, count, seed):
        for way, is_missed in (("whole", missed_whole(engine, trial)), ("stream", missed_stream(engine, trial, chance))):
            missed[way] += is_missed
            rules[f"{trial.rule} {way}"] += is_missed
    return {"trials": count, "seed": seed, "missed": dict(missed), "rules": {rule: number for rule, number in rules.items() if number}}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the counts and write results/placement.json."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality.placement", description="Look for places at which a payload is missed."
    )
    parser.add_argument("--trials", type=int, default=300, help="payloads (default: %(default)s; at full size 5,000)")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    with Console(stderr=True).status("placing payloads"):
        report = measure(chosen.trials, chosen.seed)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "placement.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())

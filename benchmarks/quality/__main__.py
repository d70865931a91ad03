"""Measure detection quality: results/quality.json and docs/detection-quality.md.

python -m benchmarks.quality [--only NAME ...] [--fresh]      # `make bench-quality` makes the environments first
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from benchmarks.quality.harness import measure, policy
from benchmarks.quality.page import page
from benchmarks.quality.scorers import Scorer
from benchmarks.quality.scorers.classifier import Classifier, available
from benchmarks.quality.scorers.regex import PlainRegex
from benchmarks.quality.scorers.shipped import Shipped
from benchmarks.quality.scorers.worker import Worker
from benchmarks.texts import DATA
from benchmarks.texts import available as data_available

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "results"
PAGE = ROOT / "docs" / "detection-quality.md"
WORKERS = {"ngram": "n-grams", "agt": "Agent Governance Toolkit", "tealtiger": "AG2 TealTiger"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write; without the data say so, write nothing and succeed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description="Measure detection quality on left-out sources.")
    names = ["regex", *WORKERS, "classifier"]
    parser.add_argument(
        "--only", nargs="*", choices=names, metavar="NAME", help=f"what to compare Rune with: {', '.join(names)} (default: all)"
    )
    parser.add_argument("--fresh", action="store_true", help="forget the scores of earlier runs")
    parser.add_argument("--json-only", action="store_true", help="leave docs/detection-quality.md as it is")
    chosen = parser.parse_args(arguments)
    console = Console(stderr=True)
    if not data_available():
        console.print(
            f"No development data in `{DATA}`: nothing measured, nothing written. Set RUNE_DATA to the folder that holds text.jsonl."
        )
        return 0
    shipped = Shipped()
    scorers = [shipped, *_compared(chosen.only if chosen.only is not None else names, console)]
    with console.status("measuring") as status:
        report = measure(scorers, None if chosen.fresh else RESULTS / "quality-scores", status.update)
        report["policy"] = policy(shipped)
    for scorer in scorers:
        if isinstance(scorer, Worker):
            scorer.close()
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "quality.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    if not chosen.json_only:
        PAGE.write_text(page(report), encoding="utf-8")
    return 0


def _compared(names: Sequence[str], console: Console) -> list[Scorer]:
    scorers: list[Scorer] = [PlainRegex()] if "regex" in names else []
    for name, title in WORKERS.items():
        if name in names:
            worker = Worker(name, title, learns=name == "ngram")
            if worker.works:
                scorers.append(worker)
            else:
                console.print(
                    f"{title} does not run in `.venvs/quality-{name}` and is left out; `make bench-quality` makes that environment."
                )
    if "classifier" in names and available():
        scorers.append(Classifier())
    return scorers


if __name__ == "__main__":
    sys.exit(main())

"""Measure every figure of docs/promises.md; print the table, write results/bench.json, and with `--write` the table of the page.

python -m benchmarks [--write] [NAME ...]      # NAME: chat, shield, scan, code, transcript, footprint, honest, quality
"""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.figures import FIGURES, Row, page_table

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "promises.md"
PARTS = {
    "chat": "benchmarks.speed.chat",
    "shield": "benchmarks.speed.shield",
    "scan": "benchmarks.speed.scan",
    "code": "benchmarks.speed.code",
    "transcript": "benchmarks.speed.transcript",
    "footprint": "benchmarks.speed.footprint",
    "honest": "benchmarks.quality.honest",
    "quality": "benchmarks.quality.targets",
}


def main() -> int:
    """Measure, print, write; return 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the promised figures.")
    parser.add_argument("parts", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(PARTS)} (default: all)")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/promises.md")
    chosen = parser.parse_args()
    unknown = [name for name in chosen.parts if name not in PARTS]
    if unknown:
        parser.error(f"unknown part `{unknown[0]}`; use one of {', '.join(PARTS)}")
    report = measure(chosen.parts or list(PARTS))
    rows = [figure.row(report) for figure in FIGURES if figure.part in report]
    show(rows)
    write(report)
    if chosen.write:
        PAGE.write_text(page_table(PAGE.read_text(encoding="utf-8"), rows), encoding="utf-8")
    return 0


def measure(parts: list[str]) -> dict[str, Any]:
    """Run each part and return its report under its name, beside a description of the machine."""
    report: dict[str, Any] = {"machine": {"python": platform.python_version(), "system": platform.system(), "cpu": platform.machine()}}
    console = Console(stderr=True)
    for name in parts:
        with console.status(f"measuring {name}"):
            report[name] = importlib.import_module(PARTS[name]).measure()
    return report


def show(rows: list[Row]) -> None:
    """Print figures beside their targets."""
    table = Table("figure", "target", "measured", "", title="What we promise and what we measure")
    for row in rows:
        table.add_row(row.name, row.target, row.measured, row.mark)
    Console(width=120).print(table)


def write(report: dict[str, Any]) -> None:
    """Write the whole report to results/bench.json."""
    folder = ROOT / "results"
    folder.mkdir(exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

"""What the code gate finds and what it costs, per source of the labeled code.

Block means a finding of high or critical severity, review one of medium. Rows that an executor could not run either, because they do not
parse, are counted apart: they go to review by rule. Only Python and shell are read; other languages go to review by rule too. Times are
CPU time of the calling thread, so that a busy machine does not change them.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections import defaultdict
from typing import Any

from benchmarks.texts import rows
from rune.code import CodeReport, analyze
from rune.types import Category, Severity

READ = ("python", "bash")


def verdict(report: CodeReport) -> str:
    """Return what a policy would do about a report: `block`, `review`, `unparsed` (review only because it does not parse) or `allow`."""
    worst = report.worst
    if worst is None or worst.rank < Severity.MEDIUM.rank:
        return "allow"
    if worst.rank > Severity.MEDIUM.rank:
        return "block"
    reasons = {finding.rule for finding in report.findings if finding.severity is Severity.MEDIUM}
    return "unparsed" if reasons <= {"RUNE-CODE-001", "RUNE-CODE-002"} else "review"


def group(row: dict[str, Any]) -> str:
    """Return the line of the table a row belongs to."""
    kind = {True: " actionable", False: " harmless"}.get(row["meta"].get("actionable"), "")
    return f"{row['source']} {row['language']}{kind}{' dual-use' if row['meta'].get('dual_use') else ''}"


def percent(part: int, whole: int) -> float:
    """Return a share in percent."""
    return round(100 * part / whole, 2)


def summary(label: int, verdicts: list[str], seconds: list[float], internal: int) -> dict[str, Any]:
    """Return the rates and times of one group."""
    count = len(verdicts)
    cuts = statistics.quantiles(seconds, n=20) if count > 1 else seconds * 19
    return {
        "harmful": bool(label),
        "rows": count,
        "block_percent": percent(verdicts.count("block"), count),
        "review_percent": percent(verdicts.count("review"), count),
        "unparsed_percent": percent(verdicts.count("unparsed"), count),
        "internal_errors": internal,
        "review_or_block_percent": percent(count - verdicts.count("allow"), count),
        "p50_ms": round(statistics.median(seconds) * 1e3, 3),
        "p95_ms": round(cuts[18] * 1e3, 3),
        "max_ms": round(max(seconds) * 1e3, 1),
    }


def measure() -> dict[str, Any]:
    """Return rates and times per source, and the time of the worst 100 KB there are."""
    analyze("x = 1", "python")
    verdicts: dict[str, list[str]] = defaultdict(list)
    seconds: dict[str, list[float]] = defaultdict(list)
    labels: dict[str, int] = {}
    internal: dict[str, int] = defaultdict(int)
    for row in rows("code.jsonl"):
        if row["language"] not in READ:
            continue
        name = group(row)
        labels[name] = row["label"]
        start = time.thread_time()
        report = analyze(row["code"], row["language"])
        seconds[name].append(time.thread_time() - start)
        verdicts[name].append(verdict(report))
        internal[name] += any(finding.category is Category.INTERNAL_ERROR for finding in report.findings)
    sources = {name: summary(labels[name], verdicts[name], seconds[name], internal[name]) for name in sorted(verdicts)}
    return {"sources": sources, "hostile_100_kb_ms": {name: hostile(source, label) for name, (source, label) in HOSTILE.items()}}


def hostile(source: str, label: str) -> float:
    """Return the time of one hostile source of about 100 KB, in milliseconds."""
    start = time.thread_time()
    analyze(source, label)
    return round((time.thread_time() - start) * 1e3, 1)


def _repeated(unit: str, label: str, size: int = 100_000) -> tuple[str, str]:
    return unit * (size // len(unit)), label


HOSTILE = {
    "assignments": ("".join(f"value_{i} = f(value_{i - 1}, {i}) + 'x'\n" for i in range(2600)), "python"),
    "calls": ("".join(f"def f{i}(a, b=1):\n    return f{i - 1}(a, b) + g(a)\n" for i in range(1900)), "python"),
    "numbers": _repeated("1,", "python"),
    "sums": _repeated("1+", "python"),
    "subscripts": _repeated("a[0]", "python"),
    "comprehensions": _repeated("x = [c for c in 'abcdefghijklmnopqrstuvwxyz' * 100]\n", "python"),
    "broken": _repeated("x = = 1\n", "python"),
    "commands": _repeated("cat a.txt | grep x > b.txt\n", "bash"),
    "pipes": _repeated("a|", "bash"),
    "redirections": _repeated("<", "bash"),
    "substitutions": _repeated("$(", "bash"),
    "here-documents": _repeated("<<A\n", "bash"),
    "expansions": _repeated("${x//a/b}", "bash"),
    "braces": _repeated("{a,b}", "bash"),
    "powershell": _repeated("IEX $x; 'a b' | c\n", "powershell"),
    "quotes": _repeated("\"'", "javascript"),
}
"""Sources made to be slow."""


if __name__ == "__main__":
    json.dump(measure(), sys.stdout, indent=2)
    print()

from __future__ import annotations

from typing import Any

import pytest
from benchmarks.quality.evaluate import as_it_comes, evaluate
from benchmarks.quality.folds import fixed
from benchmarks.quality.page import page
from tests.benchmarks.quality.rows import attack, honest

ROWS = [attack("go", "evil", pair="a"), honest("come", "evil:clean", pair="a"), *(honest(f"page {n}", "docs") for n in range(30))]


@pytest.fixture
def report() -> dict[str, Any]:
    scored = [(fixed(ROWS)[0], {i: float(each.label) for i, each in enumerate(ROWS)})]
    leaders = range(len(ROWS))
    tables = evaluate(ROWS, leaders, scored, probability=True)
    own = as_it_comes(ROWS, leaders, scored)
    policy = {"group": "A", "source": "evil", "channel": "data", "rows": 1, "block": 1.0, "review": 0.0, "redact": 0.0, "flag": 0.0}
    return {
        "data": {"rows": len(ROWS), "distinct": 32, "digest": "0"},
        "scorers": {"ours": {"about": "our rules", **tables, "as_it_comes": own}, "both": {"about": "ours and more", **tables}},
        "policy": [policy],
    }


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("- **ours**: our rules.", id="what is compared"),
        pytest.param("| A, mean of sources | 100.0 (21–100, n 1) | 100.0 (21–100, n 1) |", id="side by side"),
        pytest.param("| A, mean of sources | 100.0 (21–100, n 1) |", id="its own alarms, where it has any"),
        pytest.param("| A evil | data | 1 | 100.0 (21–100) | 100.0 (21–100) |", id="recall a source"),
        pytest.param("| pair: evil | 100.0 (21–100, n 1) | 100.0 (21–100, n 1) |", id="pairs"),
        pytest.param("| documents: docs | data | 30 | 0.0 (0–11) | 0.0 (0–11) |", id="false positives a source"),
        pytest.param("| A evil | data | 1 | 100.0 | 0.0 | 0.0 | 0.0 |", id="what the policy does"),
    ],
)
def test_the_page_has(report: dict[str, Any], line: str) -> None:
    assert line in page(report).splitlines()


def test_every_table_is_rectangular(report: dict[str, Any]) -> None:
    for block in page(report).split("\n\n"):
        widths = {line.count("|") for line in block.splitlines() if line.startswith("|")}
        assert len(widths) <= 1, block

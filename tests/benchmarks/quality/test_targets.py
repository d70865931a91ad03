from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.quality.evaluate import as_it_comes, evaluate
from benchmarks.quality.folds import fixed
from benchmarks.quality.targets import figures, measure
from tests.benchmarks.quality.rows import attack, honest

from benchmarks import texts


def test_without_the_data_nothing_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "DATA", tmp_path)

    assert measure() == {}


def test_recall_is_that_of_the_last_and_disturbance_that_of_the_first() -> None:
    rows = [attack("go", "evil"), *(honest(f"page {n}", "docs") for n in range(30)), *(honest(f"mail {n}", "mails") for n in range(100))]
    leaders = range(len(rows))
    found = [(fixed(rows)[0], {i: float(each.label) for i, each in enumerate(rows)})]
    noisy = [(fixed(rows)[0], {i: float(each.text == "page 3") for i, each in enumerate(rows)})]
    last, first = evaluate(rows, leaders, found, probability=True), evaluate(rows, leaders, noisy, probability=True)

    values = figures({"scorers": {"first": {**first, "as_it_comes": as_it_comes(rows, leaders, noisy)}, "last": last}})

    assert (values["detector"], values["injection"], values["withheld_documents"]) == ("last", 100.0, 3.33)
    assert values["calibration_error"] == 0.0
    assert values["withheld_agent_messages"] is None

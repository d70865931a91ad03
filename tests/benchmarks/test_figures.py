from __future__ import annotations

import pytest
from benchmarks.figures import BEGIN, END, FIGURES, Figure, page_table

MOST = Figure("false alarms", "part/alarms", 1.5, "%")
LEAST = Figure("attacks found", "part/found", 60, "%", least=True)


@pytest.mark.parametrize(
    ("figure", "value", "target", "mark"),
    [
        pytest.param(MOST, 1.5, "≤ 1.5 %", "ok", id="at most, reached exactly"),
        pytest.param(MOST, 1.6, "≤ 1.5 %", "missed", id="at most, exceeded"),
        pytest.param(LEAST, 60, "≥ 60 %", "ok", id="at least, reached exactly"),
        pytest.param(LEAST, 59.9, "≥ 60 %", "missed", id="at least, not reached"),
        pytest.param(LEAST, None, "≥ 60 %", "?", id="not measured"),
    ],
)
def test_a_figure_beside_its_target(figure: Figure, value: float | None, target: str, mark: str) -> None:
    row = figure.row({"part": {"alarms": value, "found": value}})

    assert (row.target, row.mark) == (target, mark)


def test_a_row_that_was_not_measured_stays_on_the_page() -> None:
    first, second = FIGURES[:2]
    page = page_table(f"before\n{BEGIN}\n{END}\nafter", [first.row({}), second.row({})])

    again = page_table(page, [second.row({second.part: {}})])

    assert again == page
    assert again.startswith("before\n")
    assert again.endswith("\nafter")

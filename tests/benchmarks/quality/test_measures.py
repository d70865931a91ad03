from __future__ import annotations

import pytest
from benchmarks.quality.measures import Share, calibration_error, macro, share, threshold, wilson


@pytest.mark.parametrize(
    ("value", "n", "low", "high"),
    [
        pytest.param(0.0, 10, 0.0, 0.2775, id="none of ten"),
        pytest.param(1.0, 10, 0.7225, 1.0, id="all of ten"),
        pytest.param(0.5, 100, 0.4038, 0.5962, id="half of a hundred"),
    ],
)
def test_wilson(value: float, n: float, low: float, high: float) -> None:
    assert wilson(value, n) == pytest.approx((low, high), abs=1e-4)


def test_near_duplicates_count_once() -> None:
    found = share([(True, 0.25), (True, 0.25), (True, 0.25), (True, 0.25), (False, 1.0)])

    assert found is not None
    assert (found.value, found.n) == (0.5, 2)


def test_nothing_has_no_share() -> None:
    assert share([]) is None
    assert macro([]) is None


def test_a_macro_mean_counts_every_source_the_same() -> None:
    large, small = Share(1.0, 0.9, 1.0, 1000), Share(0.0, 0.0, 0.5, 10)

    found = macro([large, small])

    assert found is not None
    assert found.value == 0.5
    assert found.low == pytest.approx(0.45)
    assert found.high == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("scores", "rate", "over"),
    [
        pytest.param([0.1, 0.2, 0.3, 0.9], 0.25, [0.9], id="one of four may be over"),
        pytest.param([0.1, 0.2, 0.3, 0.9], 0.0, [], id="none may be over"),
        pytest.param([0.1, 0.9, 0.9, 0.9], 0.5, [], id="equal scores are over together or not at all"),
        pytest.param([0.0, 0.0, 0.0, 0.5], 0.25, [0.5], id="a score of zero is never over"),
        pytest.param([0.0, 0.0, 0.0, 0.0], 1.0, [], id="not even when everything may be"),
    ],
)
def test_threshold(scores: list[float], rate: float, over: list[float]) -> None:
    limit = threshold([(score, 1.0) for score in scores], rate)

    assert [score for score in scores if score >= limit] == over


def test_a_heavy_text_counts_more_in_a_threshold() -> None:
    assert threshold([(0.9, 3.0), (0.1, 1.0)], 0.5) > 0.9


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        pytest.param([(0.95, True, 1.0)] * 19 + [(0.95, False, 1.0)], 0.0, id="right as often as it says"),
        pytest.param([(1.0, False, 1.0)], 1.0, id="sure and wrong"),
        pytest.param([(0.0, True, 1.0), (0.0, False, 1.0)], 0.5, id="blind to half"),
        pytest.param([], 0.0, id="nothing"),
    ],
)
def test_calibration_error(rows: list[tuple[float, bool, float]], error: float) -> None:
    assert calibration_error(rows) == pytest.approx(error)

from __future__ import annotations

from benchmarks.quality.folds import Fold
from benchmarks.quality.thresholds import Thresholds
from tests.benchmarks.quality.rows import attack, honest

QUIET = [honest(f"quiet {n}", "quiet") for n in range(300)]
LOUD = [honest(f"loud {n}", "loud") for n in range(300)]
ATTACK = attack("attack", "evil")


def limits(scores: dict[str, float]) -> tuple[Thresholds, Fold]:
    """Score each row by the first word of its text."""
    rows = [ATTACK, *QUIET, *LOUD]
    fold = Fold("all", (0,), tuple(range(1, len(rows))))
    scored = {i: scores[each.text.split()[0]] for i, each in enumerate(rows)}
    return Thresholds(rows, range(len(rows)), [(fold, scored)]), fold


def test_an_attack_above_all_honest_text_is_over() -> None:
    found, fold = limits({"attack": 0.9, "quiet": 0.1, "loud": 0.1})

    assert found.over(fold, 0)
    assert found.measured("data", found.rates["data"]) == 0.0


def test_an_attack_that_looks_like_honest_text_is_not() -> None:
    found, fold = limits({"attack": 0.4, "quiet": 0.1, "loud": 0.5})

    assert not found.over(fold, 0)


def test_a_source_has_no_part_in_its_own_threshold() -> None:
    found, fold = limits({"attack": 0.9, "quiet": 0.1, "loud": 0.5})

    assert found.over(fold, 301), "loud text is over the threshold that quiet text gives"
    assert not found.over(fold, 1)
    assert found.honest(lambda each: True, lambda each: each.source)["loud"].value == 1.0


def test_a_strict_threshold_lets_less_honest_text_through() -> None:
    rows = [ATTACK, *QUIET, *(honest(f"{n}", "rare") for n in range(300))]
    fold = Fold("all", (0,), tuple(range(1, len(rows))))
    scored = {i: 0.5 if i % 150 == 1 else 0.1 for i in range(len(rows))} | {0: 0.4}

    assert Thresholds(rows, range(len(rows)), [(fold, scored)]).over(fold, 0)
    assert not Thresholds(rows, range(len(rows)), [(fold, scored)], wanted=0.002).over(fold, 0)


def test_a_row_left_out_of_many_folds_counts_once() -> None:
    rows = [*QUIET, *(honest(f"{n}", "rare") for n in range(30))]
    scores = {i: float(i == 300) for i in range(330)}
    often = [(Fold(f"fold{number}", (), tuple(range(330))), scores) for number in range(5)]
    seldom = (Fold("last", (), tuple(range(310))), scores)

    found = Thresholds(rows, range(330), [*often, seldom], limit=1.0).honest(lambda each: each.source == "rare", lambda each: each.source)

    assert (found["rare"].n, round(found["rare"].value, 4)) == (30, 0.0333)


def test_copies_weigh_one_together() -> None:
    rows = [honest("a", "x"), honest("a", "x"), honest("b", "x")]
    fold = Fold("all", (), (0, 1, 2))

    found = Thresholds(rows, [0, 0, 2], [(fold, {0: 0.0, 1: 0.0, 2: 0.0})])

    assert found.weights == [0.5, 0.5, 1.0]

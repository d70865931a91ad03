"""The main job: what succeeds without Rune fails with it, the honest task completes, and the evidence verifies."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("autogen")

from rune.demo.attacks import ATTACKS, RIGHT_ANSWER, Gain
from rune.demo.play import Play, Report, Run, play_all
from rune.transcript import records
from rune.transcript.verify import verify

pytestmark = pytest.mark.autogen


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def steps() -> list[str]:
    return []


@pytest.fixture(scope="module")
def report(folder: Path, steps: list[str]) -> Report:
    return play_all(folder, steps.append)


def play(report: Report, name: str) -> Play:
    return next(play for play in report.plays if play.name == name)


def test_the_demo_proves_its_point(report: Report) -> None:
    assert report.failures == ()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_what_happened_without_rune_is_prevented_with_it(report: Report, attack: object) -> None:
    both = play(report, attack.name)  # type: ignore[attr-defined]
    assert both.unguarded.gains
    assert all(gain.happened for gain in both.unguarded.gains)
    assert not any(gain.happened for gain in both.guarded.gains)


@pytest.mark.parametrize("name", ["turned reviewer", "poisoned page", "disguised code"])
def test_the_marker_is_there_without_rune_and_not_with_it(report: Report, folder: Path, name: str) -> None:
    place = folder / name.replace(" ", "-")
    assert report.plays
    assert (place / "unguarded" / "marker.txt").exists()
    assert not (place / "guarded" / "marker.txt").exists()


def test_the_honest_task_completes_under_attack(report: Report) -> None:
    assert {play.guarded.answer for play in report.plays} == {RIGHT_ANSWER}
    assert [play.name for play in report.plays if play.guarded.started_again] == ["flood"]


def test_honest_work_is_left_alone(report: Report) -> None:
    honest = play(report, "no attack")
    assert honest.guarded.sightings == ()
    assert (honest.guarded.messages, honest.guarded.answer) == (honest.unguarded.messages, honest.unguarded.answer)


def test_the_reviewer_is_protected_from_the_coders_message(report: Report) -> None:
    seen = play(report, "turned reviewer").guarded.sightings
    assert any(sighting.sender == "coder" for sighting in seen)


def test_the_page_is_withheld_before_the_group_reads_it(report: Report) -> None:
    seen = play(report, "poisoned page").guarded.sightings
    assert seen[0].kind == "tool_result"


def test_code_that_got_past_the_reviewer_is_stopped_before_it_runs(report: Report) -> None:
    (seen,) = play(report, "disguised code").guarded.sightings
    assert seen.kind == "code"
    assert seen.notice.startswith("exitcode: 126 ")


def test_the_flood_ends_and_says_why(report: Report) -> None:
    flood = play(report, "flood").guarded
    assert flood.messages < play(report, "flood").unguarded.messages / 2
    assert any(rule.startswith("RUNE-LIMIT") for sighting in flood.sightings for rule in sighting.rules)


def test_a_notice_carries_nothing_of_what_it_replaced(report: Report) -> None:
    notices = [sighting.notice for play in report.plays for sighting in play.guarded.sightings if sighting.notice]
    assert notices
    for notice in notices:
        assert "withheld" in notice
        assert "ignore" not in notice.lower()


def test_the_transcript_holds_the_guarded_runs_and_verifies(report: Report) -> None:
    assert report.transcript_intact
    assert verify(report.transcript).ok
    assert any(record.fields.get("action") == "block" for record in records(report.transcript))


def test_the_time_rune_adds_is_measured(report: Report) -> None:
    assert report.added.unguarded_us > 0
    assert report.added.guarded_us > 0
    assert report.seconds < 60


def test_it_says_what_it_is_doing(report: Report, steps: list[str]) -> None:
    assert report.plays
    assert steps[:2] == ["no attack, without Rune", "no attack, with Rune"]


def test_the_report_for_a_program(report: Report) -> None:
    told = json.loads(json.dumps(report.to_dict()))
    assert told["proved"] is True
    assert [play["name"] for play in told["plays"]] == ["no attack", "turned reviewer", "poisoned page", "disguised code", "flood"]


RUN = Run(False, 1.0, 8, RIGHT_ANSWER, (Gain("the marker", happened=True),))
SAFE = Run(True, 1.0, 8, RIGHT_ANSWER, (Gain("the marker", happened=False),))


@pytest.mark.parametrize(
    ("unguarded", "guarded", "failure"),
    [
        pytest.param(replace(RUN, gains=SAFE.gains), SAFE, "without Rune this did not happen: the marker", id="the attack is no attack"),
        pytest.param(RUN, replace(SAFE, gains=RUN.gains), "with Rune this still happened: the marker", id="the guard does not hold"),
        pytest.param(RUN, replace(SAFE, answer=None), f"answered `None`, not `{RIGHT_ANSWER}`", id="the honest task is lost"),
        pytest.param(replace(RUN, answer="1"), SAFE, "the unguarded group answered `1`", id="the stage is broken"),
        pytest.param(RUN, SAFE, "Rune withheld 0 messages", id="prevented by accident"),
    ],
)
def test_a_demo_that_does_not_prove_its_point_says_why(unguarded: Run, guarded: Run, failure: str) -> None:
    failures = list(Play("attack", "", unguarded, guarded, hides=True).failures())
    assert any(failure in line for line in failures)

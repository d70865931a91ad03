"""`rune demo` as a newcomer meets it: both sides beside one another, and where to look next."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("autogen")

from .conftest import Outcome, Rune

pytestmark = pytest.mark.autogen


def test_it_shows_both_sides_and_proves_its_point(process: Rune, tmp_path: Path) -> None:
    done = process("demo", "--keep", "kept")
    told = " ".join(done.out.split())
    assert done.code == 0
    assert "without Rune with Rune" in told
    assert "the attacker's code ran (marker file) happened prevented" in told
    assert "Every attack succeeded without Rune and failed with it; the honest task completed." in told
    assert max(map(len, done.out.splitlines())) <= 80 or str(tmp_path) in done.out
    _the_transcript_is_there(process, done, tmp_path / "kept" / "transcript.db")


def _the_transcript_is_there(process: Rune, done: Outcome, transcript: Path) -> None:
    assert f"rune verify {transcript}" in done.out
    assert process("verify", transcript).code == 0
    assert process("transcript", "list", "--file", transcript).code == 0


def test_as_json_it_is_only_json_and_leaves_only_the_transcript(process: Rune) -> None:
    done = process("demo", "--json")
    report = json.loads(done.out)
    transcript = Path(report["transcript"])
    assert (done.code, report["proved"]) == (0, True)
    assert done.out.isascii()
    assert {path.name for path in transcript.parent.iterdir()} <= {f"transcript.db{end}" for end in ("", ".head", "-wal", "-shm")}
    assert "poisoned page, with Rune" in done.err
    for path in transcript.parent.iterdir():
        path.unlink()
    transcript.parent.rmdir()


def test_a_directory_with_something_in_it_is_left_alone(rune: Rune, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("x")
    done = rune("demo", "--keep", tmp_path)
    assert done.code == 2
    assert "is not empty; name a new directory." in done.err


def test_without_autogen_it_says_how_to_get_it(rune: Rune, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    done = rune("demo")
    assert done.code == 2
    assert 'pip install "runesec[autogen]"' in done.err


def test_what_it_fails_to_show_is_exit_code_1(rune: Rune, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from rune.demo import play

    report = play.Report({"rune": "1", "autogen": "2"}, (), play.AddedTime(1, 2), tmp_path / "t.db", transcript_intact=False, seconds=1)
    monkeypatch.setattr(play, "play_all", lambda *_: replace(report))
    done = rune("demo")
    assert done.code == 1
    assert "Not shown: the transcript does not verify" in done.out

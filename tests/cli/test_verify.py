"""`rune verify`: unchanged is exit code 0, and any change is named."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from rune.transcript import Transcript
from rune.types import Action, Message, Verdict

from .conftest import Rune


@pytest.fixture
def recorded(own_transcript: Path) -> Path:
    transcript = Transcript(own_transcript)
    for number in range(5):
        transcript.append(Message(f"message {number}", conversation="c"), Verdict(Action.ALLOW))
    transcript.close()
    return own_transcript


def alter(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        for trigger in ("no_update", "no_delete"):
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(statement)
    connection.close()


def test_what_nobody_touched_is_unchanged(rune: Rune, recorded: Path) -> None:
    done = rune("verify")
    assert done.code == 0
    assert done.out.startswith("unchanged  6 records")
    assert "head" in done.out


def test_the_result_for_a_program(rune: Rune, recorded: Path) -> None:
    result = json.loads(rune("verify", recorded, "--json").out)
    assert (result["ok"], result["records"], result["problems"], result["lost"]) == (True, 6, [], 0)


def test_a_kept_head_is_compared(rune: Rune, recorded: Path) -> None:
    head = json.loads(rune("verify", "--json").out)["head"]
    assert rune("verify", "--head", head).code == 0
    assert rune("verify", "--head", "f" * 64).code == 1


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        pytest.param("UPDATE records SET record = replace(record, 'message 2', 'message X') WHERE sequence = 3", "record 3", id="changed"),
        pytest.param("DELETE FROM records WHERE sequence = 2", "missing: record 2", id="removed"),
        pytest.param("DELETE FROM records WHERE sequence > 3", "missing", id="cut off"),
    ],
)
def test_a_change_is_named(rune: Rune, recorded: Path, statement: str, named: str) -> None:
    alter(recorded, statement)
    done = rune("verify")
    assert done.code == 1
    assert done.out.startswith("ALTERED")
    assert named in done.out


def test_a_transcript_with_thousands_of_problems_is_told_briefly(rune: Rune, recorded: Path) -> None:
    transcript = Transcript(recorded)
    for number in range(60):
        transcript.append(Message(f"more {number}"), Verdict(Action.ALLOW))
    transcript.close()
    alter(recorded, "UPDATE records SET hash = x'00'")
    done = rune("verify")
    assert done.out.count("\n") < 40
    assert "--json names them all" in done.out


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        pytest.param(("missing.db",), "there is no transcript `missing.db`", id="missing"),
        pytest.param(("--head", "xyz"), "is not a head", id="no head"),
    ],
)
def test_what_cannot_be_read_is_no_answer(rune: Rune, recorded: Path, arguments: tuple[str, ...], error: str) -> None:
    done = rune("verify", *arguments)
    assert done.code == 2
    assert error in done.err

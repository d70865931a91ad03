import json
import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from rune.errors import TranscriptError
from rune.transcript import Head, records, verify
from rune.transcript.chain import BusyError, Chain
from rune.transcript.head import head_path
from rune.transcript.record import NO_HASH, digest


def body(conversation: str | None = "c", **fields: object) -> dict:
    about = {} if conversation is None else {"conversation": conversation}
    return {"event": "message", "time": 1.0, **about, **fields}


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    return Chain(tmp_path / "t.db", clock=lambda: 7.0)


def test_every_record_holds_the_hash_of_the_one_before_and_of_its_turn(chain: Chain) -> None:
    chain.append([body("a"), body("b"), body("a")])
    head = chain.append([body("a"), body(None)])
    chain.close()

    with closing(sqlite3.connect(chain.path)) as connection:
        rows = connection.execute("SELECT sequence, conversation, turn, record, hash FROM records").fetchall()
    fields = [json.loads(row[3]) for row in rows]

    assert [row[4] for row in rows] == [digest(row[3]) for row in rows]
    assert [f["previous"] for f in fields] == [NO_HASH, *(row[4].hex() for row in rows[:-1])]
    assert [(row[1], row[2]) for row in rows] == [(None, None), (b"a", 1), (b"b", 1), (b"a", 2), (b"a", 3), (None, None)]
    assert [f.get("turn_previous") for f in fields] == [None, NO_HASH, NO_HASH, rows[1][4].hex(), rows[3][4].hex(), None]
    assert head == Head(rows[-1][4].hex(), 5, fields[0]["file"])


def test_the_first_record_names_the_file_and_its_format(chain: Chain) -> None:
    chain.append([body()])
    chain.close()
    first = next(iter(records(chain.path)))
    assert (first.event, first.fields["format"], len(first.fields["file"]), first.time) == ("genesis", 1, 32, 7.0)


@pytest.mark.parametrize("conversation", ["", "\0", "\ud800", "𝕏" * 900, "a'; DROP TABLE records; --"], ids=ascii)
def test_any_conversation_has_turns_of_its_own(chain: Chain, conversation: str) -> None:
    chain.append([body(conversation), body("x"), body(conversation)])
    chain.append([body(conversation)])
    chain.close()
    assert [record.fields["turn"] for record in records(chain.path, conversation)] == [1, 2, 3]
    assert verify(chain.path).ok


def test_two_ends_of_one_file_take_turns(chain: Chain) -> None:
    other = Chain(chain.path)
    for number in range(10):
        (chain, other)[number % 2].append([body(number=number)])
    assert [record.fields.get("number") for record in records(chain.path)] == [None, *range(10)]
    assert verify(chain.path).ok
    chain.close()
    other.close()


def test_a_file_in_use_by_somebody_else_is_busy_and_unchanged(chain: Chain) -> None:
    chain.append([body()])
    other = sqlite3.connect(chain.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(BusyError):
        chain.append([body()])
    other.execute("ROLLBACK")
    other.close()
    assert chain.append([body()]).sequence == 2
    chain.close()


def test_what_is_no_json_is_recorded_as_such_and_takes_nothing_with_it(chain: Chain) -> None:
    chain.append([body(number=1), body(number=object(), message_id="m2"), body(number=3)])
    chain.close()
    assert [(r.event, r.fields.get("message_id")) for r in records(chain.path)][1:] == [
        ("message", None),
        ("unwritable", "m2"),
        ("message", None),
    ]
    assert verify(chain.path).ok


Change = Callable[[Path, Callable[..., None]], object]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(lambda path, tamper: tamper(path, "DELETE FROM records WHERE sequence > 3"), "missing or changed", id="a cut end"),
        pytest.param(
            lambda path, tamper: tamper(path, "UPDATE records SET hash = x'00' WHERE sequence = 5"),
            "missing or changed",
            id="another last record",
        ),
        pytest.param(lambda path, tamper: tamper(path, triggers=False), "no_delete, no_update, only_next", id="triggers removed"),
        pytest.param(lambda path, _: head_path(path).unlink(), "the head file is missing", id="the head file removed"),
        pytest.param(lambda path, _: head_path(path).write_bytes(b"x"), "head file was changed", id="the head file damaged"),
        pytest.param(lambda path, _: path.unlink(), "is gone", id="the file removed"),
        pytest.param(lambda path, _: path.write_bytes(b""), "is gone", id="the file emptied"),
        pytest.param(lambda path, tamper: tamper(path, "DELETE FROM records"), "missing or changed", id="all records removed"),
    ],
)
def test_a_writer_that_comes_back_to_an_altered_file_says_so_in_it(
    fill: Callable[..., Path], tamper: Callable[..., None], caplog: pytest.LogCaptureFixture, change: Change, reason: str
) -> None:
    path = fill(5)
    change(path, tamper)

    chain = Chain(path)
    with caplog.at_level(logging.ERROR):
        chain.append([body()])
    chain.append([body()])
    chain.close()

    said = [record for record in records(path) if record.event == "discontinuity"]
    assert len(said) == 1
    assert reason in said[0].fields["reason"]
    assert reason in caplog.text
    assert any("found the file altered" in problem.what for problem in verify(path).problems)


@pytest.mark.parametrize("change", ["cut", "gone", "replaced"])
def test_a_writer_at_work_notices_too(fill: Callable[..., Path], tamper: Callable[..., None], tmp_path: Path, change: str) -> None:
    other = fill(3, "other.db")
    chain = Chain(tmp_path / "t.db")
    chain.append([body() for _ in range(5)])
    if change == "cut":
        tamper(chain.path, "DELETE FROM records WHERE sequence > 2")
    elif change == "gone":
        chain.path.unlink()
    else:
        other.replace(chain.path)
        for name in ("t.db-wal", "t.db-shm"):  # with its log in place, SQLite brings the old records back into the new file
            (tmp_path / name).unlink()
    chain.append([body()])
    chain.close()
    assert [record.event for record in records(chain.path)][-2:] == ["discontinuity", "message"]


def test_a_failed_commit_leaves_the_file_as_it_was(chain: Chain) -> None:
    chain.append([body()])
    connection = chain._connection
    assert connection is not None
    connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(TranscriptError, match="full"):
        chain.append([body(text="x" * 100_000)])
    assert verify(chain.path).records == 2
    connection.execute("PRAGMA max_page_count = 1000000")
    assert chain.append([body()]).sequence == 2
    chain.close()
    assert verify(chain.path).ok


def test_an_unwritable_head_file_stops_no_record(chain: Chain, caplog: pytest.LogCaptureFixture) -> None:
    chain.append([body()])
    head_path(chain.path).unlink()
    head_path(chain.path).mkdir()
    for _ in range(3):
        chain.append([body()])
    chain.close()
    assert len(list(records(chain.path))) == 5
    assert caplog.text.count("head of transcript") == 1

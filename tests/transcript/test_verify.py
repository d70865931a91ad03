import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from rune.errors import TranscriptError
from rune.transcript import Head, Transcript, current_head, export, records, verify
from rune.transcript.head import head_path, write_head
from rune.transcript.verify import Verification
from rune.types import Action, Message, Verdict

Fill = Callable[..., Path]
Tamper = Callable[..., None]


def named(result: Verification) -> list[int | None]:
    return sorted({problem.sequence for problem in result.problems}, key=lambda n: -1 if n is None else n)


def test_an_untouched_transcript_is_proven_and_gives_its_head(fill: Fill) -> None:
    path = fill()
    result = verify(path)
    assert (result.ok, result.records, result.problems, result.lost) == (True, 11, (), 0)
    assert result.head == current_head(path)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param(["UPDATE records SET record = replace(record, 'text 4', 'text X') WHERE sequence = 5"], [5], id="a record as text"),
        pytest.param(
            ["UPDATE records SET record = cast(replace(record, 'text 4', 'text X') AS blob) WHERE sequence = 5"], [5], id="a record"
        ),
        pytest.param(["UPDATE records SET hash = x'00' WHERE sequence = 5"], [5], id="a hash"),
        pytest.param(["UPDATE records SET conversation = x'00' WHERE sequence = 5"], [5], id="its conversation in the index"),
        pytest.param(["UPDATE records SET turn = 99 WHERE sequence = 5"], [5], id="its turn in the index"),
        pytest.param(["DELETE FROM records WHERE sequence = 5"], [5], id="one missing"),
        pytest.param(["DELETE FROM records WHERE sequence BETWEEN 3 AND 7"], [3], id="many missing"),
        pytest.param(["DELETE FROM records WHERE sequence > 7"], [8], id="the end cut off"),
        pytest.param(["DELETE FROM records WHERE sequence = 0"], [0], id="the beginning cut off"),
        pytest.param(["DELETE FROM records"], [0], id="everything"),
        pytest.param(["INSERT INTO records VALUES (11, NULL, NULL, x'7b7d', x'00')"], [11], id="one added"),
        pytest.param(
            ["INSERT INTO records SELECT 11, conversation, 99, record, hash FROM records WHERE sequence = 10"],
            [11],
            id="the last one twice",
        ),
        pytest.param(
            [
                "CREATE TEMP TABLE t AS SELECT * FROM records",
                "CREATE TEMP VIEW other AS SELECT 13 - sequence AS place, record, hash FROM t",
                "UPDATE records SET (record, hash) = (SELECT record, hash FROM other WHERE place = sequence) WHERE sequence IN (6, 7)",
            ],
            [6, 7, 8],
            id="two swapped",
        ),
        pytest.param(["DROP INDEX turns"], [None], id="the index removed"),
        pytest.param(["CREATE TRIGGER x AFTER INSERT ON records BEGIN SELECT 1; END"], [None], id="a trigger added"),
    ],
)
def test_every_change_to_the_file_is_found_and_named(fill: Fill, tamper: Tamper, statements: list[str], expected: list[int | None]) -> None:
    path = fill()
    tamper(path, *statements)
    assert named(verify(path)) == expected


def test_triggers_that_are_gone_are_named(fill: Fill, tamper: Tamper) -> None:
    path = fill()
    tamper(path, triggers=False)
    assert [problem.what for problem in verify(path).problems] == [
        f"the structure of the file was changed: `{name}`" for name in ("no_delete", "no_update", "only_next")
    ]


def test_a_chain_rewritten_from_some_record_on_is_found_by_its_head(fill: Fill, rewrite: Callable[[Path, int], None]) -> None:
    path = fill()
    rewrite(path, 4)
    assert [(p.sequence, p.what.split(":")[0]) for p in verify(path).problems] == [(10, "replaced")]


def test_somebody_who_rewrites_the_head_file_too_is_found_by_a_head_kept_elsewhere(
    fill: Fill, rewrite: Callable[[Path, int], None]
) -> None:
    path = fill()
    kept = verify(path).head
    assert kept is not None
    rewrite(path, 4)
    head_path(path).unlink()
    new = current_head(path)
    assert new is not None
    write_head(path, new)

    assert verify(path).ok  # nothing on this machine shows it any more
    for text in (str(kept), kept.hash, f"{kept.sequence}:{kept.hash}"):
        result = verify(path, text)
        assert len(result.problems) == 1
        assert "kept elsewhere" in result.problems[0].what


def test_a_head_kept_elsewhere_finds_a_cut_end(fill: Fill, tamper: Tamper) -> None:
    path = fill()
    kept = verify(path).head
    assert kept is not None
    tamper(path, "DELETE FROM records WHERE sequence > 6", "UPDATE sqlite_sequence SET seq = 6")
    head_path(path).unlink()
    assert [(p.sequence, p.what) for p in verify(path, kept).problems] == [
        (7, "missing: records up to 10; the head kept elsewhere proves that they were there")
    ]
    assert verify(path, Head(kept.hash)).problems[0].what.startswith("no record has the hash")


def test_a_cut_end_shows_in_the_file_itself_when_the_head_file_was_adapted(fill: Fill, tamper: Tamper) -> None:
    path = fill()
    tamper(path, "DELETE FROM records WHERE sequence > 6")
    head_path(path).unlink()
    new = current_head(path)
    assert new is not None
    write_head(path, new)
    assert [(p.sequence, p.what) for p in verify(path).problems] == [
        (7, "missing: the end was cut off; the file once held records up to 10")
    ]


def test_an_earlier_head_stays_true(fill: Fill) -> None:
    path = fill(3)
    kept = verify(path).head
    transcript = Transcript(path)
    transcript.append(Message("later"), Verdict(Action.ALLOW))
    transcript.close()
    assert verify(path, kept).ok


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(lambda head: head.unlink(), "is missing, so nobody can tell", id="removed"),
        pytest.param(lambda head: head.write_bytes(b"x"), "does not hold a head", id="damaged"),
    ],
)
def test_a_head_file_that_is_gone_is_not_passed_over(fill: Fill, change: Callable[[Path], object], said: str) -> None:
    path = fill()
    change(head_path(path))
    problems = verify(path).problems
    assert len(problems) == 1
    assert said in problems[0].what


def test_another_transcript_in_its_place_is_found(fill: Fill) -> None:
    path, other = fill(), fill(name="other.db")
    shutil.copy(other, path)
    assert "not the transcript that the head in the head file belongs to" in verify(path).problems[0].what


def test_a_file_with_damaged_pages_is_an_answer_and_no_error(fill: Fill) -> None:
    path = fill(2_000)
    data = bytearray(path.read_bytes())
    for page in range(8, 40, 4):
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(data)
    result = verify(path)
    assert not result.ok
    assert any("cannot be read" in problem.what or "damaged" in problem.what for problem in result.problems)


@pytest.mark.timeout(30)
def test_a_file_whose_pages_lead_in_a_circle_comes_to_an_end(fill: Fill) -> None:
    path = fill(60)
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'records'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    data = bytearray(path.read_bytes())
    page = (root - 1) * size
    cells = int.from_bytes(data[page + 3 : page + 5], "big")
    last_cell = page + 12 + 2 * (cells - 1)
    key = page + int.from_bytes(data[last_cell : last_cell + 2], "big") + 4
    data[key] = 127  # of the branch to the left of the last: whoever looks for what follows record 60 comes back to it
    path.write_bytes(data)

    assert any("cannot be read" in problem.what for problem in verify(path).problems)
    with pytest.raises(TranscriptError, match="order of its records is damaged"):
        list(records(path))


def test_it_can_be_verified_while_it_is_written(tmp_path: Path) -> None:
    transcript = Transcript(tmp_path / "t.db")
    stop = threading.Event()

    def talk() -> None:
        while not stop.is_set():
            transcript.append(Message("x"), Verdict(Action.BLOCK))

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        while not (tmp_path / "t.db.head").exists():
            pass
        for _ in range(30):
            result = verify(transcript.path)
            assert result.ok, result.problems
    finally:
        stop.set()
        thread.join()
        transcript.close()


def test_progress_is_told(fill: Fill) -> None:
    told: list[tuple[int, int]] = []
    verify(fill(), progress=lambda done, total: told.append((done, total)))
    assert told == [(11, 11)]


def test_an_export_is_verified_like_a_transcript(fill: Fill, tmp_path: Path) -> None:
    path = fill()
    (tmp_path / "e.jsonl").write_text("".join(export(path)), encoding="utf-8")
    assert verify(tmp_path / "e.jsonl") == verify(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "there is no transcript"), (b"just some text, no SQLite header in sight" * 20, "not a Rune transcript")],
)
def test_what_is_no_transcript_is_an_error(tmp_path: Path, content: bytes | None, said: str) -> None:
    if content:
        (tmp_path / "t.db").write_bytes(content)
    with pytest.raises(TranscriptError, match=said):
        verify(tmp_path / "t.db")


def test_a_transcript_without_a_record_is_an_error_unless_a_head_says_that_there_were_some(fill: Fill, tmp_path: Path) -> None:
    path = fill()
    path.write_bytes(b"")
    assert [problem.sequence for problem in verify(path).problems if problem.sequence == 0]
    head_path(path).unlink()
    with pytest.raises(TranscriptError, match="nothing was ever recorded"):
        verify(path)


def test_what_is_no_head_is_an_error(fill: Fill) -> None:
    with pytest.raises(TranscriptError, match="is not a head"):
        verify(fill(), "nonsense")

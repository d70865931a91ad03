from collections.abc import Callable
from pathlib import Path

import pytest

from rune.errors import TranscriptError
from rune.transcript import Transcript, conversations, current_head, export, records, verify
from rune.transcript import read as module
from rune.types import Action, Decision, Message, Review, Verdict


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 3)


@pytest.mark.parametrize(
    ("conversation", "expected"),
    [
        pytest.param(None, ["genesis", *(f"text {n}" for n in range(10))], id="everything"),
        pytest.param("c1", ["text 1", "text 3", "text 5", "text 7", "text 9"], id="one conversation"),
        pytest.param("c9", [], id="one that is not there"),
    ],
)
def test_records_come_in_order_over_any_number_of_pages(fill: Callable[..., Path], conversation: str | None, expected: list[str]) -> None:
    assert [record.fields.get("content", record.event) for record in records(fill(), conversation)] == expected


def test_a_reader_neither_stops_a_writer_nor_misses_what_it_adds(fill: Callable[..., Path]) -> None:
    path = fill(4)
    reader = records(path)
    first = [next(reader) for _ in range(3)]
    transcript = Transcript(path)
    transcript.append(Message("later"), Verdict(Action.BLOCK))
    rest = list(reader)
    transcript.close()
    assert [record.sequence for record in first + rest] == list(range(6))
    assert rest[-1].fields["content"] == "later"


def test_a_summary_tells_what_happened(tmp_path: Path) -> None:
    transcript = Transcript(tmp_path / "t.db")
    quiet = Message("x", conversation="quiet", sender="a", recipient="b")
    loud = Message("y", conversation="loud", sender="b", recipient="c", time=1.0)
    transcript.append(quiet, Verdict(Action.ALLOW, quiet.id))
    transcript.append(loud, Verdict(Action.REVIEW, loud.id))
    transcript.append(loud, Verdict(Action.BLOCK, loud.id, review=Review(Decision.REJECT)), "review")
    transcript.append(Message("late", conversation="second"), Verdict(Action.ALLOW))
    transcript.close()

    found = {one.id: one for one in conversations(transcript.path)}

    assert list(found) == ["loud", "second", "quiet"]  # worst first, then latest
    one = found["loud"]
    assert (one.messages, one.reviews, one.findings, one.worst, one.agents) == (1, 1, 0, Action.BLOCK, ["b", "c"])
    assert one.first <= one.last


def test_findings_and_incidents_are_counted(fill: Callable[..., Path]) -> None:
    found = conversations(fill())
    assert sum(one.findings for one in found) == 4
    assert sum(len(one.incidents) for one in found) == 4
    assert all(incident.startswith("inc-") for one in found for incident in one.incidents)


def test_progress_is_told(fill: Callable[..., Path]) -> None:
    told: list[tuple[int, int]] = []
    conversations(fill(), lambda done, total: told.append((done, total)))
    assert told == [(0, 11), (3, 11), (6, 11), (9, 11)]


STRANGE = [
    "x'7b2261223a22ff227d'",
    "x'00'",
    "'text'",
    "7",
    "x'5b5d'",
    'cast(\'{"event":7,"findings":3,"sender":["x"],"conversation":"c","time":"no"}\' as blob)',
]


@pytest.mark.parametrize("value", STRANGE, ids=["no UTF-8", "NUL", "text", "a number", "a list", "wrong types"])
def test_a_record_that_somebody_broke_breaks_no_reader(fill: Callable[..., Path], tamper: Callable[..., None], value: str) -> None:
    path = fill(4)
    tamper(path, f"UPDATE records SET record = {value} WHERE sequence = 2")
    assert len(list(records(path))) == 5
    assert conversations(path)


@pytest.mark.parametrize("value", ["NULL", "'x'", "7", "x'00'"])
def test_a_hash_that_somebody_broke_breaks_no_reader(fill: Callable[..., Path], tamper: Callable[..., None], value: str) -> None:
    path = fill(4)
    tamper(
        path,
        "CREATE TABLE copy AS SELECT * FROM records",
        f"UPDATE copy SET hash = {value} WHERE sequence = 4",
        "DROP TABLE records",
        "ALTER TABLE copy RENAME TO records",
        triggers=False,
    )
    assert len(list(records(path))) == 5
    current_head(path)


def test_the_head_of_a_file(fill: Callable[..., Path], tmp_path: Path) -> None:
    path = fill(3)
    head = current_head(path)
    assert head is not None
    assert (head.sequence, head.file) == (3, next(iter(records(path))).fields["file"])
    (tmp_path / "empty.db").touch()
    assert current_head(tmp_path / "empty.db") is None


def test_a_path_may_be_text(fill: Callable[..., Path]) -> None:
    path = str(fill(2))
    assert len(list(records(path))) == 3
    assert conversations(path)
    assert current_head(path)
    assert verify(path).ok
    assert list(export(path))


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    for read in (lambda p: list(records(p)), conversations, current_head):
        with pytest.raises(TranscriptError, match="there is no transcript"):
            read(tmp_path / "t.db")

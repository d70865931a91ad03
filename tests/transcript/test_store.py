import gc
import sqlite3
from pathlib import Path

import pytest

from rune.errors import ConfigurationError
from rune.transcript import Head, Transcript, records, verify
from rune.types import Action, Decision, Message, Review, Verdict

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


@pytest.fixture
def transcript(tmp_path: Path) -> Transcript:
    return Transcript(tmp_path / "t.db")


def test_nothing_is_made_before_the_first_decision(transcript: Transcript, tmp_path: Path) -> None:
    assert transcript.flush()
    assert transcript.head() is None
    assert transcript.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("verdict", "waits"),
    [
        pytest.param(Verdict(Action.ALLOW), False, id="allow"),
        pytest.param(Verdict(Action.FLAG), False, id="flag"),
        pytest.param(Verdict(Action.REDACT), False, id="redact"),
        pytest.param(Verdict(Action.REVIEW), True, id="review"),
        pytest.param(Verdict(Action.BLOCK), True, id="block"),
        pytest.param(Verdict(Action.ALLOW, review=Review(Decision.APPROVE)), True, id="allowed by a human"),
    ],
)
def test_what_stopped_or_released_something_is_on_disk_at_once(
    transcript: Transcript, monkeypatch: pytest.MonkeyPatch, verdict: Verdict, waits: bool
) -> None:
    monkeypatch.setattr("rune.transcript.writer.EVIDENCE_SECONDS", 30)
    with transcript._writer._changed:  # held here, the thread can commit only while append waits for it
        transcript.append(Message("x"), verdict)
        recorded = transcript.counters["recorded"]
    assert recorded == waits
    transcript.close()


@pytest.mark.parametrize(
    ("mode", "content"),
    [("redacted", "hello"), ("full", "hello"), ("hash", None)],
)
def test_the_mode_decides_what_is_kept(tmp_path: Path, mode: str, content: str | None) -> None:
    transcript = Transcript(tmp_path / "t.db", content=mode)  # type: ignore[arg-type]
    transcript.append(Message("hello"), Verdict(Action.ALLOW))
    transcript.close()
    record = list(records(transcript.path))[1]
    assert (record.fields["content"], record.fields["content_mode"]) == (content, mode)


@pytest.mark.parametrize(
    "text", ["", "\0\0", "\ud800", "\udfff\ud800", "é" * 10, "x" * 3_000_000], ids=["empty", "NUL", "surrogate", "surrogates", "é", "3 MB"]
)
def test_any_text_is_recorded_as_it_was(tmp_path: Path, text: str) -> None:
    transcript = Transcript(tmp_path / "t.db", content="full")
    transcript.append(Message(text, conversation=text[:10], sender=text[:10]), Verdict(Action.BLOCK))
    assert transcript.close(10)
    assert next(iter(records(transcript.path, text[:10]))).fields["content"] == text
    assert verify(transcript.path).ok


def test_the_head_proves_how_far_it_reached(transcript: Transcript) -> None:
    transcript.append(Message("x"), Verdict(Action.ALLOW))
    head = transcript.head()
    transcript.append(Message("y"), Verdict(Action.ALLOW))
    transcript.close()
    assert isinstance(head, Head)
    assert head.sequence == 1
    assert verify(transcript.path, str(head)).ok


def test_an_unknown_mode_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="unknown content mode `some`"):
        Transcript(tmp_path / "t.db", content="some")  # type: ignore[arg-type]


def test_one_that_nobody_holds_any_more_writes_what_waits_and_closes(tmp_path: Path) -> None:
    transcript = Transcript(tmp_path / "t.db")
    transcript.append(Message("x"), Verdict(Action.ALLOW))
    del transcript
    gc.collect()
    assert not (tmp_path / "t.db-wal").exists()
    assert len(list(records(tmp_path / "t.db"))) == 2


def test_its_counters_and_state_are_told(transcript: Transcript) -> None:
    transcript.append(Message("x"), Verdict(Action.ALLOW))
    transcript.flush()
    assert transcript.counters["recorded"] == 1
    assert not transcript.failing
    assert repr(transcript).startswith("Transcript('/")
    transcript.close()


def test_a_relative_path_stays_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    transcript = Transcript("t.db")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    transcript.append(Message("x"), Verdict(Action.BLOCK))
    transcript.close()
    assert (tmp_path / "t.db").exists()


def test_the_file_is_plain_sqlite(transcript: Transcript) -> None:
    transcript.append(Message("x", conversation="c"), Verdict(Action.ALLOW))
    transcript.close()
    connection = sqlite3.connect(transcript.path)
    assert connection.execute("SELECT json_extract(record, '$.content') FROM records WHERE conversation = x'63'").fetchall() == [("x",)]
    connection.close()

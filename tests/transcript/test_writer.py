import json
import logging
import os
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rune.transcript import records, verify
from rune.transcript.backlog import Backlog
from rune.transcript.writer import EVIDENCE_SECONDS, Writer
from rune.types import Action, Message, Verdict

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


def say(writer: Writer, text: str = "x", action: Action = Action.ALLOW, *, evidence: bool = False) -> None:
    message = Message(text, conversation="c")
    writer.submit(message, Verdict(action, message.id), "message", evidence=evidence)


def contents(path: Path) -> list[str]:
    return [record.fields["content"] for record in records(path) if record.event == "message"]


def wait_until(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    return Writer(tmp_path / "t.db", "redacted")


def test_what_is_handed_over_is_on_disk_soon_and_in_order(writer: Writer, tmp_path: Path) -> None:
    for number in range(1_000):
        say(writer, str(number))
    assert writer.flush(10)
    assert contents(tmp_path / "t.db") == [str(number) for number in range(1_000)]
    assert writer.counters() == {"submitted": 1_000, "recorded": 1_000, "lost": 0, "failures": 0, "late": 0, "queued": 0}
    assert writer.close(5)


def test_without_anybody_flushing_it_is_on_disk_by_itself(writer: Writer, tmp_path: Path) -> None:
    for number in range(1, 4):
        say(writer)
        wait_until(lambda: writer.counters()["recorded"] == number)  # noqa: B023 - called in this turn only
        wait_until(lambda: writer._idle)
    assert contents(tmp_path / "t.db") == ["x"] * 3
    writer.close(5)


def test_evidence_is_on_disk_when_the_agents_go_on(writer: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rune.transcript.writer.EVIDENCE_SECONDS", 30)
    say(writer, "first")
    writer.flush(10)
    say(writer, "stopped", Action.BLOCK, evidence=True)
    assert contents(tmp_path / "t.db") == ["first", "stopped"]
    writer.close(5)


def test_evidence_never_keeps_the_agents_waiting_long(writer: Writer, tmp_path: Path) -> None:
    say(writer)
    writer.flush(10)
    other = sqlite3.connect(tmp_path / "t.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    say(writer, "stopped", Action.BLOCK, evidence=True)
    assert time.monotonic() - started < EVIDENCE_SECONDS + 1
    assert writer.counters()["late"] == 1
    other.execute("ROLLBACK")
    other.close()
    assert writer.flush(10)
    assert contents(tmp_path / "t.db") == ["x", "stopped"]
    writer.close(5)


def test_an_overload_is_counted_and_said_in_the_transcript(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    writer = Writer(tmp_path / "t.db", "full", Backlog(records=10))
    with writer._gate.use():
        for action in (Action.ALLOW,) * 30 + (Action.FLAG,) * 4:
            say(writer, action=action)
    assert writer.flush(10)
    counts = writer.counters()
    assert counts["submitted"] == counts["recorded"] + counts["lost"] == 34
    assert sum(sum(r.fields["lost"].values()) for r in records(tmp_path / "t.db") if r.event == "gap") == counts["lost"] > 0
    assert verify(tmp_path / "t.db").lost == counts["lost"]
    assert caplog.text.count("faster than they can be written") == 1
    writer.close(5)


def test_an_odd_message_is_recorded_as_unwritable_beside_its_neighbors(
    writer: Writer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    say(writer, "before")
    writer.submit(Message("private", conversation="c", time="noon"), Verdict(Action.ALLOW), "message", evidence=False)  # type: ignore[arg-type]
    say(writer, "after")
    assert writer.flush(10)
    assert [record.event for record in records(tmp_path / "t.db")] == ["genesis", "message", "unwritable", "message"]
    assert "could not be put into a record (TypeError)" in caplog.text
    assert "private" not in caplog.text
    writer.close(5)


def test_many_threads_lose_nothing(writer: Writer, tmp_path: Path) -> None:
    def work() -> None:
        for number in range(50):
            say(writer, "x", Action.BLOCK if number % 10 == 0 else Action.ALLOW, evidence=number % 10 == 0)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert writer.close(10)
    assert len(contents(tmp_path / "t.db")) == 400
    assert verify(tmp_path / "t.db").ok


def test_after_closing_it_begins_again_when_there_is_more(writer: Writer, tmp_path: Path) -> None:
    for number in range(3):
        say(writer, str(number))
        assert writer.close(5)
        assert not (tmp_path / "t.db-wal").exists()
    assert contents(tmp_path / "t.db") == ["0", "1", "2"]
    assert verify(tmp_path / "t.db").ok


def test_nothing_to_write_makes_no_file_and_no_thread(writer: Writer, tmp_path: Path) -> None:
    before = threading.active_count()
    assert writer.flush(1)
    assert writer.close(1)
    assert threading.active_count() == before
    assert list(tmp_path.iterdir()) == []


FULL_DISK = """
import json, logging, resource, sys, time
from pathlib import Path
from rune.transcript import Transcript, verify
from rune.types import Action, Message, Verdict
logging.basicConfig(stream=sys.stderr, format="%(message)s")
transcript = Transcript(Path(sys.argv[1]), content="full")
def say(action=Action.ALLOW, size=2000):
    started = time.monotonic()
    transcript.append(Message("x" * size), Verdict(action))
    return time.monotonic() - started
say(); transcript.flush(10)
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))
waits = [say(Action.BLOCK if n % 100 == 0 else Action.ALLOW) for n in range(10_500)]
full = {"failing": transcript.failing, "flushed": transcript.flush(3), **transcript.counters, "longest": max(waits)}
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, hard))
time.sleep(1.2)
say()
after = {"flushed": transcript.flush(30), "failing": transcript.failing, **transcript.counters}
transcript.close()
result = verify(Path(sys.argv[1]))
print(json.dumps({"full": full, "after": after, "ok": result.ok, "records": result.records, "lost": result.lost}))
"""


@pytest.mark.skipif(resource.getrlimit(resource.RLIMIT_FSIZE)[1] != resource.RLIM_INFINITY, reason="file sizes are limited here")
def test_on_a_full_disk_the_agents_go_on_and_the_gap_is_said(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path / "t.db")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    result = json.loads(done.stdout)

    assert result["full"]["failing"]
    assert not result["full"]["flushed"]
    assert result["full"]["lost"] > 0
    assert result["full"]["longest"] < 1
    assert result["after"]["flushed"]
    assert not result["after"]["failing"]
    assert result["ok"]
    assert result["lost"] == result["after"]["lost"]
    assert result["after"]["submitted"] == result["after"]["recorded"] + result["after"]["lost"]
    assert done.stderr.count("The agents go on") == 1
    assert done.stderr.count("is written again") == 1


def in_child(work: Callable[[], bool]) -> int:
    """Run in a forked child; return its exit code."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = 0 if work() else 2
        finally:
            os._exit(code)
    deadline = time.monotonic() + 30
    while (done := os.waitpid(pid, os.WNOHANG))[0] == 0:
        if time.monotonic() > deadline:
            os.kill(pid, 9)
            os.waitpid(pid, 0)
            pytest.fail("the child hangs")
        time.sleep(0.01)
    return os.waitstatus_to_exitcode(done[1])


def test_parent_and_child_write_one_transcript_after_a_fork(writer: Writer, tmp_path: Path) -> None:
    say(writer, "before")  # still waiting when the process forks: the parent's to write, once

    def child() -> bool:
        say(writer, "child")
        return writer.close(10) and writer.counters()["submitted"] == 1

    assert in_child(child) == 0
    say(writer, "parent")
    assert writer.close(10)
    assert sorted(contents(tmp_path / "t.db")) == ["before", "child", "parent"]
    assert verify(tmp_path / "t.db").ok


def test_a_fork_in_the_middle_of_a_commit_waits_for_it(writer: Writer, tmp_path: Path) -> None:
    stop = threading.Event()

    def talk() -> None:
        while not stop.is_set():
            say(writer, "busy", Action.BLOCK, evidence=True)

    thread = threading.Thread(target=talk)
    thread.start()

    def child() -> bool:
        say(writer, "child", Action.BLOCK, evidence=True)
        return writer.close(10)

    try:
        assert [in_child(child) for _ in range(10)] == [0] * 10
    finally:
        stop.set()
        thread.join()
    assert writer.close(10)
    assert contents(tmp_path / "t.db").count("child") == 10
    assert verify(tmp_path / "t.db").ok


def test_a_child_of_a_hanging_commit_keeps_no_transcript_and_says_so(
    writer: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rune.transcript.fork.HOLD_SECONDS", 0.1)
    say(writer, "before")
    writer.flush(10)

    def child() -> bool:
        say(writer, "child", Action.BLOCK, evidence=True)
        return writer.failing and writer.counters()["lost"] == 1 and writer.close(1)

    with writer._gate.use():
        assert in_child(child) == 0
    say(writer, "after")
    assert writer.close(10)
    assert contents(tmp_path / "t.db") == ["before", "after"]


WORKER = """
import multiprocessing, sys
from rune.transcript import Transcript
from rune.types import Action, Message, Verdict
kept = []
def work(path):
    kept.append(Transcript(path))
    kept[0].append(Message("by a worker"), Verdict(Action.ALLOW))
if __name__ == "__main__":
    worker = multiprocessing.get_context(sys.argv[2]).Process(target=work, args=(sys.argv[1],))
    worker.start()
    worker.join()
"""


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_the_end_of_a_worker_process_writes_what_waits(tmp_path: Path, method: str) -> None:
    program = tmp_path / "program.py"
    program.write_text(WORKER, encoding="utf-8")
    subprocess.run([sys.executable, str(program), str(tmp_path / "t.db"), method], check=True, timeout=100)
    assert contents(tmp_path / "t.db") == ["by a worker"]


EXIT = """
import sys
from rune.transcript import Transcript
from rune.types import Action, Message, Verdict
kept = Transcript(sys.argv[1])
{before}
def say(text):
    kept.append(Message(text), Verdict(Action.ALLOW))
say("last")
{after}
"""


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("", "", ["last"], id="at the end of the program"),
        pytest.param("", "sys.exit(3)", ["last"], id="with an exit code"),
        pytest.param("", "raise KeyError", ["last"], id="with an error"),
        pytest.param("", "del kept", ["last"], id="when nobody holds it any more"),
        pytest.param(
            "import atexit; atexit.register(lambda: say('in atexit'))", "", ["last", "in atexit"], id="said while the program ends"
        ),
    ],
)
def test_the_end_of_the_program_writes_what_waits(tmp_path: Path, before: str, after: str, expected: list[str]) -> None:
    program = EXIT.format(before=before, after=after)
    subprocess.run([sys.executable, "-W", "error", "-c", program, str(tmp_path / "t.db")], check=False, timeout=60, capture_output=True)
    assert contents(tmp_path / "t.db") == expected


def test_a_vanished_folder_is_loud_once_and_harmless(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    writer = Writer(tmp_path / "file" / "t.db", "full")
    with caplog.at_level(logging.ERROR):
        for _ in range(20):
            say(writer, action=Action.BLOCK, evidence=True)
        assert not writer.flush(5)
    assert writer.failing
    assert caplog.text.count("The agents go on") == 1
    assert not writer.close(1)
    assert "could not be written before the end" in caplog.text

"""kill -9 at any moment: what was acknowledged is there, and the file is whole."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rune.transcript import Transcript, records, verify
from rune.types import Action, Message, Verdict

pytestmark = [pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"), pytest.mark.timeout(7_200)]

KILLS_PER_FILE = 20


def talk(path: Path, acknowledge: int, name: str) -> None:
    """Record without end, telling the parent what is known to be on disk."""
    transcript = Transcript(path)
    number = 0
    while True:
        for _ in range(random.randrange(8)):
            number += 1
            transcript.append(Message(f"{name}-{number}", conversation="c"), Verdict(Action.ALLOW))
        number += 1
        late = transcript.counters["late"]
        transcript.append(Message(f"{name}-{number}", conversation="c"), Verdict(Action.BLOCK))
        if transcript.counters["late"] == late:
            os.write(acknowledge, b"%d\n" % number)


def killed(path: Path, name: str, seconds: float) -> list[str]:
    """Start a writer, kill it after some time, and return what it had acknowledged."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        try:
            talk(path, writing, name)
        finally:
            os._exit(1)
    os.close(writing)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    return [f"{name}-{int(line)}" for line in told.splitlines()]


def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path: Path, size: Callable[[int, int], int], chance: random.Random) -> None:
    acknowledged: list[str] = []
    total = 0
    path = tmp_path / "0.db"
    for kill in range(size(30, 10_000)):
        if kill % KILLS_PER_FILE == 0:
            path, acknowledged = tmp_path / f"{kill}.db", []
        told = killed(path, str(kill), chance.choice((0.0, 0.005, 0.02, 0.06)) * chance.random() * 2)
        acknowledged += told
        total += len(told)
        if not list(records(path) if path.exists() else ()):
            assert not acknowledged
            continue
        result = verify(path)
        assert result.ok, result.problems
        present = [record.fields["content"] for record in records(path) if record.event == "message"]
        assert not set(acknowledged) - set(present)
        assert len(present) == len(set(present))
    assert total

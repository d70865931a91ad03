"""Several processes, and forks at any moment, on one transcript."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from rune.delivery import Outbox
from rune.transcript import Transcript, records, verify
from rune.types import Action, Message, Verdict

pytestmark = [pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"), pytest.mark.timeout(3_600)]

PROCESSES = 4


def child(work: Callable[[], object]) -> int:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = 0 if work() else 2
        finally:
            os._exit(code)
    return pid


def exit_code(pid: int, seconds: float) -> int:
    deadline = time.monotonic() + seconds
    while (done := os.waitpid(pid, os.WNOHANG))[0] == 0:
        if time.monotonic() > deadline:
            os.kill(pid, 9)
            os.waitpid(pid, 0)
            pytest.fail("a process hangs")
        time.sleep(0.005)
    return os.waitstatus_to_exitcode(done[1])


def test_processes_that_share_a_transcript_lose_and_mix_up_nothing(
    tmp_path: Path, size: Callable[[int, int], int], chance: random.Random
) -> None:
    number = size(200, 20_000)

    def talk(name: int, pauses: random.Random) -> bool:
        transcript = Transcript(tmp_path / "t.db")
        for index in range(number):
            action = Action.BLOCK if pauses.random() < 0.05 else Action.ALLOW
            transcript.append(Message(str(index), conversation=f"c{index % 3}", sender=str(name)), Verdict(action))
            if pauses.random() < 0.02:
                time.sleep(pauses.random() * 0.01)
        return transcript.close(60) and transcript.counters["lost"] == 0

    pids = [child(partial(talk, name, random.Random(chance.random()))) for name in range(PROCESSES)]
    assert [exit_code(pid, 600) for pid in pids] == [0] * PROCESSES

    result = verify(tmp_path / "t.db")
    assert (result.ok, result.problems, result.lost) == (True, (), 0)
    said: dict[str, list[int]] = defaultdict(list)
    for record in records(tmp_path / "t.db"):
        if record.event == "message":
            said[record.fields["sender"]].append(int(record.fields["content"]))
    assert said == {str(name): list(range(number)) for name in range(PROCESSES)}


def locks(transcript: Transcript, outbox: Outbox) -> dict[str, Any]:
    return {"queue": transcript._writer._changed, "file": transcript._writer._gate.use(), "outbox": outbox._lock}


@pytest.mark.parametrize("held", ["queue", "file", "outbox"])
def test_a_fork_while_a_lock_is_held_blocks_neither_side(
    tmp_path: Path, size: Callable[[int, int], int], chance: random.Random, held: str
) -> None:
    transcript, outbox = Transcript(tmp_path / "t.db"), Outbox("rune_test_x")
    message = Message("x", conversation="c")
    transcript.append(message, Verdict(Action.BLOCK))
    stop = threading.Event()

    def hold() -> None:
        while not stop.is_set():
            with locks(transcript, outbox)[held]:
                time.sleep(0.002)
            time.sleep(0.0005)

    def work() -> bool:
        transcript.append(message, Verdict(Action.BLOCK))
        outbox.append(message, Verdict(Action.BLOCK))
        return transcript.close(20) and transcript.counters["recorded"] == 1 and outbox.counters["submitted"] == 1

    holder = threading.Thread(target=hold)
    holder.start()
    forks = size(10, 350)
    try:
        for _ in range(forks):
            time.sleep(chance.random() * 0.003)
            assert exit_code(child(work), 60) == 0
    finally:
        stop.set()
        holder.join()
    assert transcript.close(20)
    result = verify(tmp_path / "t.db")
    assert (result.ok, result.records) == (True, 2 + forks)

import os
import threading
import time

import pytest

from rune.transcript import fork
from rune.transcript.fork import Gate

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


def forked(work: object) -> int:
    pid = os.fork()
    if pid == 0:
        os._exit(0 if work() else 1)  # type: ignore[operator]
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_what_must_not_be_inherited_is_closed_before_and_the_child_told_after() -> None:
    said: list[str] = []
    gate = Gate(before=lambda: said.append("closed"), child=lambda held: said.append(f"child {held}"))
    assert forked(lambda: said == ["closed", "child True"]) == 0
    assert said == ["closed"]
    with gate.use():
        pass


def test_a_fork_waits_for_a_connection_in_use() -> None:
    done = threading.Event()
    gate = Gate()
    inside = threading.Event()

    def work() -> None:
        with gate.use():
            inside.set()
            time.sleep(0.2)
            done.set()

    thread = threading.Thread(target=work)
    thread.start()
    inside.wait()
    assert forked(done.is_set) == 0
    thread.join()


def test_a_fork_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fork, "HOLD_SECONDS", 0.1)
    held: list[bool] = []
    gate = Gate(child=held.append)
    with gate.use():
        started = time.monotonic()
        assert forked(lambda: held == [False] and gate._lock.acquire(timeout=1)) == 0
        assert time.monotonic() - started < 2
    with gate.use():
        pass


def test_many_threads_may_fork_at_once() -> None:
    gate = Gate()
    codes: list[int] = []

    def work() -> None:
        for _ in range(5):
            with gate.use():
                pass
            codes.append(forked(lambda: gate._lock.acquire(timeout=5)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [0] * 20

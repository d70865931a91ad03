"""Work done soon, in other threads: bounded, waited for on request, and none of it is lost to an error of another's."""

from __future__ import annotations

import os
import threading

import pytest

from rune.judge import later
from rune.judge.later import Later


def hold(busy: threading.Event, go: threading.Event) -> None:
    busy.set()
    go.wait(10)


def test_everything_is_done() -> None:
    done: list[int] = []
    work = Later()
    accepted = [work.submit(lambda number=number: done.append(number)) for number in range(50)]

    assert work.wait(10)
    assert (all(accepted), sorted(done)) == (True, list(range(50)))


def test_an_error_does_not_stop_the_others() -> None:
    done: list[int] = []
    work = Later()

    def fails() -> None:
        raise ValueError

    work.submit(fails)
    work.submit(lambda: done.append(1))

    assert work.wait(10)
    assert done == [1]


def test_a_full_queue_takes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "WAITING", 2)
    monkeypatch.setattr(later, "THREADS", 1)
    go, busy = threading.Event(), threading.Event()
    work = Later()
    work.submit(lambda: hold(busy, go))
    busy.wait(10)
    accepted = [work.submit(lambda: None) for _ in range(3)]
    go.set()

    assert accepted == [True, True, False]
    assert work.wait(10)


def test_waiting_ends() -> None:
    go = threading.Event()
    work = Later()
    work.submit(lambda: hold(threading.Event(), go))
    ended = work.wait(0.01)
    go.set()

    assert (ended, work.wait(10)) == (False, True)


def test_a_child_starts_with_nothing_and_works() -> None:
    go, busy = threading.Event(), threading.Event()
    work = Later()
    work.submit(lambda: hold(busy, go))
    busy.wait(10)
    work._process = os.getpid() + 1  # as a forked child sees it
    done: list[int] = []
    work.submit(lambda: done.append(1))

    assert work.wait(10)
    assert done == [1]
    go.set()

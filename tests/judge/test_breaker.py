"""An endpoint that fails in a row is left alone, longer each time, and tried by one caller."""

from __future__ import annotations

from rune.judge.breaker import FAILURES, LONGEST, PAUSE, Breaker


class Clock:
    time = 0.0

    def __call__(self) -> float:
        return self.time


def tripped(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        breaker.failed()
    return breaker


def test_failures_in_a_row_open_it() -> None:
    breaker = Breaker(Clock())
    for _ in range(FAILURES - 1):
        breaker.failed()
    before = breaker.admits()
    breaker.failed()

    assert (before, breaker.admits(), breaker.paused) == (True, False, True)


def test_a_success_between_starts_the_count_again() -> None:
    breaker = Breaker(Clock())
    for _ in range(FAILURES - 1):
        breaker.failed()
    breaker.succeeded()
    breaker.failed()

    assert breaker.admits()


def test_after_the_pause_one_caller_tries() -> None:
    clock = Clock()
    breaker = tripped(clock)
    clock.time = PAUSE

    assert [breaker.admits(), breaker.admits()] == [True, False]


def test_a_success_closes_it() -> None:
    clock = Clock()
    breaker = tripped(clock)
    clock.time = PAUSE
    breaker.admits()
    breaker.succeeded()

    assert [breaker.admits(), breaker.admits()] == [True, True]


def test_each_failure_doubles_the_pause_up_to_a_bound() -> None:
    clock = Clock()
    breaker = tripped(clock)
    pauses = []
    for _ in range(8):
        start = clock.time
        while breaker.paused:
            clock.time += 1
        pauses.append(clock.time - start)
        breaker.admits()
        breaker.failed()

    assert pauses[:4] == [15, 30, 60, 120]
    assert pauses[-1] == LONGEST


def test_the_endpoint_may_name_the_pause() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    breaker.failed(retry_after=40)
    clock.time = 39
    before = breaker.admits()
    clock.time = 40

    assert (before, breaker.admits()) == (False, True)

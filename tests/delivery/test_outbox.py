import os
import threading
import time
from collections.abc import Sequence

import pytest

from rune.delivery.event import Event
from rune.delivery.outbox import Outbox
from rune.errors import ConfigurationError
from rune.types import Action, Message, Verdict

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

KEY = "rune_live_0123456789"


class Inbox:
    """A receiver that confirms what it gets, or fails."""

    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.events: list[Event] = []

    def send(self, batch: Sequence[Event]) -> None:
        if not self.works:
            raise OSError("no route to host")
        self.events += batch


def event(action: Action, name: str = "") -> Event:
    return Event.of(Message("x", conversation=name), Verdict(action), "none")


def filled(actions: str, capacity: int = 4) -> Outbox:
    outbox = Outbox(KEY, capacity=capacity)
    for number, letter in enumerate(actions):
        outbox.submit(event({"a": Action.ALLOW, "f": Action.FLAG, "b": Action.BLOCK}[letter], f"{letter}{number}"))
    return outbox


def kept(outbox: Outbox) -> list[str]:
    inbox = Inbox()
    while outbox.drain(inbox):
        pass
    return [event.conversation for event in inbox.events]


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("abf", ["a0", "b1", "f2"], id="in order, whatever they are"),
        pytest.param("aaaaa", ["a1", "a2", "a3", "a4"], id="the oldest allow goes"),
        pytest.param("baaab", ["b0", "a2", "a3", "b4"], id="an allow goes before an older block"),
        pytest.param("bbbba", ["b0", "b1", "b2", "b3"], id="no block goes for an allow"),
        pytest.param("bfbfb", ["f1", "b2", "f3", "b4"], id="without an allow the oldest goes"),
    ],
)
def test_a_full_outbox_drops_allowed_messages_first(actions: str, expected: list[str]) -> None:
    assert kept(filled(actions)) == expected


def balanced(outbox: Outbox) -> bool:
    n = outbox.counters
    undelivered = n["queued"] + n["dropped_allow"] + n["dropped_other"]
    return n["submitted"] == n["delivered"] + n["undelivered"] and n["undelivered"] == undelivered


def test_without_a_sender_everything_is_counted_as_undelivered() -> None:
    outbox = filled("aaabb" * 100)

    assert outbox.counters["undelivered"] == 500
    assert outbox.counters["queued"] == 4
    assert balanced(outbox)


def test_what_a_sender_fails_on_waits_in_its_old_place() -> None:
    outbox = filled("abf")

    assert outbox.drain(Inbox(works=False)) == 0
    assert outbox.counters["failed"] == 1
    assert balanced(outbox)
    assert kept(outbox) == ["a0", "b1", "f2"]


def test_what_comes_back_to_a_full_outbox_follows_the_same_order_of_dropping() -> None:
    outbox = filled("aabb")

    class FillsUp:
        def send(self, batch: Sequence[Event]) -> None:
            for _ in range(3):
                outbox.submit(event(Action.BLOCK, "new"))
            raise OSError

    outbox.drain(FillsUp())

    assert balanced(outbox)
    assert sorted(kept(outbox)) == ["b3", "new", "new", "new"]


@pytest.mark.parametrize(
    ("waiting", "returned", "expected"),
    [
        pytest.param("aaaa", "a", ["a0", "a1", "a2", "a3"], id="an allow is older than the allows that wait"),
        pytest.param("aaaa", "b", ["a1", "a2", "a3", "b9"], id="a block pushes an allow out"),
        pytest.param("bbbb", "b", ["b0", "b1", "b2", "b3"], id="a block is older than the blocks that wait"),
        pytest.param("bbbb", "a", ["b0", "b1", "b2", "b3"], id="an allow gives way"),
    ],
)
def test_what_comes_back_weighs_as_the_oldest(waiting: str, returned: str, expected: list[str]) -> None:
    outbox = Outbox(KEY, capacity=4)
    outbox.submit(event({"a": Action.ALLOW, "b": Action.BLOCK}[returned], f"{returned}9"))

    class FillsUp:
        def send(self, batch: Sequence[Event]) -> None:
            for number, letter in enumerate(waiting):
                outbox.submit(event({"a": Action.ALLOW, "b": Action.BLOCK}[letter], f"{letter}{number}"))
            raise OSError

    outbox.drain(FillsUp())
    assert balanced(outbox)
    assert sorted(kept(outbox)) == expected


def test_an_interrupt_passes_through_and_loses_nothing() -> None:
    outbox = filled("ab")

    class Interrupted:
        def send(self, batch: Sequence[Event]) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outbox.drain(Interrupted())
    assert kept(outbox) == ["a0", "b1"]


def test_counters_are_exact_under_many_threads() -> None:
    outbox = Outbox(KEY, capacity=64)
    inbox = Inbox()

    def work(action: Action) -> None:
        for number in range(500):
            outbox.submit(event(action))
            if number % 50 == 0:
                outbox.drain(inbox, 7)

    threads = [threading.Thread(target=work, args=(action,)) for action in (Action.ALLOW, Action.BLOCK) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outbox.counters["submitted"] == 4_000
    assert outbox.counters["delivered"] == len(inbox.events)
    assert balanced(outbox)


def test_a_forked_child_starts_empty_even_when_the_lock_was_held() -> None:
    outbox = filled("ab")
    with outbox._lock:
        pid = os.fork()
        if pid == 0:
            outbox.submit(event(Action.ALLOW))
            os._exit(0 if outbox.counters["submitted"] == 1 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert outbox.counters["submitted"] == 2


def test_the_key_is_never_shown() -> None:
    assert KEY not in repr(filled("ab"))
    assert "submitted" in repr(filled("ab"))


def test_submitting_costs_the_agents_next_to_nothing() -> None:
    outbox = filled("a" * 3_000, capacity=2_048)
    one = event(Action.ALLOW)
    times = []
    for _ in range(2_000):
        started = time.perf_counter()
        outbox.submit(one)
        times.append(time.perf_counter() - started)

    assert sorted(times)[1_980] < 200e-6  # the promise is 50 µs on an idle machine; tests share theirs


@pytest.mark.parametrize(("key", "capacity"), [("", 4), (KEY, 0)], ids=["no key", "no room"])
def test_what_cannot_work_is_refused(key: str, capacity: int) -> None:
    with pytest.raises(ConfigurationError):
        Outbox(key, capacity=capacity)


def test_a_decision_becomes_an_event() -> None:
    outbox = Outbox(KEY, content="hash")
    outbox.append(Message("hello", sender="a"), Verdict(Action.BLOCK), "review")
    inbox = Inbox()
    outbox.drain(inbox)

    assert [(one.event, one.action, one.content, one.sender) for one in inbox.events] == [("review", Action.BLOCK, None, "a")]

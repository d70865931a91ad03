"""What waits to be delivered: bounded, counted, and never in the way of the agents. Nothing here touches the network.

A sender, once there is one, takes batches from here; until then events stay, the newest of them, and are counted as undelivered.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Sequence
from typing import Protocol
from weakref import WeakSet

from rune.delivery.event import Event
from rune.delivery.key import ApiKey
from rune.errors import ConfigurationError
from rune.policy.kept import ContentMode
from rune.types import Action, Message, Verdict

log = logging.getLogger("rune.delivery")

CAPACITY = 2_048
"""Events kept (the bound of OpenTelemetry's batch processor)."""
BATCH = 100

_Numbered = tuple[int, Event]
"""An event and its place in the order of submission."""


class Sender(Protocol):
    """Carries batches of events out of the process."""

    def send(self, batch: Sequence[Event]) -> None:
        """Deliver a batch; return when the receiver has confirmed it, raise when it has not."""
        ...


class Outbox:
    """A bounded queue of events. For any number of threads; a forked child starts with an empty one, for its parent delivers what waits.

    When it is full, the oldest event of an allowed message makes room; only when there is none, the oldest of the others. A new event of
    an allowed message is itself left out when nothing but others waits.

    Args:
        api_key: key of the service.
        content: what of each message's content may leave the process: `none`, `hash`, `redacted` or `full`.
        capacity: events kept at most.

    Raises:
        ConfigurationError: the key is empty, or the capacity is not positive.
    """

    def __init__(self, api_key: str | ApiKey, *, content: ContentMode = "redacted", capacity: int = CAPACITY) -> None:
        self.api_key = api_key if isinstance(api_key, ApiKey) else ApiKey(api_key)
        if capacity < 1:
            raise ConfigurationError(f"capacity is `{capacity}`; an outbox holds at least one event.")
        self.content = content
        self._capacity = capacity
        self._begin()
        _outboxes.add(self)

    def _begin(self) -> None:
        self._lock = threading.RLock()
        self._allowed: deque[_Numbered] = deque()
        self._others: deque[_Numbered] = deque()
        self._submitted = self._delivered = self._dropped_allowed = self._dropped_others = self._failed = 0
        self._in_flight = 0

    def __repr__(self) -> str:
        """Show the counters; the key masked."""
        return f"Outbox({self.api_key!r}, {self.counters})"

    def append(self, message: Message, verdict: Verdict, event: str = "message") -> None:
        """Make the event of a decision and submit it. Never raises, never blocks; what cannot be made an event is counted as dropped."""
        try:
            made = Event.of(message, verdict, self.content, event=event)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the telemetry, the agents go on
            self._lost(error)
        else:
            self.submit(made)

    def submit(self, event: Event) -> None:
        """Keep an event for delivery. Never raises, never blocks."""
        with self._lock:
            try:
                self._place(event)
            except Exception as error:  # noqa: BLE001 - as in append
                self._lost(error)
            else:
                self._submitted += 1

    def _place(self, event: Event) -> None:
        queue = self._queue_of(event)
        if self._waiting() < self._capacity or self._make_room(event):
            queue.append((self._submitted, event))

    def _lost(self, error: Exception) -> None:
        with self._lock:
            self._submitted += 1
            self._dropped_others += 1
        log.warning("rune: the event of a decision could not be kept (%s)", type(error).__name__)

    def drain(self, sender: Sender, limit: int = BATCH) -> int:
        """Hand the oldest events to a sender and return how many it confirmed; what it fails on waits again, in its old place."""
        batch = self._take(limit)
        if not batch:
            return 0
        try:
            sender.send([event for _, event in batch])
        except BaseException as error:  # whatever keeps a sender from delivering, the events are still here
            self._put_back(batch)
            if not isinstance(error, Exception):
                raise
            return 0
        with self._lock:
            self._in_flight -= len(batch)
            self._delivered += len(batch)
        return len(batch)

    def _take(self, limit: int) -> list[_Numbered]:
        with self._lock:
            batch = [self._oldest().popleft() for _ in range(min(limit, self._waiting()))]
            self._in_flight += len(batch)
            return batch

    def _put_back(self, batch: Sequence[_Numbered]) -> None:
        with self._lock:
            self._failed += 1
            self._in_flight -= len(batch)
            for numbered in reversed(batch):
                if self._waiting() < self._capacity or self._make_room(numbered[1], oldest=True):
                    self._queue_of(numbered[1]).appendleft(numbered)

    @property
    def counters(self) -> dict[str, int]:
        """Counts of events, and `failed`, the number of batches that came back.

        At any moment `submitted` = `delivered` + `undelivered`, and `undelivered` = `queued` + `dropped_allow` + `dropped_other`.
        """
        with self._lock:
            return {
                "submitted": self._submitted,
                "delivered": self._delivered,
                "undelivered": self._submitted - self._delivered,
                "queued": self._waiting() + self._in_flight,
                "dropped_allow": self._dropped_allowed,
                "dropped_other": self._dropped_others,
                "failed": self._failed,
            }

    def _waiting(self) -> int:
        return len(self._allowed) + len(self._others)

    def _queue_of(self, event: Event) -> deque[_Numbered]:
        return self._allowed if event.action is Action.ALLOW else self._others

    def _oldest(self) -> deque[_Numbered]:
        if not self._allowed or not self._others:
            return self._allowed or self._others
        return min(self._allowed, self._others, key=lambda queue: queue[0][0])

    def _make_room(self, event: Event, *, oldest: bool = False) -> bool:
        """Drop what weighs least, and of equals the oldest; False when that is the event itself (`oldest`: older than all that wait)."""
        allowed = event.action is Action.ALLOW
        if self._allowed and not (allowed and oldest):
            self._allowed.popleft()
            self._dropped_allowed += 1
            return True
        if allowed:
            self._dropped_allowed += 1
            return False
        if not oldest:
            self._others.popleft()
        self._dropped_others += 1
        return not oldest


_outboxes: WeakSet[Outbox] = WeakSet()


def _begin_in_child() -> None:
    for outbox in _outboxes:
        outbox._begin()  # noqa: SLF001 - of this module's own class


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_in_child)

"""The state of a conversation, bounded however long it runs, and the conversations of one process."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from rune.conversation.budget import MESSAGE_CHARS, MINUTES, ROUNDS, TOKENS, Budget
from rune.conversation.flood import AGENT_RATE, TOTAL_RATE, Flood
from rune.conversation.flow import Edge, SeenEdges
from rune.conversation.naming import kept, shown
from rune.limits import ConversationLimits
from rune.types import Category, Finding, Message, Severity

ENDED = "RUNE-LIMIT-000"
"""Rule of the finding on every message of a conversation that is over."""
LIMITS = frozenset({ENDED, ROUNDS, MESSAGE_CHARS, AGENT_RATE, TOTAL_RATE, TOKENS, MINUTES})
"""Rules of the limits of a conversation: a message that is withheld for one of them ends it."""

RELAYS = 256
"""Recipients of one utterance that are told apart; a copy for a further one counts as a message of its own."""
REASON_CHARS = 200
ENDED_FOR_EACH_OPEN = 10


class Conversation:
    """Counts the messages of one conversation against its limits; thread-safe, constant time a message, bounded memory.

    A group chat hands every utterance to each of its members. Such copies of the message just counted, to members that have not got it
    yet, are one utterance and counted once.

    Args:
        id: identifier of the conversation.
        limits: bounds set by the policy.
        now: a clock in seconds; one that runs backwards is read as standing still.
        seen: where the edges that messages go along are remembered.
    """

    def __init__(
        self,
        id: str,  # noqa: A002 - the field's own word, as in Message
        limits: ConversationLimits,
        *,
        now: Callable[[], float] = time.monotonic,
        seen: SeenEdges | None = None,
    ) -> None:
        self.id = id
        self._now = now
        self._latest = float("-inf")
        self._lock = threading.Lock()
        self._budget = Budget(limits)
        self._flood = Flood(limits)
        self._seen = seen
        self._reason: str | None = None
        self._said: tuple[str, int, int] | None = None
        self._heard: set[str] = set()

    def admit(self, message: Message) -> tuple[Finding, ...]:
        """Count a message; return a finding for every limit it is over, or one that says the conversation has ended."""
        if self._seen is not None:
            self._seen.record(message)
        with self._lock:
            if self._reason is not None:
                return (_ended(self._reason),)
            if self._is_copy(message):
                return tuple(self._budget.size(message))
            now = self._clock()
            return (*self._budget.spend(message, now), *self._flood.count(message.sender, now))

    def end(self, reason: str) -> None:
        """End the conversation: every further message gets a finding. The first reason stays."""
        with self._lock:
            if self._reason is None:
                self._reason = reason[:REASON_CHARS]

    @property
    def ended(self) -> bool:
        """True once `end` was called."""
        return self._reason is not None

    @property
    def reason(self) -> str:
        """Why the conversation ended; empty while it goes on."""
        return self._reason or ""

    def _clock(self) -> float:
        self._latest = max(self._latest, self._now())
        return self._latest

    def _is_copy(self, message: Message) -> bool:
        said = (message.kind.value, len(message.text), hash(message.text))
        recipient = kept(message.recipient)
        if said == self._said and recipient and recipient not in self._heard and len(self._heard) < RELAYS:
            self._heard.add(recipient)
            return True
        self._said = said
        self._heard = {kept(message.sender), recipient}
        return False


class Conversations:
    """The conversations of one process, the least recently used forgotten beyond `capacity`. Thread-safe.

    That a conversation has ended is remembered for `ENDED_FOR_EACH_OPEN` times as many, so opening others brings none back to life.
    """

    def __init__(self, limits: ConversationLimits, *, capacity: int = 10_000, now: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._capacity = capacity
        self._now = now
        self._lock = threading.Lock()
        self._open: OrderedDict[str, Conversation] = OrderedDict()
        self._over: OrderedDict[str, str] = OrderedDict()
        self._seen = SeenEdges()

    def get(self, id: str) -> Conversation:  # noqa: A002 - as in Conversation
        """Return the conversation, new if it was not known."""
        with self._lock:
            known = self._open.get(id)
            if known is None:
                return self._new(id)
            self._open.move_to_end(id)
            return known

    def end(self, id: str, reason: str) -> None:  # noqa: A002
        """End a conversation, known or not."""
        self.get(id).end(reason)

    def ended(self, id: str) -> bool:  # noqa: A002
        """Return whether a conversation was ended."""
        with self._lock:
            known = self._open.get(id)
            return known.ended if known is not None else id in self._over

    def see(self, message: Message) -> None:
        """Remember the edge of a message that is not counted, as when a group's manager hands on what was said."""
        self._seen.record(message)

    def edges(self) -> tuple[Edge, ...]:
        """Return who talked to whom in all conversations, the busiest edge first: what a policy's `flow.edges` can start from."""
        return self._seen.edges()

    def __len__(self) -> int:
        """Return how many conversations are known."""
        with self._lock:
            return len(self._open)

    def _new(self, id: str) -> Conversation:  # noqa: A002
        conversation = Conversation(id, self._limits, now=self._now, seen=self._seen)
        if id in self._over:
            conversation.end(self._over.pop(id))
        self._open[id] = conversation
        if len(self._open) > self._capacity:
            self._forget(*self._open.popitem(last=False))
        return conversation

    def _forget(self, id: str, conversation: Conversation) -> None:  # noqa: A002
        if conversation.ended:
            self._over[id] = conversation.reason
            if len(self._over) > ENDED_FOR_EACH_OPEN * self._capacity:
                self._over.popitem(last=False)


def _ended(reason: str) -> Finding:
    return Finding(
        rule=ENDED,
        category=Category.LIMITS,
        severity=Severity.HIGH,
        summary=f"the conversation has ended ({shown(reason, REASON_CHARS)})" if reason else "the conversation has ended",
        remediation="Start a new conversation; the transcript shows what ended this one.",
    )

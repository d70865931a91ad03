"""What a guard remembers about the chats it watches; every store is bounded, weak where it can be, and safe between threads."""

from __future__ import annotations

import hashlib
import itertools
import operator
import weakref
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from weakref import WeakKeyDictionary

from rune.code import blocks
from rune.types import Kind, Message, Review, new_id

V = TypeVar("V")
D = TypeVar("D")

TEXTS: Final = 8_192
"""Texts remembered as read."""
LONG_TEXT: Final = 4_096
"""Characters above which a text is remembered by its hash instead of itself."""
HANDOVERS: Final = 1_024
"""Messages that may be on their way from one seam to the next at a time."""
CONVERSATIONS: Final = 10_000
"""Conversations whose identifier is known."""
ADOPTED: Final = 10_000
"""Objects guarded without being named, remembered so that they can be let go."""
HISTORY: Final = 4_096
"""Messages of one history remembered as read."""
TICKETS: Final = 256
"""Approvals that wait for the act they were given for."""


class Recent(Generic[V]):
    """The newest `capacity` entries by key; the oldest are forgotten. Every step is one of the dictionary's own: no lock is needed."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._entries: dict[Hashable, V] = {}

    def __contains__(self, key: Hashable) -> bool:
        """Return whether an entry is there."""
        return key in self._entries

    def __len__(self) -> int:
        """Return how many entries are there."""
        return len(self._entries)

    def get(self, key: Hashable, default: V | D) -> V | D:
        """Return an entry, or `default`."""
        return self._entries.get(key, default)

    def values(self) -> list[V]:
        """Return all entries."""
        return list(self._entries.values())

    def put(self, key: Hashable, value: V) -> None:
        """Add or replace an entry, as the newest."""
        entries = self._entries
        entries.pop(key, None)
        entries[key] = value
        if len(entries) > self._capacity:
            self._forget(len(entries) - self._capacity)

    def take(self, key: Hashable) -> V | None:
        """Remove an entry and return it; None when it is not there."""
        return self._entries.pop(key, None)

    def _forget(self, count: int) -> None:
        try:
            oldest = list(itertools.islice(self._entries, count))
        except RuntimeError:  # another thread added one meanwhile, and will forget these too
            return
        for key in oldest:
            self._entries.pop(key, None)


def text_key(kind: Kind, text: str) -> Hashable:
    """Return what a text is remembered by: itself while it is short, its hash when keeping it would cost memory."""
    if len(text) <= LONG_TEXT:
        return (kind.value, text)
    return (kind.value, hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest())


class Handover:
    """Messages that one seam has read and the next one is about to get: the very same object need not be read twice."""

    def __init__(self) -> None:
        self._waiting: Recent[tuple[Any]] = Recent(HANDOVERS)

    def put(self, seam: str, giver: Any, taker: Any, message: Any) -> None:
        """Announce a message; it is kept alive until taken, so its identity cannot be reused."""
        self._waiting.put((seam, id(giver), id(taker), id(message)), (message,))

    def take(self, seam: str, giver: Any, taker: Any, message: Any) -> bool:
        """Return whether this message was announced; it is taken once."""
        return self._waiting.take((seam, id(giver), id(taker), id(message))) is not None


class Tickets:
    """Approvals a human gave while reading a message, each good for one act with exactly what was shown.

    The code in an approved message is run without asking a second time; a second run asks again.
    """

    def __init__(self) -> None:
        self._given: Recent[list[Review]] = Recent(TICKETS)

    def grant(self, message: Message, review: Review) -> None:
        """Remember that a message was approved, for each act in it."""
        for act in _acts(message):
            given = self._given.get(act, [])
            given.append(review)
            self._given.put(act, given)

    def use(self, message: Message) -> Review | None:
        """Use up the approval for an act; None when there is none."""
        given = self._given.get(next(_acts(message), None), [])
        try:
            return given.pop(0)
        except IndexError:
            return None


def _acts(message: Message) -> Iterator[tuple[str, str]]:
    if message.kind is Kind.CODE:
        yield (message.conversation, message.text.strip("\r\n"))
    elif message.kind is Kind.CHAT:
        for block in blocks(message.text):
            yield (message.conversation, block.source.strip("\r\n"))


class Conversations:
    """Identifiers of conversations: one for a group (its manager), one for each pair of agents outside a group."""

    def __init__(self) -> None:
        self._known: Recent[tuple[tuple[Any, ...], str]] = Recent(CONVERSATIONS)

    def between(self, sender: Any, recipient: Any) -> str:
        """Return the identifier of the conversation that a message between two agents belongs to."""
        manager = manager_between(sender, recipient)
        return self.of_group(manager) if manager is not None else self._of(*sorted((sender, recipient), key=id))

    def of_group(self, manager: Any) -> str:
        """Return the identifier of the conversation that a manager leads."""
        return self._of(manager)

    def renew(self, sender: Any, recipient: Any) -> None:
        """Start a new conversation: what follows gets a new identifier."""
        manager = manager_between(sender, recipient)
        members = (manager,) if manager is not None else sorted((sender, recipient), key=id)
        self._known.take(tuple(map(id, members)))

    def _of(self, *members: Any) -> str:
        key = tuple(map(id, members))
        known = self._known.get(key, None)
        if known is not None and all(map(_refers, known[0], members)):
            return known[1]
        made = f"chat-{new_id()}"
        self._known.put(key, (tuple(map(reference_to, members)), made))
        return made


class Histories:
    """How far each agent's history was read: the very messages, with the very contents, need no second look before every reply."""

    def __init__(self) -> None:
        self._read: WeakKeyDictionary[Any, tuple[list[Any], list[Any]]] = WeakKeyDictionary()

    def read(self, agent: Any, messages: Sequence[Any], unread_from: int) -> None:
        """Remember that these messages were read and passed; those before `unread_from` are remembered already."""
        if len(messages) > HISTORY:
            return
        known, contents = self._read.setdefault(agent, ([], []))
        known[unread_from:] = messages[unread_from:]
        contents[unread_from:] = _contents(messages[unread_from:])

    def unread_from(self, agent: Any, messages: Sequence[Any]) -> int:
        """Return the index of the first message that was not read, 0 when anything before it has changed."""
        known, contents = self._read.get(agent, ((), ()))
        count = len(known)
        if not 0 < count <= len(messages) or not all(map(operator.is_, known, messages)):
            return 0
        return count if _contents(messages[:count]) == contents else 0


def _contents(messages: Sequence[Any]) -> list[Any]:
    """Return the contents of messages; a list of parts is copied, so that it can be told when one of them was changed in place."""
    contents = [message.get("content") if type(message) is dict else None for message in messages]
    if list in set(map(type, contents)):
        return [_copied(content) if type(content) is list else content for content in contents]
    return contents


def _copied(pieces: list[Any]) -> list[Any]:
    return [dict(piece) if type(piece) is dict else piece for piece in pieces]


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is while an agent makes its reply: what runs meanwhile belongs to this conversation."""

    conversation: str = ""
    sender: str = ""
    """Who the agent replies to: the author of the last message."""
    agent: str = ""


TURN: ContextVar[Turn] = ContextVar("rune_autogen_turn", default=Turn())  # noqa: B039 - frozen
"""The turn that is being made here."""


def group_of(agent: Any) -> Any:
    """Return the group chat that an agent manages, or None."""
    return getattr(agent, "_groupchat", None)


def manager_between(sender: Any, recipient: Any) -> Any:
    """Return the manager in whose group a message between two agents is said; None when it is said outside one.

    Of two managers (a group in a group) it is the one that the other is a member of.
    """
    if group_of(recipient) is not None and (group_of(sender) is None or _is_member(sender, recipient)):
        return recipient
    return sender if group_of(sender) is not None else None


def name_of(agent: Any) -> str:
    """Return an agent's name."""
    return str(getattr(agent, "name", None) or type(agent).__name__)


def _refers(reference: Callable[[], Any], thing: Any) -> bool:
    return reference() is thing


def reference_to(thing: Any) -> Callable[[], Any]:
    """Return a weak reference, or a strong one to an object whose class allows no other."""
    try:
        return weakref.ref(thing)
    except TypeError:
        return lambda: thing


def _is_member(agent: Any, manager: Any) -> bool:
    return any(member is agent for member in getattr(group_of(manager), "agents", ()))

"""What a guard remembers is bounded, told apart by identity, and forgotten with the agents it is about."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from rune.integrations.autogen.memory import (
    HANDOVERS,
    HISTORY,
    LONG_TEXT,
    Conversations,
    Handover,
    Histories,
    Recent,
    Tickets,
    manager_between,
    name_of,
    text_key,
)
from rune.types import Decision, Kind, Message, Review


class Agent:
    def __init__(self, name: str = "agent", members: list[Any] | None = None) -> None:
        self.name = name
        if members is not None:
            self._groupchat = SimpleNamespace(agents=members)


def test_the_oldest_entries_are_forgotten() -> None:
    recent: Recent[int] = Recent(2)
    for number in range(3):
        recent.put(number, number)

    assert [number in recent for number in range(3)] == [False, True, True]
    assert (recent.take(1), recent.take(1), len(recent)) == (1, None, 1)


def test_a_long_text_is_remembered_by_its_hash() -> None:
    short, long = "x" * LONG_TEXT, "x" * (LONG_TEXT + 1)

    assert text_key(Kind.CHAT, short) == ("chat", short)
    assert len(str(text_key(Kind.CHAT, long))) < 200
    assert text_key(Kind.CHAT, long) != text_key(Kind.CHAT, long + "y")
    assert text_key(Kind.CHAT, "\ud800" * (LONG_TEXT + 1))


def test_only_the_very_same_message_is_handed_over_and_once() -> None:
    handover, giver, taker, message = Handover(), Agent(), Agent(), {"content": "x"}
    handover.put("receive", giver, taker, message)

    assert not handover.take("receive", giver, taker, dict(message))
    assert not handover.take("receive", taker, giver, message)
    assert not handover.take("send", giver, taker, message)
    assert handover.take("receive", giver, taker, message)
    assert not handover.take("receive", giver, taker, message)


def test_messages_that_nobody_takes_do_not_pile_up() -> None:
    handover, giver, taker = Handover(), Agent(), Agent()
    messages = [{"content": str(number)} for number in range(3 * HANDOVERS)]
    for message in messages:
        handover.put("receive", giver, taker, message)

    taken = [handover.take("receive", giver, taker, message) for message in messages]
    assert HANDOVERS // 2 <= sum(taken) <= HANDOVERS
    assert taken[-1]


def approval(text: str, kind: Kind = Kind.CHAT, conversation: str = "c") -> Message:
    return Message(text, kind, conversation=conversation)


def test_an_approval_covers_each_block_of_the_message_once() -> None:
    tickets, review = Tickets(), Review(Decision.APPROVE)
    tickets.grant(approval("See:\n```python\nprint(1)\n```\nand\n```sh\nls\n```"), review)

    assert tickets.use(approval("print(1)", Kind.CODE)) is review
    assert tickets.use(approval("print(1)", Kind.CODE)) is None
    assert tickets.use(approval("ls\n", Kind.CODE)) is review


@pytest.mark.parametrize(
    "act",
    [approval("print(2)", Kind.CODE), approval("print(1)", Kind.CODE, "other"), approval("print(1)", Kind.TOOL_CALL)],
    ids=["other code", "other conversation", "no code"],
)
def test_an_approval_covers_nothing_else(act: Message) -> None:
    tickets = Tickets()
    tickets.grant(approval("```python\nprint(1)\n```"), Review(Decision.APPROVE))

    assert tickets.use(act) is None


def test_a_message_approved_twice_runs_twice() -> None:
    tickets = Tickets()
    for _ in range(2):
        tickets.grant(approval("```python\nprint(1)\n```"), Review(Decision.APPROVE))

    assert [tickets.use(approval("print(1)", Kind.CODE)) is not None for _ in range(3)] == [True, True, False]


def test_a_conversation_is_a_group_or_a_pair() -> None:
    a, b, c = Agent(), Agent(), Agent()
    manager = Agent("manager", [a, b])
    known = Conversations()

    assert known.between(a, manager) == known.between(manager, b) == known.of_group(manager)
    assert known.between(a, b) == known.between(b, a)
    assert len({known.between(a, b), known.between(a, c), known.between(a, manager)}) == 3


def test_a_renewed_conversation_has_another_name() -> None:
    a, b, c, manager = Agent(), Agent(), Agent(), Agent("manager", [])
    known = Conversations()
    before = (known.between(a, b), known.between(a, c), known.between(a, manager))

    known.renew(a, b)
    known.renew(a, manager)

    after = (known.between(a, b), known.between(a, c), known.between(a, manager))
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True, False]


def test_an_agent_at_the_address_of_another_has_conversations_of_its_own() -> None:
    known, other = Conversations(), Agent()
    names = set()
    for _ in range(50):
        names.add(known.between(Agent(), other))  # CPython gives each the address of the one before

    assert len(names) == 50


def test_agents_without_room_for_weak_references_are_kept_apart() -> None:
    class Slotted:
        __slots__ = ("name",)

    a, b, c = Slotted(), Slotted(), Slotted()
    known = Conversations()

    assert known.between(a, b) == known.between(b, a) != known.between(a, c)


def members() -> Iterator[Any]:
    a, b = Agent("a"), Agent("b")
    inner = Agent("inner", [b])
    outer = Agent("outer", [a, inner])
    yield pytest.param(a, outer, "outer", id="member to manager")
    yield pytest.param(outer, a, "outer", id="manager to member")
    yield pytest.param(Agent("user"), outer, "outer", id="outsider to manager")
    yield pytest.param(outer, inner, "outer", id="manager to a member that manages")
    yield pytest.param(inner, outer, "outer", id="a member that manages to its manager")
    yield pytest.param(inner, b, "inner", id="inner manager to its member")
    yield pytest.param(a, b, None, id="two agents")


@pytest.mark.parametrize(("sender", "recipient", "manager"), list(members()))
def test_manager_between(sender: Any, recipient: Any, manager: str | None) -> None:
    found = manager_between(sender, recipient)

    assert (found.name if found else None) == manager


def entry(text: Any) -> dict[str, Any]:
    return {"role": "user", "content": text}


def test_a_history_is_read_from_where_it_was_left() -> None:
    histories, agent, messages = Histories(), Agent(), [entry("a"), entry("b")]

    assert histories.unread_from(agent, messages) == 0
    histories.read(agent, messages, 0)
    assert histories.unread_from(agent, messages) == 2
    messages.append(entry("c"))
    assert histories.unread_from(agent, messages) == 2
    histories.read(agent, messages, 2)
    assert histories.unread_from(agent, messages) == 3


def rewrite(messages: list[Any]) -> None:
    messages[0]["content"] = "changed"


def exchange(messages: list[Any]) -> None:
    messages[0] = entry("a")


def insert(messages: list[Any]) -> None:
    messages.insert(0, entry("x"))


def shorten(messages: list[Any]) -> None:
    messages.pop()


def rewrite_part(messages: list[Any]) -> None:
    messages[1]["content"][0]["text"] = "changed"


@pytest.mark.parametrize("tamper", [rewrite, exchange, insert, shorten, rewrite_part])
def test_a_history_that_changed_is_read_again(tamper: Any) -> None:
    histories, agent = Histories(), Agent()
    messages = [entry("a"), entry([{"type": "text", "text": "b"}]), entry("c")]
    histories.read(agent, messages, 0)

    tamper(messages)

    assert histories.unread_from(agent, messages) == 0


def test_a_very_long_history_is_not_kept() -> None:
    histories, agent = Histories(), Agent()
    messages = [entry("a")] * (HISTORY + 1)
    histories.read(agent, messages, 0)

    assert histories.unread_from(agent, messages) == 0


def test_nothing_keeps_an_agent_alive() -> None:
    histories, conversations, agent, other = Histories(), Conversations(), Agent(), Agent()
    histories.read(agent, [entry("a")], 0)
    conversations.between(agent, other)
    gone = weakref.ref(agent)

    del agent
    gc.collect()

    assert gone() is None


@pytest.mark.parametrize(
    ("thing", "name"), [(Agent("coder"), "coder"), (object(), "object"), (SimpleNamespace(name=None), "SimpleNamespace")]
)
def test_name_of(thing: Any, name: str) -> None:
    assert name_of(thing) == name

"""The state of a conversation, and the conversations of one process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from rune.conversation.budget import MESSAGE_CHARS, ROUNDS
from rune.conversation.flood import AGENT_RATE, TOTAL_RATE
from rune.conversation.flow import Edge
from rune.conversation.state import ENDED, ENDED_FOR_EACH_OPEN, LIMITS, RELAYS, Conversation, Conversations
from rune.limits import ConversationLimits
from rune.types import Message


def clock(*times: float) -> Callable[[], float]:
    ticks: Iterator[float] = iter(times)
    return lambda: next(ticks)


def said(text: str, sender: str = "coder", recipient: str = "reviewer") -> Message:
    return Message(text, sender=sender, recipient=recipient)


def rules(conversation: Conversation, message: Message) -> list[str]:
    return [finding.rule for finding in conversation.admit(message)]


def test_every_limit_is_one_that_ends_a_conversation() -> None:
    limits = ConversationLimits(rounds=1, message_chars=1, messages_per_minute=1, total_messages_per_minute=1, tokens=1, minutes=0.01)
    conversation = Conversation("c", limits, now=clock(0.0, 10.0))
    conversation.admit(said("first"))
    assert {*rules(conversation, said("second")), ENDED} == LIMITS


def test_a_conversation_goes_on_until_the_caller_ends_it() -> None:
    conversation = Conversation("c", ConversationLimits(rounds=1))
    assert rules(conversation, said("one")) == []
    assert rules(conversation, said("two")) == [ROUNDS]
    assert not conversation.ended

    conversation.end(ROUNDS)

    assert conversation.ended
    assert rules(conversation, said("three")) == [ENDED]


def test_the_first_reason_stays() -> None:
    conversation = Conversation("c", ConversationLimits())
    assert conversation.reason == ""
    conversation.end("too many rounds")
    conversation.end("something else")
    assert conversation.reason == "too many rounds"
    (finding,) = conversation.admit(said("hi"))
    assert finding.summary == "the conversation has ended (too many rounds)"


def test_copies_of_one_utterance_to_the_group_are_one_round() -> None:
    conversation = Conversation("c", ConversationLimits(rounds=1, messages_per_minute=1, tokens=2))
    assert rules(conversation, said("hello all", "coder", "manager")) == []
    for member in ("anna", "ben", "carla"):
        assert rules(conversation, said("hello all", "manager", member)) == []


@pytest.mark.parametrize(
    "repeated",
    [
        pytest.param(said("go on", "coder", "reviewer"), id="to the same agent again"),
        pytest.param(said("go on", "reviewer", "coder"), id="back to the one who said it"),
        pytest.param(said("go on", "coder", ""), id="to nobody"),
        pytest.param(said("go on!", "coder", "manager"), id="another text"),
    ],
)
def test_a_repetition_is_no_copy(repeated: Message) -> None:
    conversation = Conversation("c", ConversationLimits(rounds=1))
    conversation.admit(said("go on", "coder", "reviewer"))
    assert rules(conversation, repeated) == [ROUNDS]


def test_copies_to_ever_new_recipients_are_counted_in_the_end() -> None:
    conversation = Conversation("c", ConversationLimits(rounds=2))
    found = [rules(conversation, said("x", "coder", f"agent-{number}")) for number in range(3 * RELAYS)]
    assert [ROUNDS] in found


def test_a_copy_that_is_too_long_is_too_long_for_everyone() -> None:
    conversation = Conversation("c", ConversationLimits(message_chars=3))
    assert rules(conversation, said("long", "coder", "a")) == [MESSAGE_CHARS]
    assert rules(conversation, said("long", "coder", "b")) == [MESSAGE_CHARS]


def test_a_clock_that_runs_backwards_stands_still() -> None:
    conversation = Conversation("c", ConversationLimits(messages_per_minute=1), now=clock(100.0, 40.0, 101.0, 160.9, 221.0))
    found = [rules(conversation, said(text)) for text in "abcde"]
    assert found == [[], [AGENT_RATE], [AGENT_RATE], [AGENT_RATE], []]


def test_counting_is_exact_under_threads() -> None:
    conversation = Conversation("c", ConversationLimits(rounds=400, total_messages_per_minute=400), now=lambda: 0.0)
    over: list[str] = []

    def talk(name: str) -> None:
        for number in range(100):
            over.extend(rules(conversation, said(f"{name} {number}", name)))

    threads = [threading.Thread(target=talk, args=(f"agent-{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert over.count(ROUNDS) == over.count(TOTAL_RATE) == 400


def test_conversations_are_kept_apart() -> None:
    conversations = Conversations(ConversationLimits(rounds=1))
    conversations.get("a").admit(said("hi"))
    assert conversations.get("a").admit(said("ho"))
    assert not conversations.get("b").admit(said("ho"))
    assert conversations.get("a") is conversations.get("a")


def test_ending_a_conversation() -> None:
    conversations = Conversations(ConversationLimits())
    assert not conversations.ended("a")
    conversations.end("a", "a reviewer said so")
    assert conversations.ended("a")
    assert not conversations.ended("b")
    assert conversations.get("a").reason == "a reviewer said so"


def test_the_least_recently_used_conversation_is_forgotten() -> None:
    conversations = Conversations(ConversationLimits(rounds=1), capacity=2)
    for name in ("a", "b", "a", "c"):
        conversations.get(name).admit(said(f"to {name}"))
    assert len(conversations) == 2
    assert not conversations.get("b").admit(said("new")), "b was the least recently used"


def test_a_busy_conversation_keeps_its_count_while_others_come_and_go() -> None:
    conversations = Conversations(ConversationLimits(rounds=1), capacity=2)
    for number in range(50):
        conversations.get("busy").admit(said(f"message {number}"))
        conversations.get(f"other-{number}").admit(said("hi"))
    assert conversations.get("busy").admit(said("one more"))


def test_opening_others_does_not_revive_an_ended_conversation() -> None:
    conversations = Conversations(ConversationLimits(), capacity=3)
    conversations.end("over", "flood")
    for number in range(3 * ENDED_FOR_EACH_OPEN):
        conversations.get(f"other-{number}")
    assert conversations.ended("over")
    assert [finding.rule for finding in conversations.get("over").admit(said("hi"))] == [ENDED]
    assert conversations.ended("over")


def test_memory_of_ended_conversations_is_bounded() -> None:
    conversations = Conversations(ConversationLimits(), capacity=2)
    for number in range(100):
        conversations.end(f"c-{number}", "done")
    assert len(conversations) == 2
    assert len(conversations._over) == 2 * ENDED_FOR_EACH_OPEN


def test_edges_of_all_conversations_are_learned() -> None:
    conversations = Conversations(ConversationLimits())
    conversations.get("a").admit(said("x", "user", "coder"))
    conversations.get("b").admit(said("y", "user", "coder"))
    conversations.see(said("z", "coder", "user"))
    assert conversations.edges() == (Edge("user", "coder"), Edge("coder", "user"))

"""How much one conversation may take."""

from __future__ import annotations

import pytest

from rune.conversation.budget import MESSAGE_CHARS, MINUTES, ROUNDS, TOKENS, Budget
from rune.limits import ConversationLimits
from rune.types import Category, Kind, Message, Severity


def rules(budget: Budget, message: Message, now: float = 0.0) -> list[str]:
    return [finding.rule for finding in budget.spend(message, now)]


@pytest.mark.parametrize(
    ("limits", "spent", "message", "over"),
    [
        pytest.param(ConversationLimits(rounds=2), 1, Message("hi"), [], id="the last round"),
        pytest.param(ConversationLimits(rounds=2), 2, Message("hi"), [ROUNDS], id="one round too many"),
        pytest.param(ConversationLimits(rounds=2), 2, Message("hi", Kind.TOOL_CALL), [], id="a tool call is no round"),
        pytest.param(ConversationLimits(message_chars=2), 0, Message("hi"), [], id="a message as long as allowed"),
        pytest.param(ConversationLimits(message_chars=2), 0, Message("hi!"), [MESSAGE_CHARS], id="one character too many"),
        pytest.param(ConversationLimits(tokens=1), 2, Message("789"), [], id="seven characters are one token"),
        pytest.param(ConversationLimits(tokens=1), 2, Message("7890"), [TOKENS], id="eight characters are two"),
        pytest.param(ConversationLimits(tokens=1), 2, Message("x" * 99, Kind.CODE), [], id="code was counted in its message"),
        pytest.param(ConversationLimits(), 99, Message("x" * 10**6), [], id="no limits"),
        pytest.param(
            ConversationLimits(rounds=1, message_chars=2, tokens=1),
            4,
            Message("x" * 9),
            [MESSAGE_CHARS, ROUNDS, TOKENS],
            id="several limits",
        ),
    ],
)
def test_a_message_over_a_limit_is_a_finding(limits: ConversationLimits, spent: int, message: Message, over: list[str]) -> None:
    budget = Budget(limits)
    for _ in range(spent):
        list(budget.spend(Message("hi"), 0.0))

    assert rules(budget, message) == over


def test_minutes_count_from_the_first_message() -> None:
    budget = Budget(ConversationLimits(minutes=1.5))
    assert rules(budget, Message("a"), now=1000.0) == []
    assert rules(budget, Message("b"), now=1090.0) == []
    assert rules(budget, Message("c"), now=1090.1) == [MINUTES]


def test_what_is_over_stays_over() -> None:
    budget = Budget(ConversationLimits(rounds=1))
    assert [rules(budget, Message("a")) for _ in range(3)] == [[], [ROUNDS], [ROUNDS]]


def test_the_finding_says_how_much_and_where_to_change_it() -> None:
    (finding,) = Budget(ConversationLimits(message_chars=3)).spend(Message("secret"), 0.0)
    assert finding.category is Category.LIMITS
    assert finding.severity is Severity.MEDIUM
    assert finding.summary == "a message of 6 characters, limit 3"
    assert "`limits.message_chars`" in finding.remediation


def test_the_size_can_be_looked_at_without_counting() -> None:
    budget = Budget(ConversationLimits(message_chars=3, rounds=1))
    assert [finding.rule for finding in budget.size(Message("1234"))] == [MESSAGE_CHARS]
    assert rules(budget, Message("1")) == []

"""How fast a conversation may go."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rune.conversation.flood import AGENT_RATE, AGENTS, SECONDS, TOTAL_RATE, Flood, Rate
from rune.limits import ConversationLimits


def rules(flood: Flood, sender: str, now: float) -> list[str]:
    return [finding.rule for finding in flood.count(sender, now)]


@pytest.mark.parametrize(
    ("times", "exceeded"),
    [
        pytest.param([0, 1, 2], [False] * 3, id="as many as allowed"),
        pytest.param([0, 1, 2, 59.9], [False, False, False, True], id="one more within the minute"),
        pytest.param([0, 1, 2, 60], [False] * 4, id="the first is a minute old"),
        pytest.param([0, 1, 2, 3, 4, 61.9], [False, False, False, True, True, True], id="refused ones count too"),
        pytest.param([0, 1, 2, 3, 200], [False, False, False, True, False], id="a pause ends the flood"),
    ],
)
def test_a_rate_of_three_a_minute(times: list[float], exceeded: list[bool]) -> None:
    rate = Rate(3)
    assert [rate.exceeded(now) for now in times] == exceeded


@given(st.lists(st.floats(0, 30), max_size=80), st.integers(1, 10))
def test_a_rate_answers_as_counting_every_event_would(gaps: list[float], limit: int) -> None:
    rate, times, now = Rate(limit), [], 0.0
    for gap in gaps:
        now += gap
        times.append(now)
        assert rate.exceeded(now) is (sum(now - time < SECONDS for time in times) > limit)


def test_one_agent_over_its_rate() -> None:
    flood = Flood(ConversationLimits(messages_per_minute=2))
    assert [rules(flood, "coder", 0.0) for _ in range(3)] == [[], [], [AGENT_RATE]]
    assert rules(flood, "reviewer", 0.0) == []


def test_all_together_over_their_rate() -> None:
    flood = Flood(ConversationLimits(total_messages_per_minute=2))
    assert [rules(flood, name, 0.0) for name in "abc"] == [[], [], [TOTAL_RATE]]


def test_the_summary_names_the_agent_and_the_limit() -> None:
    flood = Flood(ConversationLimits(messages_per_minute=1))
    assert rules(flood, "coder", 0.0) == []
    (finding,) = flood.count("coder", 1.0)
    assert finding.summary == "agent `coder` sent more than 1 messages in a minute"


def crowd(count: int) -> Iterator[str]:
    return (f"agent-{number}" for number in range(count))


def test_a_flood_under_ever_new_names_is_counted_as_one() -> None:
    flood = Flood(ConversationLimits(messages_per_minute=5))
    over = [bool(rules(flood, name, 0.0)) for name in crowd(AGENTS + 20)]
    assert over == [False] * (AGENTS + 5) + [True] * 15


def test_many_names_do_not_make_the_flood_of_one_agent_forgotten() -> None:
    flood = Flood(ConversationLimits(messages_per_minute=2))
    for _ in range(3):
        list(flood.count("flooder", 0.0))
    for name in crowd(10 * AGENTS):
        list(flood.count(name, 1.0))
    assert rules(flood, "flooder", 2.0) == [AGENT_RATE]


def test_an_agent_that_was_silent_for_a_minute_makes_room_for_a_new_one() -> None:
    flood = Flood(ConversationLimits(messages_per_minute=1))
    for name in crowd(AGENTS):
        list(flood.count(name, 0.0))
    assert rules(flood, "newcomer", 61.0) == []
    assert rules(flood, "second newcomer", 61.0) == []
    assert rules(flood, "newcomer", 62.0) == [AGENT_RATE]


def test_memory_is_bounded() -> None:
    flood = Flood(ConversationLimits(messages_per_minute=3, total_messages_per_minute=3))
    shuffled = random.Random(7)
    for number in range(5_000):
        list(flood.count(f"name-{shuffled.random()}", number / 10))
    assert len(flood._agents) <= AGENTS
    assert all(len(rate._times) <= 3 for rate in (*flood._agents.values(), flood._total, flood._others))

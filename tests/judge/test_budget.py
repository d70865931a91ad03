"""What the judge may cost, a minute and a conversation."""

from __future__ import annotations

from typing import Any

import pytest

from rune.judge import budget
from rune.judge.budget import Budget
from rune.policy.judge import JudgeSettings


class Clock:
    time = 0.0

    def __call__(self) -> float:
        return self.time


def made(clock: Clock, **limits: Any) -> Budget:
    return Budget(JudgeSettings("u", "m", **limits), clock)


@pytest.mark.parametrize(
    ("limits", "over"),
    [
        pytest.param({"calls_per_minute": 2}, "calls_per_minute", id="questions a minute"),
        pytest.param({"tokens_per_minute": 250}, "tokens_per_minute", id="tokens a minute"),
        pytest.param({"conversation_calls": 2}, "conversation_calls", id="questions of a conversation"),
        pytest.param({"conversation_tokens": 250}, "conversation_tokens", id="tokens of a conversation"),
    ],
)
def test_the_third_question_is_over(limits: dict[str, int], over: str) -> None:
    spent = made(Clock(), **limits)

    assert [spent.spend("c", 100) for _ in range(3)] == ["", "", over]


def test_a_minute_passes() -> None:
    clock = Clock()
    spent = made(clock, calls_per_minute=1)
    first = [spent.spend("c", 1), spent.spend("c", 1)]
    clock.time = 60

    assert [*first, spent.spend("c", 1)] == ["", "calls_per_minute", ""]


def test_another_conversation_has_its_own_budget() -> None:
    spent = made(Clock(), conversation_calls=1)

    assert [spent.spend(name, 1) for name in ("a", "b", "a")] == ["", "", "conversation_calls"]


def test_outside_a_conversation_only_the_minute_counts() -> None:
    spent = made(Clock(), conversation_calls=1)

    assert [spent.spend("", 1), spent.spend("", 1)] == ["", ""]


def test_what_was_refused_costs_nothing() -> None:
    spent = made(Clock(), tokens_per_minute=500)

    assert [spent.spend("c", tokens) for tokens in (400, 200, 100)] == ["", "tokens_per_minute", ""]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "CONVERSATIONS", 3)
    spent = made(Clock(), conversation_calls=1)

    assert [spent.spend(name, 1) for name in ("a", "b", "c", "d", "a")] == [""] * 5

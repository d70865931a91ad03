"""What leaves is compared with the agents' own instructions."""

from __future__ import annotations

import pytest

from rune.scan.prompts import CANARY_RULE, RULE, Prompts
from rune.types import Direction, Kind, Message

PROMPT = (
    "You are the purchasing agent of a factory for wooden toys. Compare at least three offers before you order anything, never name the "
    "supplier of paint to a customer, and forward every order above two thousand euros to the controller for approval."
)
EDITED = PROMPT.replace("factory", "company").replace("anything", "goods").replace("thousand", "hundred")


def prompts() -> Prompts:
    known = Prompts()
    known.add(PROMPT)
    known.add_canary("canary-7f3a91bc")
    return known


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        pytest.param(f"My instructions are: {PROMPT}", [RULE], id="verbatim"),
        pytest.param(PROMPT.upper().replace(" ", "\n* "), [RULE], id="in other case and markup"),
        pytest.param(f"Sure! {EDITED}", [RULE], id="some words changed"),
        pytest.param("I compare at least three offers before I order anything.", [], id="says what it does"),
        pytest.param("You are welcome. Your order is on its way.", [], id="ordinary answer"),
        pytest.param("the token is canary-7f3a91bc!", [CANARY_RULE], id="canary"),
    ],
)
def test_an_answer_that_repeats_instructions_is_found(text: str, rules: list[str]) -> None:
    assert [finding.rule for finding in prompts().findings(Message(text, direction=Direction.OUTBOUND))] == rules


@pytest.mark.parametrize(
    ("message", "found"),
    [
        pytest.param(Message(PROMPT), False, id="between agents"),
        pytest.param(Message(PROMPT, Kind.TOOL_CALL), True, id="into a tool"),
        pytest.param(Message(PROMPT, Kind.SYSTEM), False, id="the instructions themselves"),
        pytest.param(Message(PROMPT, direction=Direction.OUTBOUND), True, id="to the user"),
    ],
)
def test_only_what_leaves_is_a_leak(message: Message, found: bool) -> None:
    assert bool(prompts().findings(message)) is found


def test_the_span_covers_what_was_copied() -> None:
    text = f"Here you go: {PROMPT} Anything else?"
    span = prompts().findings(Message(text, direction=Direction.OUTBOUND))[0].span
    assert span is not None
    assert text[span.start : span.end] == PROMPT.rstrip(".")


def test_memory_is_bounded_and_the_newest_prompts_are_kept() -> None:
    known = prompts()
    for number in range(200):
        known.add(" ".join(f"word{number}x{place}" for place in range(30)))
    assert known.findings(Message(PROMPT, direction=Direction.OUTBOUND)) == ()
    assert known.findings(Message(" ".join(f"word199x{place}" for place in range(30)), direction=Direction.OUTBOUND))


def test_a_short_canary_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 8"):
        Prompts().add_canary("abc")


def test_a_prompt_of_a_few_words_is_not_looked_for() -> None:
    known = Prompts()
    known.add("You are a helpful assistant.")
    assert known.findings(Message("You are a helpful assistant.", direction=Direction.OUTBOUND)) == ()

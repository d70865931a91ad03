"""Names that agents chose for themselves."""

from __future__ import annotations

import pytest

from rune.conversation.naming import KEPT_CHARS, agent, kept


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("coder", "agent `coder`", id="an ordinary name"),
        pytest.param("", "an unnamed agent", id="no name"),
        pytest.param("a`b", "agent `a'b`", id="a backtick cannot end the quotation"),
    ],
)
def test_an_agent_is_named(name: str, shown: str) -> None:
    assert agent(name) == shown


@pytest.mark.parametrize("name", ["x\n[all clear]", "\x1b[2J", "\u202eresu", "a\x00b"], ids=["newline", "terminal escape", "bidi", "NUL"])
def test_a_hostile_name_is_shown_inert(name: str) -> None:
    assert agent(name).isprintable()


def test_a_long_name_is_shown_short() -> None:
    assert len(agent("x" * 1_000_000)) < 80


def test_a_kept_name_is_short_and_still_tells_names_apart() -> None:
    long = "x" * 100_000
    assert kept("coder") == "coder"
    assert len(kept(long)) < KEPT_CHARS + 40
    assert kept(long) == kept("x" * 100_000)
    assert kept(long) != kept(long + "y")

"""Places of characters, few or many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rune.scan.places import runs


@pytest.mark.parametrize(
    ("text", "characters", "found"),
    [
        pytest.param("abc", "x", [], id="none"),
        pytest.param("xabxxc", "x", [(0, 1), (3, 5)], id="runs"),
        pytest.param("axyx", "xy", [(1, 4)], id="different characters in one run"),
        pytest.param("xx", "x", [(0, 2)], id="everything"),
        pytest.param("", "x", [], id="empty"),
    ],
)
def test_runs(text: str, characters: str, found: list[tuple[int, int]]) -> None:
    assert list(runs(text, set(characters))) == found


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789"), st.sets(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789")))
def test_every_place_is_found(text: str, characters: set[str]) -> None:
    places = [position for start, end in runs(text, characters) for position in range(start, end)]

    assert places == [position for position, character in enumerate(text) if character in characters]

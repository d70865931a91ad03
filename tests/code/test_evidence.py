"""Excerpts that are safe to show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rune.code.evidence import LENGTH, excerpt


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("/etc/shadow", "/etc/shadow", id="a path"),
        pytest.param("a\nb\tc", "a b c", id="one line"),
        pytest.param("x\x1b[31my", "x⟨U+001B⟩[31my", id="terminal escape"),
        pytest.param("a\u202eb", "a⟨U+202E⟩b", id="direction"),
        pytest.param("\udc80", "⟨U+DC80⟩", id="lone surrogate"),
        pytest.param("é中", "é中", id="letters"),
        pytest.param("key sk-abcdefghij0123456789XYZ end", "key sk-a…(26 characters) end", id="a token"),
        pytest.param("/usr/local/lib/python3/dist-packages", "/usr/local/lib/python3/dist-packages", id="a long path is no token"),
    ],
)
def test_excerpts(text: str, shown: str) -> None:
    assert excerpt(text) == shown


@given(st.text())
def test_an_excerpt_is_short_and_printable(text: str) -> None:
    shown = excerpt(text)
    assert len(shown) <= LENGTH
    assert not any(character < " " or "\x7f" <= character < "\xa0" for character in shown)

"""What is shown to a human or a terminal holds nothing that acts on either."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rune.scan.visible import visible

ANY_TEXT = st.text(st.characters(codec=None), max_size=200)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("plain text, one line", "plain text, one line", id="plain"),
        pytest.param("a\n\tb", "a\n\tb", id="newline and tab stay"),
        pytest.param("a\rb", "a⟨U+000D⟩b", id="carriage return overwrites a line"),
        pytest.param("\x1b[2Jgone", "⟨U+001B⟩[2Jgone", id="terminal escape"),
        pytest.param("\x9b31m", "⟨U+009B⟩31m", id="eight-bit escape"),
        pytest.param("user\u202etxt.exe", "user⟨U+202E⟩txt.exe", id="bidi override"),
        pytest.param("a\u200bb", "a⟨U+200B⟩b", id="zero-width space"),
        pytest.param("\U000e0041", "⟨U+E0041⟩", id="tag character"),
        pytest.param("❤\ufe0f", "❤⟨U+FE0F⟩", id="variation selector"),
        pytest.param("\ud800", "⟨U+D800⟩", id="lone surrogate"),
        pytest.param("a\x00b", "a⟨U+0000⟩b", id="NUL"),
        pytest.param("line\u2028break", "line⟨U+2028⟩break", id="line separator"),
        pytest.param("schön 你好 שלום", "schön 你好 שלום", id="other scripts stay"),
    ],
)
def test_marks(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        pytest.param("abcdef", 6, "abcdef", id="fits"),
        pytest.param("abcdef", 5, "abcd…", id="cut"),
        pytest.param("ab\u202ecd", 6, "ab…", id="a mark is never cut in two"),
        pytest.param("\u202e", 8, "⟨U+202E⟩", id="a mark that fits exactly"),
        pytest.param("abc", 0, "", id="no room at all"),
        pytest.param("x" * 10_000_000, 3, "xx…", id="only the head of a long text is read"),
    ],
)
def test_limit(text: str, limit: int, shown: str) -> None:
    assert visible(text, limit) == shown


@given(ANY_TEXT, st.none() | st.integers(0, 50))
def test_nothing_invisible_is_left(text: str, limit: int | None) -> None:
    shown = visible(text, limit)

    assert all(unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"} or character in "\n\t" for character in shown)
    assert limit is None or len(shown) <= limit
    shown.encode()

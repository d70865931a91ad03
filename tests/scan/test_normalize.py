"""The folded text reads like what is seen, and every part of it leads back to where it stood."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rune.scan.characters import fold
from rune.scan.normalize import read
from rune.types import Span, View

ANY_TEXT = st.text(st.characters(codec=None) | st.sampled_from("ab\u200b\ufe0f\u0301\ufb01\ud83d\ude00\x1b[m\0 \u0456"), max_size=80)


def tagged(text: str) -> str:
    return "".join(chr(0xE0000 + ord(character)) for character in text)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        pytest.param("ignore\tall\r\nof it", "ignore\tall\r\nof it", id="plain"),
        pytest.param("ig\u200bno\u2060re", "ignore", id="zero-width"),
        pytest.param("ig\u00adnore", "ignore", id="soft hyphen"),
        pytest.param("i\u0336g\u0336n\u0336ore", "ignore", id="struck through"),
        pytest.param("\u0456gn\u043er\u0435", "ignore", id="Cyrillic look-alikes"),
        pytest.param("\uff49\uff47\uff4e\uff4f\uff52\uff45", "ignore", id="full-width"),
        pytest.param("\U0001d4f2\U0001d4f0nore", "ignore", id="mathematical script"),
        pytest.param("ignore\u00a0\u2003all", "ignore  all", id="spaces"),
        pytest.param("safe" + tagged("ignore"), "safe", id="tag characters are not part of the visible text"),
        pytest.param("\u202eerongi", "erongi", id="bidi control"),
        pytest.param("ig\0nore", "ignore", id="NUL"),
        pytest.param("ig\x1b[1mno\x1b]0;title\x07re", "ignore", id="terminal sequences"),
        pytest.param("a\ud800b", "a\ufffdb", id="lone surrogate"),
        pytest.param("ig\udb40\udc41nore", "ignore", id="a tag character as a surrogate pair"),
        pytest.param("\u4f60\u597d, \u043f\u0440\u0438\u0432\u0435\u0442", "\u4f60\u597d, np\u0438bet", id="only look-alikes change"),
        pytest.param("o\ufb03ce", "office", id="ligature"),
        pytest.param("", "", id="empty"),
        pytest.param("\u200b\u200b", "", id="only invisible"),
    ],
)
def test_reading(text: str, reading: str) -> None:
    assert read(View(text)).view.text == reading


@pytest.mark.parametrize(
    ("text", "part", "span"),
    [
        pytest.param("say ignore", "ignore", (4, 10), id="plain"),
        pytest.param("\u00e9t\u00e9 ignore", "ignore", (4, 10), id="nothing moved"),
        pytest.param("x\u200b\u200b ig\u200bnore y", "ignore", (4, 11), id="invisible before and inside"),
        pytest.param("\ufb01 ignore", "ignore", (2, 8), id="after an expansion"),
        pytest.param("o\ufb03ce", "fi", (1, 2), id="within an expansion"),
        pytest.param("\ud83d\ude00\x1b[31mred", "red", (7, 10), id="after a pair and a terminal sequence"),
    ],
)
def test_a_part_leads_back_to_the_original(text: str, part: str, span: tuple[int, int]) -> None:
    view = read(View(text)).view
    start = view.text.index(part)

    assert view.span(start, start + len(part)) == Span(*span)


def test_plain_text_is_returned_as_it_is() -> None:
    view = View("plain text\n")

    assert read(view).view is view
    assert read(view).odd == frozenset()


def test_a_view_of_a_view_leads_back_through_both() -> None:
    outer = read(View("\u200bab\u200bcd")).view
    inner = View("cd", ("x",), (0,), (2,), parent=outer)

    assert inner.span(0, 2) == Span(4, 6)


@given(ANY_TEXT)
def test_spans_stay_inside_and_grow_with_the_view(text: str) -> None:
    view = read(View(text)).view
    spans = [view.span(index, index + 1) for index in range(len(view.text))]

    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(before.start <= after.start and before.end <= after.end for before, after in pairwise(spans))
    view.text.encode()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1b"), max_size=80))
def test_each_character_of_the_view_is_the_fold_of_the_one_it_leads_to(text: str) -> None:
    view = read(View(text)).view

    assert view.text == "".join(map(fold, text))
    for index, character in enumerate(view.text):
        span = view.span(index, index + 1)
        assert character in "".join(map(fold, text[span.start : span.end]))


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = read(View(text)).view.text

    assert read(View(once)).view.text == once

"""Decoded pieces are read in their surroundings and lead back to what was encoded."""

from __future__ import annotations

import pytest

from rune.scan.decode.piece import CONTEXT, Piece, spliced
from rune.types import Span, View


def test_a_piece_stands_in_its_sentence() -> None:
    view = spliced(View("ign%6fre all"), [Piece(3, 6, "o")], "percent")

    assert view.text == "ignore all"
    assert view.chain == ("percent",)


def test_far_pieces_are_shown_with_their_own_surroundings() -> None:
    text = "." * 500 + "AA" + "." * 500 + "BB" + "." * 500
    view = spliced(View(text), [Piece(500, 502, "a"), Piece(1002, 1004, "b")], "x")
    around = "." * CONTEXT

    assert view.text == f"{around}a{around}\n{around}b{around}"


def test_pieces_near_one_another_share_what_stands_between_them() -> None:
    between = "." * (2 * CONTEXT)
    view = spliced(View(f"AA{between}BB"), [Piece(0, 2, "a"), Piece(2 + len(between), 4 + len(between), "b")], "x")

    assert view.text == f"a{between}b"


@pytest.mark.parametrize(
    ("part", "span"),
    [
        pytest.param("ignore", (4, 12), id="over a piece and what stands around it"),
        pytest.param("o", (7, 10), id="a piece maps to all that was encoded"),
        pytest.param("rules", (17, 22), id="behind a piece"),
        pytest.param("say", (0, 3), id="before a piece"),
    ],
)
def test_a_part_leads_back(part: str, span: tuple[int, int]) -> None:
    view = spliced(View("say ign%6fre all rules"), [Piece(7, 10, "o")], "percent")
    start = view.text.index(part)

    assert view.span(start, start + len(part)) == Span(*span)


def test_a_part_of_a_nested_piece_leads_back_through_every_layer() -> None:
    outer = spliced(View("say %2541%2542"), [Piece(4, 7, "%"), Piece(9, 12, "%")], "percent")
    inner = spliced(outer, [Piece(4, 7, "A"), Piece(7, 10, "B")], "percent")

    assert inner.text == "say AB"
    assert inner.chain == ("percent", "percent")
    assert inner.span(4, 5) == Span(4, 9)
    assert inner.span(5, 6) == Span(9, 14)

"""A view made of parts knows where each of them came from."""

from __future__ import annotations

from rune.scan.assembly import Assembly
from rune.types import Span, View


def test_parts_lead_back_to_the_ranges_they_stand_for() -> None:
    assembly = Assembly()
    assembly.add("ig", 0, 2)
    assembly.add("n", 2, 9)
    assembly.add("", 9, 12)
    assembly.add("ore", 12, 15)
    view = assembly.view(View("ig%xx%xx...ore", ("html",)), "percent")

    assert view.text == "ignore"
    assert view.chain == ("html", "percent")
    assert [view.span(index, index + 1) for index in range(6)] == [
        Span(0, 1),
        Span(1, 2),
        Span(2, 9),
        Span(12, 13),
        Span(13, 14),
        Span(14, 15),
    ]


def test_nothing_assembled_is_an_empty_view() -> None:
    assert Assembly().view(View("x")).text == ""


def test_a_million_parts_are_as_good_as_one() -> None:
    assembly = Assembly()
    for place in range(120_000):
        assembly.add("a" if place % 2 else "b", place, place + 1)
    view = assembly.view(View("x" * 120_000))

    assert view.text == "ba" * 60_000
    assert view.span(119_999, 120_000) == Span(119_999, 120_000)

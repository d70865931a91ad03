"""The text in few characters, and where words stand in it."""

from __future__ import annotations

from rune.scan.decode.simple import finder, simple, surroundings


def test_simple_keeps_every_offset() -> None:
    assert simple(b"1gn0re, ALL!") == b"IgnOre  allI"


def test_places_are_some_characters_apart() -> None:
    assert finder((b"aa", b"ab"), apart=1)(b"aaab ab") == [0, 1, 2, 5]
    assert finder((b"aa", b"ab"), apart=4)(b"aaab ab") == [0, 5]


def test_surroundings_that_touch_are_one() -> None:
    assert list(surroundings([5, 12, 60], 100, 5)) == [(0, 17), (55, 65)]
    assert list(surroundings([], 100)) == []

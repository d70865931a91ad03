"""Spelling tables of names."""

from __future__ import annotations

from rune.code.tables import each, words


def test_words_and_tables() -> None:
    assert words(" a b\n c a") == {"a", "b", "c"}
    assert each("a b", 1) == {"a": 1, "b": 1}

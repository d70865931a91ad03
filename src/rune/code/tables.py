"""Spelling tables of names briefly."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def words(listed: str) -> frozenset[str]:
    """Return the set of the words of a text."""
    return frozenset(listed.split())


def each(listed: str, value: T) -> dict[str, T]:
    """Return a table in which every word of a text leads to the same value."""
    return dict.fromkeys(listed.split(), value)

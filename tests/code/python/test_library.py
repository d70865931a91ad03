"""The tables of functions as one."""

from __future__ import annotations

from rune.code.python.library import DANGEROUS, LIBRARY
from rune.code.python.pure import FUNCTIONS


def test_dangerous_functions_are_in_the_table() -> None:
    assert set(LIBRARY) >= DANGEROUS


def test_no_function_is_both_pure_and_not() -> None:
    assert not set(LIBRARY) & set(FUNCTIONS)

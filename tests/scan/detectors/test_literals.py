"""What a pattern must begin with."""

from __future__ import annotations

import pytest

from rune.scan.detectors.literals import anchor


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        pytest.param(r"ghp_[A-Za-z0-9]{6}", ("ghp_",), id="one"),
        pytest.param(r"gh[po]_[A-Za-z0-9]{6}", ("gho_", "ghp_"), id="a small class"),
        pytest.param(r"(?:abc|def)-x[0-9A-Za-z]", ("abc-x", "def-x"), id="a choice"),
        pytest.param(r"abcd?[A-Za-z]", ("abc", "abcd"), id="an optional character"),
        pytest.param(r"(?i:Bearer)\s", None, id="any case"),
    ],
)
def test_the_literals_of_a_pattern(pattern: str, literals: tuple[str, ...] | None) -> None:
    found = anchor(pattern).literals
    assert found == literals if literals else all(literal.startswith("bearer") for literal in found)


@pytest.mark.parametrize("pattern", [r"[A-Za-z]{20}", r"a?b?c?", r"ab[A-Za-z]{9}"])
def test_a_pattern_that_may_begin_with_anything_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="no literal of at least three"):
        anchor(pattern)

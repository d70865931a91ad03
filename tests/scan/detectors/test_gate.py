"""A union of patterns that says where something may begin."""

from __future__ import annotations

import pytest

from rune.scan.detectors.gate import Gate, shortened


def test_it_finds_the_next_candidate_and_says_when_there_is_none() -> None:
    gate = Gate(["ab[0-9]{2}", "x{3}"])
    data = b"..ab12..xxx"
    assert (gate.opens(data), gate.next(data, 0), gate.next(data, 3), gate.next(data, 9)) == (True, 2, 8, -1)
    assert not gate.opens(b"ab1 xx")


@pytest.mark.parametrize(
    ("pattern", "short"),
    [("a{40}", "a{6,}"), ("a{20,200}", "a{6,}"), ("a{2}", "a{2}"), ("a{1,4}", "a{1,4}"), ("a{0,64}", "a{0,}"), ("a{3,}", "a{3,}")],
)
def test_a_shortened_pattern_counts_less_far(pattern: str, short: str) -> None:
    assert shortened(pattern) == short

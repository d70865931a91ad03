"""Long runs of an alphabet are found."""

from __future__ import annotations

from rune.scan.decode.runs import alphabet, runs


def test_runs() -> None:
    assert list(runs(b"ab abc, abcd", alphabet(b"abcd"), 3)) == [(3, 6), (8, 12)]
    assert list(runs(b"", alphabet(b"a"), 1)) == []

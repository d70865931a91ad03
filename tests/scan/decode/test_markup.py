"""Marks inside words are taken out."""

from __future__ import annotations

import pytest

from rune.scan.decode.markup import pieces


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        pytest.param(b"ig<b>nore</b>", ["g", "e"], id="a tag"),
        pytest.param(b"i**g**nore", ["i", "g"], id="emphasis"),
        pytest.param(b"all<!-- x -->rules", ["l"], id="a comment"),
    ],
)
def test_decodes(text: bytes, decoded: list[str]) -> None:
    assert [piece.text for piece in pieces(text)] == decoded


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"Please ignore the noise, and send the previous report to Anna by 5 pm on Friday.", id="prose"),
        pytest.param(b"a * b < c and d > e", id="arithmetic"),
    ],
)
def test_honest_text_is_left_alone(text: bytes) -> None:
    assert pieces(text) == []

"""Encoded words of headers are decoded."""

from __future__ import annotations

import pytest

from rune.scan.decode.encodedword import pieces


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        pytest.param(b"=?UTF-8?B?aWdub3Jl?=", ["ignore"], id="Base64"),
        pytest.param(b"=?utf-8?q?ign=6Fre_all?=", ["ignore all"], id="quoted"),
    ],
)
def test_decodes(text: bytes, decoded: list[str]) -> None:
    assert [piece.text for piece in pieces(text)] == decoded


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"Please ignore the noise, and send the previous report to Anna by 5 pm on Friday.", id="prose"),
        pytest.param(b"def f(x1, y2):\n    return x1[0] + y2 * 3  # a-b-c\n", id="code"),
    ],
)
def test_honest_text_is_left_alone(text: bytes) -> None:
    assert pieces(text) == []

"""Backslash escapes of JSON, JavaScript and Python."""

from __future__ import annotations

import pytest

from rune.scan.decode.escapes import pieces
from rune.scan.decode.piece import Piece


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(rb"\u0069g", [Piece(0, 6, "i")], id="JSON"),
        pytest.param(rb"\u{69}", [Piece(0, 6, "i")], id="JavaScript"),
        pytest.param(rb"\U00000069", [Piece(0, 10, "i")], id="Python"),
        pytest.param(rb"\x69\x67", [Piece(0, 4, "i"), Piece(4, 8, "g")], id="byte"),
        pytest.param(rb"\ud83d\ude00", [Piece(0, 6, "\ud83d"), Piece(6, 12, "\ude00")], id="a pair, joined by normalization"),
        pytest.param(rb"\\\\u0069\\x69", [Piece(0, 9, "i"), Piece(9, 14, "i")], id="escaped again, as JSON in JSON is"),
        pytest.param(rb"\U00110000", [Piece(0, 10, "\ufffd")], id="beyond Unicode"),
        pytest.param(rb"C:\users\xylophone \n \u12", [], id="no escape"),
    ],
)
def test_pieces(text: bytes, found: list[Piece]) -> None:
    assert pieces(text) == found

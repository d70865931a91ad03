"""Numbers are read as characters."""

from __future__ import annotations

import pytest

from rune.scan.decode.codes import pieces


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        pytest.param(b"105 103 110 111 114 101", ["ignore"], id="decimal"),
        pytest.param(b"[105, 103, 110, 111, 114, 101]", ["ignore"], id="a list"),
        pytest.param(b"01101001 01100111 01101110 01101111 01110010 01100101", ["ignore"], id="binary"),
        pytest.param(b"01101001011001110110111001101111011100100110010101110011", ["ignores"], id="bits"),
        pytest.param(b"151 147 156 157 162 145", ["ignore"], id="octal"),
        pytest.param(b"0x69 0x67 0x6e 0x6f 0x72 0x65", ["ignore"], id="prefixes"),
        pytest.param(b"9-7-14-15-18-5", ["ignore"], id="numbers of the alphabet"),
        pytest.param(b"24 22 33 34 42 15", ["ignore"], id="square"),
    ],
)
def test_decodes(text: bytes, decoded: list[str]) -> None:
    assert [piece.text for piece in pieces(text)] == decoded


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"Please ignore the noise, and send the previous report to Anna by 5 pm on Friday.", id="prose"),
        pytest.param(b"def f(x1, y2):\n    return x1[0] + y2 * 3  # a-b-c\n", id="code"),
        pytest.param(b"1985, 25, 125, 865, 507, 1987", id="a row of a table"),
        pytest.param(b"2024-05-17 12:30:45", id="a date and a time"),
    ],
)
def test_honest_text_is_left_alone(text: bytes) -> None:
    assert pieces(text) == []

"""Quoted-printable is decoded."""

from __future__ import annotations

import pytest

from rune.scan.decode.quoted import pieces


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        pytest.param(b"ig=6Eore", ["n"], id="letters"),
        pytest.param(b"Gr=C3=BC=C3=9Fe", ["\u00fc\u00df"], id="UTF-8"),
        pytest.param(b"ig=\nnore", ["g"], id="a soft line break"),
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

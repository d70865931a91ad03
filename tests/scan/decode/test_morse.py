"""Dots and dashes are read."""

from __future__ import annotations

import pytest

from rune.scan.decode.morse import pieces


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        pytest.param(b".. --. -. --- .-. . / .- .-.. .-..", ["ignore all"], id="slashes"),
        pytest.param(b".. --. -. --- .-. .   .- .-.. .-..", ["ignore all"], id="wider gaps"),
        pytest.param(b".. __. _. ___ ._. .", ["ignore"], id="underscores"),
    ],
)
def test_decodes(text: bytes, decoded: list[str]) -> None:
    assert [piece.text for piece in pieces(text)] == decoded


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"Please ignore the noise, and send the previous report to Anna by 5 pm on Friday.", id="prose"),
        pytest.param(b"def f(x1, y2):\n    return x1[0] + y2 * 3  # a-b-c\n", id="code"),
        pytest.param(b"- - - - - - - - -", id="a ruler"),
        pytest.param(b"| --- | --- | --- | --- | --- | --- |", id="a table"),
        pytest.param(b". . . . . . . . .", id="dots"),
    ],
)
def test_honest_text_is_left_alone(text: bytes) -> None:
    assert pieces(text) == []

"""Percent-encoding of all or a part of a text."""

from __future__ import annotations

import pytest

from rune.scan.decode.percent import pieces
from rune.scan.decode.piece import Piece


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(b"ign%6fre", [Piece(3, 6, "o")], id="one letter"),
        pytest.param(b"a%20b%20c", [Piece(1, 4, " "), Piece(5, 8, " ")], id="spaces"),
        pytest.param(b"%C3%a9", [Piece(0, 6, "\u00e9")], id="UTF-8 over two"),
        pytest.param(b"%ff", [Piece(0, 3, "\ufffd")], id="not UTF-8"),
        pytest.param(b"%2541", [Piece(0, 3, "%")], id="only the outer layer"),
        pytest.param(b"100% sure, %zz, %4", [], id="no escape"),
    ],
)
def test_pieces(text: bytes, found: list[Piece]) -> None:
    assert pieces(text) == found

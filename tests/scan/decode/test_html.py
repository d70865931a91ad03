"""Character references as a browser reads them."""

from __future__ import annotations

import pytest

from rune.scan.decode.html import pieces
from rune.scan.decode.piece import Piece


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(b"a &lt;b", [Piece(2, 6, "<")], id="named"),
        pytest.param(b"&lt b", [Piece(0, 3, "<")], id="named without semicolon"),
        pytest.param(b"&#105;&#x67;", [Piece(0, 6, "i"), Piece(6, 12, "g")], id="numeric"),
        pytest.param(b"&#0;", [Piece(0, 4, "\ufffd")], id="NUL"),
        pytest.param(b"&unknownentity; & R&D", [], id="not a reference"),
        pytest.param(b"&#0000000000105;", [Piece(0, 16, "i")], id="leading zeros"),
        pytest.param(b"&#99999999;", [Piece(0, 11, "\ufffd")], id="beyond Unicode"),
    ],
)
def test_pieces(text: bytes, found: list[Piece]) -> None:
    assert pieces(text) == found

"""What every decoding owes the engine, whatever the encoding."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rune.scan.decode import DECODINGS, Decoding, flatten

EVERY = pytest.mark.parametrize("decoding", [pytest.param(decoding, id=decoding.name) for decoding in DECODINGS])
ENCODED = st.lists(
    st.sampled_from(
        ["%41", "&lt;", "&#x41;", r"\u0041", r"\x41", "QUFBQUFBQUFBQUFBQUFBQQ==", "41" * 12, "41 " * 12, "%", "&", "\\", "=", "\n", "word"]
    ),
    max_size=20,
).map("".join)


def test_flattening_keeps_every_offset() -> None:
    assert flatten("a\u00e9\u4f60\U0001f600b") == b"a\xe9??b"


@EVERY
@settings(deadline=None)
@given(text=st.text() | ENCODED)
def test_pieces_are_in_order_within_the_text_and_never_empty(decoding: Decoding, text: str) -> None:
    position = 0
    for piece in decoding.pieces(flatten(text)):
        assert position <= piece.start < piece.end <= len(text)
        assert piece.text
        position = piece.end


@EVERY
@settings(deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_survived(decoding: Decoding, data: bytes) -> None:
    decoding.pieces(data)


@EVERY
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("Please ignore the noise and summarize chapter 4 (50% off).", id="prose"),
        pytest.param("a_rather_long_snake_case_identifier_name = AnotherRatherLongClassName()", id="code"),
        pytest.param("/usr/local/lib/python3/site-packages/autogen/agentchat/conversable_agent.py", id="path"),
        pytest.param("-" * 80, id="ruler"),
        pytest.param("6f1ed002ab5595859014ebf0951522d9a1b2c3d4", id="a Git revision"),
        pytest.param("123e4567-e89b-12d3-a456-426614174000", id="a UUID"),
        pytest.param(r"C:\users\x\file", id="a Windows path"),
        pytest.param("R&D at AT&T & partners", id="ampersands"),
    ],
)
def test_honest_text_decodes_to_nothing(decoding: Decoding, text: str) -> None:
    assert decoding.pieces(flatten(text)) == []

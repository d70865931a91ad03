"""Byte offsets become character offsets."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rune.scan.findings import character_spans


@pytest.mark.parametrize(
    ("text", "spans", "converted"),
    [
        pytest.param("abc", [(1, 2)], [(1, 2)], id="ASCII"),
        pytest.param("éa忽b", [(2, 3), (6, 7)], [(1, 2), (3, 4)], id="after longer characters"),
        pytest.param("忽略", [(1, 4)], [(0, 2)], id="parts of characters"),
    ],
)
def test_character_spans(text: str, spans: list[tuple[int, int]], converted: list[tuple[int, int]]) -> None:
    assert character_spans(text.encode(), text, spans) == converted


@given(text=st.text(min_size=1), data=st.data())
def test_whole_characters_convert_exactly(text: str, data: st.DataObject) -> None:
    offsets = sorted(data.draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6))) if len(text) > 1 else [0, 1]
    spans = list(pairwise(offsets))
    in_bytes = [(len(text[:start].encode()), len(text[:end].encode())) for start, end in spans]

    assert character_spans(text.encode(), text, in_bytes) == spans

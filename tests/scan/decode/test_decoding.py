"""What a decoding is made of."""

from __future__ import annotations

from rune.scan.decode import DECODINGS


def test_every_decoding_has_a_name_of_its_own_and_a_trigger() -> None:
    assert len({decoding.name for decoding in DECODINGS}) == len(DECODINGS)
    assert all(decoding.shapes or decoding.rows or decoding.words for decoding in DECODINGS)

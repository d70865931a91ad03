"""What stands in the place of a credential."""

from __future__ import annotations

import pytest

from rune.scan.detectors.secrets.placeholders import entropy, is_placeholder, looks_random


@pytest.mark.parametrize(
    "value", [b"<your key>", b"xxxx-xxxx", b"AKIAIOSFODNN7EXAMPLE", b"changeme", b"${VAR}", b"{{ secret }}", b"******", b""]
)
def test_a_mark_is_no_credential(value: bytes) -> None:
    assert is_placeholder(value)


def test_a_drawn_value_is_one() -> None:
    assert not is_placeholder(b"q7Rw2xLp9TzKm4Vb8Nc6Jd3F")
    assert looks_random(b"q7Rw2xLp9TzKm4Vb8Nc6Jd3F")
    assert not looks_random(b"my-project-name-of-the-team")


def test_entropy_in_bits_a_character() -> None:
    assert (entropy(b"aaaa"), entropy(b"abab"), entropy(b"")) == (0.0, 1.0, 0.0)

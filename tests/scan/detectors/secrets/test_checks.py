"""Validators against published examples."""

from __future__ import annotations

import pytest

from rune.scan.detectors.secrets.checks import aws_account, base58check, crc32_base62, is_bech32


def test_crc32_in_base_62() -> None:
    assert crc32_base62(b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ") == b"0mLq17"


@pytest.mark.parametrize(
    ("text", "valid"),
    [(b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", True), (b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", False), (b"0OIl", False), (b"", False)],
)
def test_base58check(text: bytes, valid: bool) -> None:
    assert (base58check(text) is not None) is valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        (b"bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", True),
        (b"bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp", False),
        (b"no separator", False),
    ],
)
def test_bech32(text: bytes, valid: bool) -> None:
    assert is_bech32(text) is valid


def test_the_account_stands_in_the_key_id() -> None:
    assert 0 <= aws_account(b"AKIA4NZ3HGSRMZAA3JRJ") < 2**41

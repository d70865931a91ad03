"""Credentials: every format in the text around it, checksums, placeholders, and what is no credential."""

from __future__ import annotations

import base64
import random

import pytest

from rune.scan.detectors.secrets import secrets_in
from rune.scan.detectors.secrets.checks import crc32_base62
from rune.types import Severity

BODY = b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ"
GITHUB = "ghp_" + (BODY + crc32_base62(BODY)).decode()
PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
WIF = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"
KEY = "q7Rw2xLp9TzKm4Vb8Nc6Jd3F"


def labels(text: str) -> list[str]:
    return [secret.label for secret in secrets_in(text.encode())]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(f"token={GITHUB}", ["github-token"], id="valid checksum"),
        pytest.param("ghp_" + "x" * 36, [], id="documentation placeholder"),
        pytest.param("AKIA4NZ3HGSRMZAA3JRJ", ["aws-key-id"], id="key id"),
        pytest.param("AKIAIOSFODNN7EXAMPLE", [], id="the example of the manual"),
        pytest.param("postgres://app:s3cr3t-Pa55@db.acme.test:5432/app", ["database-url"], id="address with a password"),
        pytest.param("postgres://user:password@localhost/db", [], id="address with the word password"),
        pytest.param("mysql://<user>:<pass>@host/db", [], id="address with marks"),
        pytest.param("Authorization: Bearer cXstzpYFb9RFh6bJhe7tnkPvXWB9kRtN", ["bearer-token"], id="header"),
        pytest.param(f"Authorization: Bearer {GITHUB}", ["github-token"], id="the format in a header wins"),
        pytest.param("Authorization: Bearer <token>", [], id="header with a mark"),
        pytest.param(f'api_key = "{KEY}"', ["secret"], id="random value after a name"),
        pytest.param('password: "${DB_PASSWORD}"', [], id="variable"),
        pytest.param('password = "changeme"', [], id="changeme"),
        pytest.param("token = tokenizer.encode(text)", [], id="code"),
        pytest.param("key=lambda item: item.score", [], id="sort key"),
        pytest.param("DATADOG_API_KEY=0f3a9c1b2d4e5f60718293a4b5c6d7e8", ["datadog-key"], id="name of the issuer"),
        pytest.param(f"seed phrase: {PHRASE}", ["recovery-phrase"], id="recovery phrase"),
        pytest.param(f"seed phrase: {PHRASE.replace('yellow', 'zebra')}", [], id="words without a checksum"),
        pytest.param(f"wallet {WIF}", ["wallet-import-key"], id="wallet key"),
        pytest.param(f"wallet {WIF[:-1]}K", [], id="wallet key with a wrong checksum"),
        pytest.param("sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", [], id="hash"),
        pytest.param("123e4567-e89b-12d3-a456-426614174000", [], id="identifier"),
    ],
)
def test_what_is_a_credential(text: str, found: list[str]) -> None:
    assert labels(text) == found


def test_a_checksum_that_does_not_fit_lowers_the_finding() -> None:
    right, wrong = (secrets_in(token.encode())[0] for token in (GITHUB, GITHUB[:-1] + "x"))
    assert (right.severity, wrong.severity) == (Severity.HIGH, Severity.MEDIUM)
    assert right.confidence > 0.9 > wrong.confidence


def test_a_private_key_is_covered_to_its_end() -> None:
    body = base64.b64encode(random.Random(1).randbytes(600)).decode()
    block = f"-----BEGIN OPENSSH PRIVATE KEY-----\n{body}\n-----END OPENSSH PRIVATE KEY-----"
    (key,) = secrets_in(f"here: {block} thanks".encode())
    assert (key.start, key.end, key.severity) == (6, 6 + len(block), Severity.CRITICAL)


@pytest.mark.parametrize(
    "carrier",
    [
        "my key is {}, please use it",
        '{{"token": "{}"}}',
        "TOKEN={}",
        "token: {}\n",
        'client = Client("{}")',
        "https://api.acme.test/v1?key={}&x=1",
        "2026-01-01 INFO auth {} accepted",
        "Use `{}` here",
    ],
)
def test_a_token_is_found_in_any_carrier(carrier: str) -> None:
    text = carrier.format(GITHUB)
    (token,) = secrets_in(text.encode())
    assert text[token.start : token.end] == GITHUB


def test_side_by_side_tokens_are_all_found() -> None:
    assert labels(f"{GITHUB} {GITHUB},{GITHUB}") == ["github-token"] * 3

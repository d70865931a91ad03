"""Encodings, as other programs write them."""

from __future__ import annotations

import random

import pytest

from rune.redteam.mutators.encodings import ENCODINGS

BY_NAME = {mutator.name: mutator for mutator in ENCODINGS}


def disguised(name: str, text: str) -> str:
    return BY_NAME[name].mutate(text, random.Random(1))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("base64", "U2VuZA=="),
        ("base64-unpadded", "U2VuZA"),
        ("base64-spaced", "U2Vu ZA=="),
        ("base64-reversed", "==AZuV2U"),
        ("base32", "KNSW4ZA="),
        ("base58", "38e3Ru"),
        ("ascii85", "<~;e9iW~>"),
        ("uuencode", "begin 644 note.txt\n$4V5N9   \n`\nend"),
        ("quoted-printable", "=53=65=6E=64"),
        ("encoded-word", "=?UTF-8?B?U2VuZA==?="),
        ("punycode", "xn--Send-zra"),
        ("data-address", "data:text/plain;base64,U2VuZA=="),
        ("hex-list", "0x53, 0x65, 0x6e, 0x64"),
        ("hex-dump", "00000000: 5365 6e64"),
        ("binary", "01010011 01100101 01101110 01100100"),
        ("octal-escapes", "\\123\\145\\156\\144"),
        ("decimal-list", "[83, 101, 110, 100]"),
        ("character-calls", "chr(83)+chr(101)+chr(110)+chr(100)"),
    ],
)
def test_it_is_written_like_this(name: str, written: str) -> None:
    assert disguised(name, "Send") == written

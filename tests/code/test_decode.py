"""Encodings, undone with bounded output."""

from __future__ import annotations

import base64
import bz2
import gzip
import lzma
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rune.code import decode as module
from rune.code.decode import decode, decoded
from rune.code.values import CONSTANT_CHARS, DECODED, SECRET, Value

TEXT = b"rm -rf /"


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("base64", base64.b64encode(TEXT)),
        ("base64", base64.b64encode(TEXT).rstrip(b"=") + b"\n"),
        ("base64url", base64.urlsafe_b64encode(TEXT)),
        ("base32", base64.b32encode(TEXT)),
        ("hex", TEXT.hex()),
        ("base85", base64.b85encode(TEXT)),
        ("ascii85", base64.a85encode(TEXT)),
        ("zlib", zlib.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)[2:-4]),
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("bz2", bz2.compress(TEXT)),
        ("lzma", lzma.compress(TEXT)),
        ("rot13", "ez -es /"),
        ("url", "rm%20-rf%20/"),
        ("html", "rm &#45;rf /"),
        ("quoted-printable", "rm=20-rf /"),
        ("uu", 'begin 644 x\n(<FT@+7)F("\\\nend'),
        ("escape", "rm\\x20-rf /"),
        ("escape", "\\162\\u006d\\U00000020-rf\\x20\\57"),
        ("utf-7", "rm +AC0-rf /"),
        ("utf-16", TEXT.decode().encode("utf-16-le")),
        ("reverse", TEXT[::-1]),
    ],
)
def test_each_encoding(encoding: str, data: str | bytes) -> None:
    assert decoded(encoding, data) == TEXT


def test_every_encoding_is_tested() -> None:
    assert len(module._DECODERS) == 20


def test_labels_go_along() -> None:
    assert decode("hex", Value(("6964",), SECRET)) == Value((b"id",), SECRET | DECODED)


@pytest.mark.parametrize("encoding", ["zlib", "gzip", "bz2", "lzma"])
def test_bombs_are_cut(encoding: str) -> None:
    bomb = {"zlib": zlib, "gzip": gzip, "bz2": bz2, "lzma": lzma}[encoding].compress(b"0" * 50_000_000)
    assert len(decoded(encoding, bomb) or b"") <= CONSTANT_CHARS


@given(st.sampled_from(sorted(module._DECODERS)), st.one_of(st.binary(max_size=60), st.text(max_size=60)))
def test_what_is_not_encoded_gives_nothing(encoding: str, data: str | bytes) -> None:
    assert decoded(encoding, data) is None or isinstance(decoded(encoding, data), bytes)

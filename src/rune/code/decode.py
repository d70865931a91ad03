"""Encodings that code undoes before it runs something; undone here for real, with bounded output."""

from __future__ import annotations

import base64
import binascii
import bz2
import codecs
import html
import lzma
import quopri
import re
import urllib.parse
import zlib
from collections.abc import Callable

from rune.code.values import CONSTANT_CHARS, DECODED, Constant, Value, constant

_LIMIT = CONSTANT_CHARS
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|(.))", re.DOTALL)
_LETTERS = {**dict(zip("ntrabfve", "\n\t\r\a\b\f\v\x1b", strict=True)), "\\": "\\", "'": "'", '"': '"', "\n": ""}


def _padded(data: bytes, block: int) -> bytes:
    cleaned = b"".join(data.split())
    return cleaned.rstrip(b"=") + b"=" * (-len(cleaned.rstrip(b"=")) % block)


def _inflate(data: bytes, bits: int) -> bytes:
    return zlib.decompressobj(bits).decompress(data, _LIMIT)


def _rot13(data: bytes) -> bytes:
    return codecs.encode(data.decode("utf-8", "replace"), "rot13").encode()


def _unescape(data: bytes) -> bytes:
    # Not the codec `unicode_escape`: since Python 3.12 it warns about unknown escapes, and a warning can be an error.
    return _ESCAPE.sub(_escaped, data.decode("utf-8", "replace")).encode("utf-8", "surrogatepass")


def _escaped(match: re.Match[str]) -> str:
    number, octal, letter = match[1] or match[2] or match[3], match[4], match[5]
    if number or octal:
        return chr(min(int(number, 16) if number else int(octal, 8), 0x10FFFF))
    return _LETTERS.get(letter, match[0])


_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "base64": lambda data: base64.b64decode(_padded(data, 4)),
    "base64url": lambda data: base64.urlsafe_b64decode(_padded(data, 4)),
    "base32": lambda data: base64.b32decode(_padded(data, 8), casefold=True),
    "hex": lambda data: binascii.unhexlify(b"".join(data.split()).replace(b"\\x", b"")),
    "base85": base64.b85decode,
    "ascii85": lambda data: base64.a85decode(data, adobe=data.startswith(b"<~")),
    "zlib": lambda data: _inflate(data, 15),
    "deflate": lambda data: _inflate(data, -15),
    "gzip": lambda data: _inflate(data, 31),
    "bz2": lambda data: bz2.BZ2Decompressor().decompress(data, _LIMIT),
    "lzma": lambda data: lzma.LZMADecompressor().decompress(data, _LIMIT),
    "rot13": _rot13,
    "url": urllib.parse.unquote_to_bytes,
    "html": lambda data: html.unescape(data.decode("utf-8", "replace")).encode(),
    "quoted-printable": quopri.decodestring,
    "uu": lambda data: b"".join(
        binascii.a2b_uu(line) for line in data.splitlines() if line and not line.startswith((b"begin", b"end", b"`"))
    ),
    "escape": _unescape,
    "utf-7": lambda data: data.decode("utf-7").encode(),
    "utf-16": lambda data: data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16").encode("utf-8", "replace"),
    "reverse": lambda data: data[::-1],
}


def decoded(encoding: str, data: Constant) -> bytes | None:
    """Undo one encoding of a constant; None when the constant is not in that encoding."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    if not isinstance(data, bytes) or len(data) > _LIMIT:
        return None
    try:
        return _DECODERS[encoding](data)[:_LIMIT]
    except (ValueError, ArithmeticError, zlib.error, OSError, EOFError, lzma.LZMAError):
        return None


def decode(encoding: str, value: Value) -> Value:
    """Return what is known of a value after one encoding is undone, labeled as decoded; as text where it is UTF-8."""
    found = (decoded(encoding, item) for item in value.constants)
    return constant((item for item in found if item is not None), value.labels | DECODED)

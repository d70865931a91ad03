"""Tells text from the noise that decoding an ordinary word or an image gives."""

from __future__ import annotations

import re

from rune.scan.decode.compressed import inflated, unpacked

SHORTEST = 12
"""Decoded bytes below which a chance match of an ordinary word is too likely."""

_TEXTUAL = bytes(range(0x20, 0x7F)) + b"\t\n\r"
_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\r")
PACKED = b"\x1f\x78B\xfd\x5dP"
"""First bytes of packed data (`rune.scan.decode.compressed`)."""
_STRINGS = re.compile(rb"[\x20-\x7e\t\n\r]{20,}")


def readable(data: bytes) -> str:
    """Return the text that `data` holds: all of it when it is UTF-8 or UTF-16, else its printable stretches, empty when there are none.

    Packed data is unpacked first; raises `Oversized` when it would unpack to too much.
    """
    if len(data) < SHORTEST:
        return ""
    if data[0] in PACKED:
        data = unpacked(data)
    if data.isascii():
        return data.decode("ascii") if len(data.translate(None, _TEXTUAL)) * 10 <= len(data) else _utf16(data)
    return _utf8(data) or _utf16(data) or _inflated(data) or "\n".join(found.decode("ascii") for found in _STRINGS.findall(data))


def _inflated(data: bytes) -> str:
    text = inflated(data)
    return _utf8(text) if len(text) >= SHORTEST else ""


def _utf8(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text if (len(data) - len(data.translate(None, _CONTROLS))) * 10 <= len(data) else ""


def _utf16(data: bytes) -> str:
    """PowerShell's `-EncodedCommand` is the usual carrier; Latin text in it has a NUL in every other byte."""
    if data.count(0) * 3 < len(data):
        return ""
    text = data.decode("utf-16-be" if data[::2].count(0) * 2 > len(data[::2]) else "utf-16-le", "replace")
    return text if len(text.encode("utf-8", "replace").translate(None, _TEXTUAL)) * 5 <= len(text) else ""

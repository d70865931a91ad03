"""Cuts a text into the tokens that the light classifier weighs: words in lower case, and a mark wherever a sentence, field or tag ends."""

from __future__ import annotations

import re
import string

BREAK = b"\x01"
"""The token that stands between two sentences, fields, cells or tags."""

UNSPACED = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
"""One character of a writing system without spaces: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""

_BREAKS = b'!?;:\n\r"{}[]()<>|*#=`~\\'
_WORD = (string.ascii_letters + string.digits).encode()
_SEVERAL = re.compile(rb"\x01[\x01 ]*")
_UNSPACED = re.compile(f"({UNSPACED})")


def _byte(code: int) -> int:
    if code in _WORD or code >= 0x80:
        return ord(chr(code).lower()) if code < 0x80 else code
    return BREAK[0] if code in _BREAKS else ord(" ")


_TABLE = bytes(map(_byte, range(256)))


def tokens(text: str) -> list[bytes]:
    """Return the tokens of a text as it was folded; between two sentences stands `BREAK`.

    Writing systems without spaces give one token a character. A dot ends a sentence only before a space, so that names of files and hosts
    fall apart into words and not into sentences. Several marks in a row are one, so that empty lines stretch nothing.
    """
    data = text.encode() if text.isascii() else _UNSPACED.sub(r" \1 ", text.lower()).encode("utf-8", "replace")
    return _SEVERAL.sub(b" \x01 ", data.replace(b". ", b"\n").translate(_TABLE, b"'")).split()

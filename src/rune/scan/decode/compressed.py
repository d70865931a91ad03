"""Compressed data inside an encoding: gzip, zlib, zip, bzip2 and xz, unpacked within bounds."""

from __future__ import annotations

import bz2
import io
import lzma
import zipfile
import zlib
from typing import Protocol

LEAST_ROOM = 4_096
RATIO = 20
"""What is unpacked may have this many times the size of the packed data, or `LEAST_ROOM` bytes; text takes 3 to 8 times."""
_MEMORY = 32 << 20
"""Bytes the decompressor of xz may use."""
_NESTED = 3


class Oversized(ValueError):  # noqa: N818 - a fact about the data, not a mistake of the caller
    """Packed data that would unpack to more than the bounds allow."""


class _Decompressor(Protocol):
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def unpacked(data: bytes) -> bytes:
    """Return what `data` holds if it is packed, else `data` itself; packed data inside packed data is unpacked up to three times.

    Raises:
        Oversized: the data would unpack to more than the bounds allow.
    """
    for _ in range(_NESTED):
        inner = _once(data)
        if inner is None:
            return data
        data = inner
    return data


def _once(data: bytes) -> bytes | None:
    room = max(LEAST_ROOM, RATIO * len(data))
    if data[:4] == b"PK\x03\x04":
        return _zip(data, room)
    decompressor = _decompressor(data)
    if decompressor is None:
        return None
    try:
        inner = decompressor.decompress(data, room + 1)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
        return None
    if len(inner) > room:
        raise Oversized(f"`{len(data)}` packed bytes hold more than `{room}`; treat the text as hostile.")
    return inner


def _decompressor(data: bytes) -> _Decompressor | None:
    if data[:2] == b"\x1f\x8b":
        return zlib.decompressobj(16 + zlib.MAX_WBITS)
    if data[:1] == b"\x78" and data[1:2] in (b"\x01", b"\x5e", b"\x9c", b"\xda"):
        return zlib.decompressobj()
    if data[:3] == b"BZh":
        return bz2.BZ2Decompressor()
    if data[:6] == b"\xfd7zXZ\0" or data[:5] == b"\x5d\0\0\x80\0":
        return lzma.LZMADecompressor(memlimit=_MEMORY)
    return None


def inflated(data: bytes) -> bytes:
    """Return what raw deflate data (no header, no checksum) holds, empty when it is none; raises `Oversized` as `unpacked` does."""
    room = max(LEAST_ROOM, RATIO * len(data))
    decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        inner = decompressor.decompress(data, room + 1)
    except zlib.error:
        return b""
    if not decompressor.eof and len(inner) > room and inner.isascii():
        raise Oversized(f"`{len(data)}` packed bytes hold more than `{room}`; treat the text as hostile.")
    return inner if decompressor.eof and not decompressor.unused_data else b""


def _zip(data: bytes, room: int) -> bytes | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = []
            for member in archive.infolist()[:8]:
                with archive.open(member) as file:
                    parts.append(file.read(room + 1))
                room -= len(parts[-1])
                if room < 0:
                    raise Oversized(f"`{len(data)}` packed bytes hold more than the bound; treat the text as hostile.")
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, zlib.error, lzma.LZMAError):
        return None
    return b"\n".join(parts)

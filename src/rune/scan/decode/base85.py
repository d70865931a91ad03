"""Base85 in its three alphabets: Ascii85 (Adobe, with or without its brackets), RFC 1924 as in Git patches, and Z85 (ZeroMQ)."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from rune.scan.decode.piece import Piece
from rune.scan.decode.readable import readable
from rune.scan.decode.runs import alphabet, runs

_DIGITS = b"0123456789"
_UPPER = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_GIT = _DIGITS + _UPPER + _UPPER.lower() + b"!#$%&()*+-;<=>?@^_`{|}~"
_ZERO = _DIGITS + _UPPER.lower() + _UPPER + b".-:+=^!/*?&<>()[]{}@%$#"
_ASCII = bytes(range(33, 118))
_OUTSIDE = 0xFF
_TABLES = tuple(bytes(alphabet.index(code) if code in alphabet else _OUTSIDE for code in range(256)) for alphabet in (_ASCII, _GIT, _ZERO))
_RUN = re.compile(rb"(?:<~)?([!-~]{20,}(?:\r?\n[!-~]{20,}){0,4096}(?:\r?\n[!-~]{1,19}(?=~>|\s|\Z))?)")
_SIGN = rb"[!#$%&()*+;<>?@^`{}~\x22\x27\x5b\x5c\x5d]"
SHAPES = (rb"%b[!-~]{0,8}%b[A-Za-z0-9][!-~]{0,8}%b[!-~]{0,8}%b[A-Za-z0-9]" % (_SIGN, _SIGN, _SIGN, _SIGN),)
"""What a run has: signs that links and prose rarely string together."""
_ENDS = b"\"'`,"
_LETTERS = re.compile(rb"[A-Za-z0-9]")
_SIGNS = re.compile(rb"[^A-Za-z0-9\s]")
_LEAST_SIGNS = 0.06
_FIVE = 5
_SHORTEST = 20
_TABLE = alphabet(bytes(range(0x21, 0x7F)))


def pieces(flat: bytes) -> list[Piece]:
    """Return the runs that decode to readable text in one of the alphabets."""
    return list(_pieces(flat))


def _pieces(flat: bytes) -> Iterator[Piece]:
    after = 0
    for start, _ in runs(flat, _TABLE, _SHORTEST):
        run = _RUN.match(flat, start) if start >= after else None
        if run is None:
            continue
        after = run.end()
        body = run[1].removesuffix(b"~>")
        for low, high in _bodies(body):
            text = _decoded(body[low:high])
            if text:
                yield Piece(run.start(1) + low, run.start(1) + high, text)
                break


def _bodies(body: bytes) -> Iterator[tuple[int, int]]:
    """Yield the run as it stands, and without the quotes or the key in front of it."""
    yield 0, len(body)
    start = max(body.find(b'"'), body.find(b"'"), body.find(b"=", 0, 24), body.find(b":", 0, 24)) + 1
    end = len(body.rstrip(_ENDS + b".;)]}"))
    while 0 < start < end and body[start] in b"'\"":
        start += 1
    if (start, end) != (0, len(body)) and end - start >= 4 * _FIVE:
        yield start, end


def _decoded(body: bytes) -> str:
    sample = body[:60]
    if len(_SIGNS.findall(sample)) < _LEAST_SIGNS * len(sample) or not _LETTERS.search(sample):
        return ""
    joined = b"".join(body.split())
    for table in _TABLES:
        if _plausible(joined[: 8 * _FIVE], table):
            text = readable(_bytes(joined, table))
            if text:
                return text
    return ""


def _plausible(head: bytes, table: bytes) -> bool:
    """Four bytes of text have no high bit, so that every group of five begins with one of 43 digits."""
    groups = head.translate(table)
    return _OUTSIDE not in groups and _bytes(head, table).isascii()


def _bytes(run: bytes, table: bytes) -> bytes:
    """Decode; `z` stands for four zero bytes only in binary data, which is not text."""
    short = -len(run) % _FIVE
    digits = run.translate(table) + bytes([84]) * short
    if _OUTSIDE in digits[: len(run)]:
        return b""
    groups = (
        (((a * 85 + b) * 85 + c) * 85 + d) * 85 + e
        for a, b, c, d, e in zip(digits[::5], digits[1::5], digits[2::5], digits[3::5], digits[4::5], strict=True)
    )
    data = b"".join([struct.pack(">I", group) if group <= 0xFFFFFFFF else b"\xff\xff\xff\xff" for group in groups])
    return data[: len(data) - short] if short else data

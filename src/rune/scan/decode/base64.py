"""Base64 (RFC 4648): standard or URL-safe, padded or not, wrapped over lines, or with a path or a few letters stuck to its front."""

from __future__ import annotations

import binascii
import string
from collections.abc import Iterator

from rune.scan.decode.piece import Piece
from rune.scan.decode.readable import readable

SHORTEST = 20
"""Characters of the shortest run that is tried: 15 bytes; most English words and names are shorter."""

_LETTERS = (string.ascii_letters + string.digits).encode()
_IN_ALPHABET = bytes(ord("x") if code in _LETTERS + b"+/-_" else ord(" ") for code in range(256))
_RUN = b"x" * SHORTEST
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
# The first of every four characters holds the six high bits of a byte: for ASCII text, one of these 32.
_ASCII_HEADS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
_LONG = 32
_WRAPPED_LINE = 40
_SEGMENTS = 8


def pieces(flat: bytes) -> list[Piece]:
    """Return the runs of the Base64 alphabet that decode to readable text."""
    mask = flat.translate(_IN_ALPHABET)
    found: list[Piece] = []
    start = mask.find(_RUN)
    while start >= 0:
        end = _end(mask, start)
        if not _one_case(flat[start:end]):
            lines = _lines(flat, mask, start, end)
            end = lines[-1][1]
            found += _decoded_lines(flat, lines)
        start = mask.find(_RUN, end)
    return found


def _one_case(run: bytes) -> bool:
    """Text in Base64 has letters of both cases; most words, paths and names have not."""
    return run.islower() or run.isupper()


def _lines(flat: bytes, mask: bytes, start: int, end: int) -> list[tuple[int, int]]:
    lines = [(start, end)]
    while (line := _next_line(flat, mask, lines[-1])) is not None:
        lines.append(line)
    return lines


def _end(mask: bytes, start: int) -> int:
    end = mask.find(b" ", start)
    return end if end >= 0 else len(mask)


def _next_line(flat: bytes, mask: bytes, line: tuple[int, int]) -> tuple[int, int] | None:
    """Return the line that continues a wrapped one: directly below it, and not longer."""
    start, end = line
    if end - start < _WRAPPED_LINE or flat[end : end + 2].lstrip(b"\r")[:1] != b"\n":
        return None
    below = flat[end : end + 16]
    start_below = end + len(below) - len(below.lstrip())
    end_below = _end(mask, start_below)
    return (start_below, end_below) if 0 < end_below - start_below <= end - start else None


def _decoded_lines(flat: bytes, lines: list[tuple[int, int]]) -> list[Piece]:
    # A last line shorter than the others may as well be the sentence that follows.
    for count in dict.fromkeys((len(lines), max(len(lines) - 1, 1))):
        text = _decoded(b"".join([flat[start:end] for start, end in lines[:count]]))
        if text:
            end = lines[count - 1][1]
            padding = len(flat[end : end + 2]) - len(flat[end : end + 2].lstrip(b"="))
            return [Piece(lines[0][0], end + padding, text)]
    start, end = lines[0]
    return _decoded_segments(flat[start:end], start) if len(lines) == 1 else []


def _decoded_segments(run: bytes, start: int) -> list[Piece]:
    """A path, a slug or a name with underscores may hold Base64 between its separators."""
    for separator in (b"/", b"-", b"_", b"+"):
        if separator in run:
            found = list(_segments(run, start, separator))
            if found:
                return found
    return []


def _segments(run: bytes, start: int, separator: bytes) -> Iterator[Piece]:
    for segment in run.split(separator, _SEGMENTS):
        text = _decoded(segment) if len(segment) >= SHORTEST and not _one_case(segment) else ""
        if text:
            yield Piece(start, start + len(segment), text)
        start += len(segment) + 1


def _decoded(run: bytes) -> str:
    """Decode from each of the four places a run may really start at."""
    run = run.translate(_TO_STANDARD)
    for skipped in range(4):
        body = run[skipped:]
        heads = body[::4]
        in_ascii = len(heads.translate(None, _ASCII_HEADS)) * 10 <= 3 * len(heads)
        if in_ascii or (skipped == 0 and len(run) >= _LONG):
            text = readable(_bytes(body))
            if text:
                return text
    return ""


def _bytes(body: bytes) -> bytes:
    body = body[:-1] if len(body) % 4 == 1 else body
    return binascii.a2b_base64(body + b"=" * (-len(body) % 4))

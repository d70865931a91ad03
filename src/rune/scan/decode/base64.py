"""Base64 (RFC 4648): standard or URL-safe, padded or not, wrapped over lines, or with a path or a few letters stuck to its front."""

from __future__ import annotations

import binascii
import re
import string
from collections.abc import Iterator

from rune.scan.decode import cipher
from rune.scan.decode.piece import Piece
from rune.scan.decode.readable import readable

SHORTEST = 20
"""Characters of the shortest run that is tried: 15 bytes; most English words and names are shorter."""

_LETTERS = (string.ascii_letters + string.digits).encode()
_IN_ALPHABET = bytes(ord("x") if code in _LETTERS + b"+/-_" else ord(" ") for code in range(256))
_IS_LETTER = bytes(ord("x") if code in _LETTERS else ord(" ") for code in range(256))
_RUN = b"x" * SHORTEST
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
# The first of every four characters holds the six high bits of a byte: for ASCII text, one of these 32.
_HEADS = bytes(ord("h") if chr(code) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef" else ord(".") for code in range(256))
_LONG = 24
_HEAD = 24
_LONGEST_DISGUISED = 100_000
_TEXTUAL = bytes(range(0x20, 0x7F)) + b"\t\n\r"
_CIPHERS = tuple(table for name, table in cipher.TABLES.items() if name != "rot47")
_WRAPPED_LINE = 40
_SEGMENTS = 8


GROUPS = (rb"[a-z][A-Z][A-Za-z0-9]? [A-Za-z0-9+/]{4} ",)
"""The end of a group in mixed case, and another group."""
_GROUPS = re.compile(rb"(?<![^\s\"'])(?:(?:[A-Za-z0-9+/_-]{4} ){6,4096}|(?:[A-Za-z0-9+/_-]{8} ){3,4096})[A-Za-z0-9+/_-]{1,8}={0,2}(?!\S)")


def groups(flat: bytes) -> list[Piece]:
    """Return what is Base64 in groups of four or eight characters with spaces between them."""
    return [piece for run in _GROUPS.finditer(flat) for piece in _grouped(run.start(), run[0])]


def _grouped(start: int, run: bytes) -> list[Piece]:
    text = _decoded(run.replace(b" ", b"").rstrip(b"="))
    return [Piece(start, start + len(run), text)] if text else []


def pieces(flat: bytes) -> list[Piece]:
    """Return the runs of the Base64 alphabet that decode to readable text."""
    mask = flat.translate(_IN_ALPHABET)
    found: list[Piece] = []
    start = mask.find(_RUN)
    while start >= 0:
        end = _end(mask, start)
        if _mixed_case(flat[start:end]):
            lines = [(start, end)] if end - start < _WRAPPED_LINE else _lines(flat, mask, start, end)
            end = lines[-1][1]
            found += _in_run(flat, start, end) if len(lines) == 1 else _in_lines(flat, lines)
        start = mask.find(_RUN, end)
    return found


def _mixed_case(run: bytes) -> bool:
    """Text in Base64 has letters of both cases; most words, paths and rulers have not."""
    return run.lower() != run != run.upper()


def _end(mask: bytes, start: int) -> int:
    end = mask.find(b" ", start)
    return end if end >= 0 else len(mask)


def _lines(flat: bytes, mask: bytes, start: int, end: int) -> list[tuple[int, int]]:
    lines = [(start, end)]
    while (line := _next_line(flat, mask, lines[-1])) is not None:
        lines.append(line)
    return lines


def _next_line(flat: bytes, mask: bytes, line: tuple[int, int]) -> tuple[int, int] | None:
    """Return the line that continues a wrapped one: directly below it, and not longer."""
    start, end = line
    if end - start < _WRAPPED_LINE or flat[end : end + 2].lstrip(b"\r")[:1] != b"\n":
        return None
    below = flat[end : end + 16]
    start_below = end + len(below) - len(below.lstrip())
    end_below = _end(mask, start_below)
    return (start_below, end_below) if 0 < end_below - start_below <= end - start else None


def _in_lines(flat: bytes, lines: list[tuple[int, int]]) -> list[Piece]:
    """Decode lines as one text, without the last one if that is the sentence below, or each for itself if they were written apart."""
    together = max((_joined(flat, lines[:-1]), _joined(flat, lines)), key=_length)
    apart = [piece for start, end in lines for piece in _in_run(flat, start, end)]
    return max((together, apart), key=_length)


def _joined(flat: bytes, lines: list[tuple[int, int]]) -> list[Piece]:
    text = _decoded(b"".join([flat[start:end] for start, end in lines]))
    return [Piece(lines[0][0], _padded(flat, lines[-1][1]), text)] if text else []


def _length(found: list[Piece]) -> int:
    return sum(len(piece.text) for piece in found)


def _in_run(flat: bytes, start: int, end: int) -> list[Piece]:
    run = flat[start:end]
    text = _decoded(run)
    if text:
        return [Piece(start, _padded(flat, end), text)]
    # In a short run only a stretch without separators is long enough to be tried.
    short = len(run) < 2 * SHORTEST and _RUN not in run.translate(_IS_LETTER)
    return [] if short else _in_segments(run, start)


def _padded(flat: bytes, end: int) -> int:
    padding = flat[end : end + 2]
    return end + len(padding) - len(padding.lstrip(b"="))


def _in_segments(run: bytes, start: int) -> list[Piece]:
    """A path, a slug or a name with underscores may hold Base64 between its separators."""
    for separator in (b"/", b"-", b"_", b"+"):
        if separator in run:
            found = list(_segments(run, start, separator))
            if found:
                return found
    return []


def _segments(run: bytes, start: int, separator: bytes) -> Iterator[Piece]:
    for segment in run.split(separator, _SEGMENTS):
        text = _decoded(segment) if len(segment) >= SHORTEST and _mixed_case(segment) else ""
        if text:
            yield Piece(start, start + len(segment), text)
        start += len(segment) + 1


def _decoded(run: bytes) -> str:
    return _straight(run) or _disguised(run)


def _disguised(run: bytes) -> str:
    """Decode a run that was reversed, or whose letters were replaced as a whole, after it was encoded."""
    if len(run) < _LONG or len(run) > _LONGEST_DISGUISED:
        return ""
    for form in (run[::-1], run.swapcase()):
        if _printable(form[: len(run) % 4 + _HEAD]) or _printable(form[:_HEAD]):
            return _straight(form)
    for table in _CIPHERS:
        if _printable(run[:_HEAD].translate(table)):
            return _straight(run.translate(table))
    return ""


def _printable(head: bytes) -> bool:
    return not _bytes(head)[:-1].translate(None, _TEXTUAL)


def _straight(run: bytes) -> str:
    """Decode from each of the four places a run may really start at."""
    heads = run.translate(_HEADS)
    for skipped in range(4):
        places = heads[skipped::4]
        in_ascii = places.count(b"h") * 10 >= 7 * len(places)
        if in_ascii or (skipped == 0 and len(run) >= _LONG):
            text = readable(_bytes(run[skipped:]))
            if text:
                return text
    return ""


def _bytes(run: bytes) -> bytes:
    run = run[:-1] if len(run) % 4 == 1 else run
    return binascii.a2b_base64(run.translate(_TO_STANDARD) + b"=" * (-len(run) % 4))

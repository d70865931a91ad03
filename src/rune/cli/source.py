"""What a command is given to read: a text, a file, or standard input."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rune.errors import ConfigurationError

MAX_BYTES = 64 * 1024 * 1024
"""Bytes read of one source; a larger one is an error, so that a mistyped disk image does not fill the memory."""

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LOOKS_LIKE_A_FILE = re.compile(r"\S+\.\w{1,5}|\S*[/\\]\S*")
_ADDRESS = re.compile(r"\w+://")


@dataclass(frozen=True, slots=True)
class Source:
    """Content with the name it is shown under; bytes where it is not valid text, which the scan reports."""

    name: str
    content: str | bytes

    @property
    def text(self) -> str:
        """The content as text, with replacement characters where it is not valid UTF-8."""
        return self.content if isinstance(self.content, str) else self.content.decode("utf-8", "replace")


def read_source(given: str | None, *, literal: bool = False) -> Source:
    """Return what a command was given.

    Args:
        given: a file's path, `-` for standard input, or the text itself; None means standard input when something is piped in.
        literal: take `given` as the text, whatever it looks like.

    Raises:
        ConfigurationError: nothing was given, the file is missing, a directory, unreadable or too large.
    """
    if given is None or (given == "-" and not literal):
        return _standard_input(asked_for=given == "-")
    if literal or not given:
        return Source("the text", given)
    path = _path(given)
    if path is not None:
        return Source(given, _decoded(_read_file(path)))
    if _LOOKS_LIKE_A_FILE.fullmatch(given) and not _ADDRESS.match(given):
        raise ConfigurationError(f"there is no file `{given}`; check the path, or add `--text` to read these words themselves.")
    return Source("the text", given)


def _path(given: str) -> Path | None:
    try:
        path = Path(given)
        return path if path.exists() else None
    except (OSError, ValueError):  # too long for a path, or with a NUL: a text
        return None


def _read_file(path: Path) -> bytes:
    if path.is_dir():
        raise ConfigurationError(f"`{path}` is a directory; name a file, or pipe one in with `-`.")
    try:
        with path.open("rb") as file:
            return _bounded(file, str(path))
    except OSError as error:
        raise ConfigurationError(f"cannot read `{path}`: {error.strerror or error}.") from error


def _standard_input(*, asked_for: bool) -> Source:
    stream = sys.stdin
    if stream is None or stream.closed:
        raise ConfigurationError("standard input is closed; name a file or give the text itself.")
    if not asked_for and stream.isatty():
        raise ConfigurationError("there is nothing to read; give a text, a file, or `-` for standard input.")
    try:
        return Source("standard input", _decoded(_bounded(stream.buffer, "standard input")))
    except OSError as error:
        raise ConfigurationError(f"cannot read standard input: {os.strerror(error.errno or 0)}.") from error


def _bounded(stream: BinaryIO, name: str) -> bytes:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ConfigurationError(f"`{name}` is larger than {MAX_BYTES // 1024 // 1024} MiB; split it first.")
    return data


def _decoded(data: bytes) -> str | bytes:
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8")
    if encoding == "utf-16" and b"\0" not in data:
        return data  # a mark in front of ASCII would hide it: any bytes are some UTF-16
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data

"""The head of a transcript: its last record's number and hash, kept in a small file beside it.

A hash chain shows every change inside it but not that its end was cut off. The head file does, as long as nobody rewrites both; a head
kept on another machine shows that too.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rune.errors import TranscriptError

if sys.platform != "win32":
    import fcntl

LOCK_TRIES = 50
LOCK_PAUSE = 0.001

_LINE = re.compile(rb"rune-head 1 ([0-9a-f]{32}) ([0-9]{20}) ([0-9a-f]{64})\n")
_LENGTH = 12 + 32 + 1 + 20 + 1 + 64 + 1
_TEXT = re.compile(r"(?:(?P<file>[0-9a-f]{32}):)?(?:(?P<sequence>[0-9]{1,18}):)?(?P<hash>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Head:
    """How far a transcript reached at some moment. `str(head)` is what to keep elsewhere; `Head.parse` reads it back."""

    hash: str
    """SHA-256 (hex) of the last record."""
    sequence: int | None = None
    """Its number; None when only the hash was kept."""
    file: str = ""
    """Random identity of the transcript file; empty when it was not kept."""

    def __str__(self) -> str:
        """Return `FILE:SEQUENCE:HASH`, without the parts that are unknown."""
        parts = (self.file, "" if self.sequence is None else str(self.sequence), self.hash)
        return ":".join(part for part in parts if part)

    @classmethod
    def parse(cls, text: str) -> Head:
        """Read `FILE:SEQUENCE:HASH`, `SEQUENCE:HASH` or `HASH`.

        Raises:
            TranscriptError: the text is none of these.
        """
        match = _TEXT.fullmatch(text.strip().lower())
        if match is None:
            raise TranscriptError(
                f"`{text[:120]!r}` is not a head; pass what `rune verify` printed: `FILE:SEQUENCE:HASH` or the hash alone."
            )
        sequence = match["sequence"]
        return cls(match["hash"], None if sequence is None else int(sequence), match["file"] or "")


def head_path(transcript: Path) -> Path:
    """Return where the head of a transcript is kept: beside it, with `.head` added to its name."""
    return transcript.with_name(transcript.name + ".head")


def read_head(transcript: Path) -> Head | None:
    """Return the head kept beside a transcript, or None when there is no such file.

    Raises:
        TranscriptError: there is one, but it cannot be read as a head.
    """
    path = head_path(transcript)
    try:
        with path.open("rb") as file, _locked(file.fileno(), shared=True):
            line = file.read(_LENGTH + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise TranscriptError(f"the head file `{path}` cannot be read: {error.strerror or error}.") from error
    return _parsed(line, path)


def write_head(transcript: Path, head: Head) -> None:
    """Record a head, unless the file already holds a later one of the same transcript (two processes may write).

    Raises:
        OSError: the file cannot be written.
    """
    path = head_path(transcript)
    if not os.path.lexists(path):
        _make(path, head)
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0))
    try:
        with _locked(descriptor):
            _replace_line(descriptor, head, path)
    finally:
        os.close(descriptor)


def _make(path: Path, head: Head) -> None:
    """Make the file with its first line in it at once, so that no process, nor one that is killed here, leaves an empty one."""
    new = path.with_name(f"{path.name}.{os.getpid():x}-{secrets.token_hex(4)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, _written(head))
        os.fsync(descriptor)  # that it is there must survive a power loss; how far it reaches later on need not
    finally:
        os.close(descriptor)
    try:
        os.link(new, path)
    except FileExistsError:  # made by another process in the meantime
        return
    except OSError:  # a file system without links
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _replace_line(descriptor: int, head: Head, path: Path) -> None:
    if _is_later(os.read(descriptor, _LENGTH + 1), head, path):
        return
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, _written(head))
    os.ftruncate(descriptor, _LENGTH)


def _written(head: Head) -> bytes:
    return f"rune-head 1 {head.file} {head.sequence:020d} {head.hash}\n".encode("ascii")


def _is_later(line: bytes, head: Head, path: Path) -> bool:
    try:
        kept = _parsed(line, path)
    except TranscriptError:
        return False
    return kept.file == head.file and (kept.sequence or 0) >= (head.sequence or 0)


def _parsed(line: bytes, path: Path) -> Head:
    match = _LINE.fullmatch(line)
    if match is None:
        raise TranscriptError(f"the head file `{path}` does not hold a head; it was changed or damaged.")
    return Head(match[3].decode("ascii"), int(match[2]), match[1].decode("ascii"))


@contextmanager
def _locked(descriptor: int, *, shared: bool = False) -> Iterator[None]:
    """Hold the file's lock while it is read or written; whoever keeps it longer than anybody needs does not stop the transcript.

    Windows has no such lock: one line is one write there, and of two processes that write at once one leaves its head.
    """
    held = sys.platform != "win32" and any(_try_lock(descriptor, shared=shared) for _ in range(LOCK_TRIES))
    try:
        yield
    finally:
        if sys.platform != "win32" and held:
            fcntl.flock(descriptor, fcntl.LOCK_UN)


def _try_lock(descriptor: int, *, shared: bool) -> bool:
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        time.sleep(LOCK_PAUSE)
        return False
    return True

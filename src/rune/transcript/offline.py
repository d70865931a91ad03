"""Verifies a JSONL export without the transcript it was made from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from rune.errors import TranscriptError
from rune.transcript.head import Head
from rune.transcript.read import AnyPath
from rune.transcript.walk import Verification, Walk

LINE_BYTES = 64_000_000
_LINE = re.compile(rb'\{"hash":"([0-9a-f]{64})","record":(\{.*\})\}\n?', re.DOTALL)


def verify_export(path: AnyPath, kept: Head | str | None = None) -> Verification:
    """Check an export in the format `jsonl`, of a whole transcript or of one conversation.

    Its last line names the last record, and its first the head of the transcript at the time; somebody who rewrites the whole file can
    change both, so compare `Verification.head` with a head kept elsewhere.

    Args:
        path: the export.
        kept: the hash that its last record must have, or a head that it must contain.

    Raises:
        TranscriptError: the file is missing or no export.
    """
    known = Head.parse(kept) if isinstance(kept, str) else kept
    try:
        with Path(path).open("rb") as file:
            return _verified(file, Path(path), known)
    except OSError as error:
        raise TranscriptError(f"the export `{path}` cannot be read: {error.strerror or error}.") from error


def is_export(path: AnyPath) -> bool:
    """Return whether a file looks like an export in the format `jsonl`. Not for a transcript that this process has open."""
    try:
        with Path(path).open("rb") as file:
            return file.read(10) == b'{"export":'
    except OSError:
        return False


def _verified(file: BinaryIO, path: Path, kept: Head | None) -> Verification:
    about = _object(file.readline(LINE_BYTES)).get("export")
    if not isinstance(about, dict):
        raise TranscriptError(f"`{path}` is not an export of a transcript in the format `jsonl`.")
    walk = Walk(turns=about.get("conversation") is not None)
    end: dict[str, Any] | None = None
    seen = set()
    for line in _lines(file):
        if end is not None:
            walk.report(None, "there is something after the last line")
        if (end := _object(line).get("end") if line.startswith(b'{"end":') else None) is None:
            seen.add(_step(walk, line))
    _check_end(walk, end, kept, seen)
    return walk.concluded()


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(LINE_BYTES):
        yield line


def _step(walk: Walk, line: bytes) -> str:
    match = _LINE.fullmatch(line)
    if match is None:
        walk.report(walk.last_sequence + 1, "changed: the line is not in the form of an export")
        return ""
    said = _object(match[2]).get("sequence")
    walk.step(said if isinstance(said, int) else -1, match[2], match[1].decode("ascii"))
    return walk.last_hash


def _check_end(walk: Walk, end: dict[str, Any] | None, kept: Head | None, seen: set[str]) -> None:
    if end is None:
        walk.report(walk.last_sequence + 1, "missing: the last line of the export; its end was cut off")
    elif walk.records and (end.get("hash"), end.get("sequence")) != (walk.last_hash, walk.last_sequence):
        walk.report(walk.last_sequence, f"missing: the export ended with record {end.get('sequence')}")
    if kept is not None and kept.hash not in seen:
        walk.report(None, f"no record has the hash `{kept.hash}` that was kept elsewhere")


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}

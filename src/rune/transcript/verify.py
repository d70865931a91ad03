"""Proves that a transcript is as it was written, or names the records that are not.

What a chain of hashes shows alone: every changed, missing, inserted or moved record. With the head file: a cut end, a rewritten chain, an
exchanged file. With a head that was kept elsewhere: the same against somebody who rewrote the head file too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rune.errors import TranscriptError
from rune.transcript.database import altered_schema, check_file, reading
from rune.transcript.fork import READING
from rune.transcript.head import Head, head_path, read_head
from rune.transcript.offline import is_export, verify_export
from rune.transcript.read import AnyPath, Progress, Stored, current_head, has_records, pages
from rune.transcript.walk import Claims, Verification, Walk


def verify(path: AnyPath, kept: Head | str | None = None, progress: Progress | None = None) -> Verification:
    """Check a transcript, or a JSONL export of one. A damaged one is an answer, not an error.

    Args:
        path: the transcript, or the export.
        kept: a head that was kept elsewhere (what an earlier `verify` returned), as `Head` or text.
        progress: called now and then with records done and records there are.

    Raises:
        TranscriptError: the file is missing, no transcript or an empty one, or `kept` is no head.
    """
    known = Head.parse(kept) if isinstance(kept, str) else kept
    place = Path(path)
    try:
        with READING.use():
            check_file(place)
    except TranscriptError:
        if is_export(place):
            return verify_export(place, known)
        raise
    return _verified(place, known, progress)


def _verified(path: Path, known: Head | None, progress: Progress | None) -> Verification:
    walk = Walk()
    heads = _Heads(known)
    heads.read_beside(path, walk)  # before the records: a writer at work only adds to them
    if not (_has_records(path) or heads.all or heads.unreadable):
        raise TranscriptError(f"the transcript `{path}` is empty: nothing was ever recorded in it.")
    ceiling = _check_structure(path, walk)
    _walk_file(path, walk, heads, progress)
    _check_end(path, walk, heads, ceiling)
    return walk.concluded()


class _Heads:
    """The heads a transcript has to contain, and which of them the walk came past."""

    def __init__(self, kept: Head | None) -> None:
        self.kept = kept
        self.beside: Head | None = None
        self.unreadable = False
        self.passed: set[Head] = set()
        self._hashes: set[str] = {kept.hash} if kept else set()

    def read_beside(self, path: Path, walk: Walk) -> None:
        try:
            self.beside = read_head(path)
        except TranscriptError as error:
            walk.report(None, str(error))
            self.unreadable = True
            return
        self._hashes |= {self.beside.hash} if self.beside else set()

    def pass_by(self, sequence: int, digest: str) -> None:
        if digest in self._hashes:
            self.passed |= {head for head in self.all if head.hash == digest and head.sequence in (sequence, None)}

    @property
    def all(self) -> tuple[Head, ...]:
        return tuple(head for head in (self.kept, self.beside) if head is not None)


def _walk_file(path: Path, walk: Walk, heads: _Heads, progress: Progress | None) -> None:
    try:
        end = current_head(path)
        total = (end.sequence or 0) + 1 if end else 0
        for page in pages(path):
            for row in page:
                _step(walk, row, heads)
            if progress:
                progress(walk.records, total)
    except TranscriptError as error:
        walk.report(walk.last_sequence + 1, f"cannot be read, nor what follows: {error}")


def _step(walk: Walk, row: Stored, heads: _Heads) -> None:
    sequence, conversation, turn, record, digest = row
    if not walk.follows(sequence, conversation, turn, record, digest):
        said = walk.step(sequence, record, digest.hex() if isinstance(digest, bytes) else digest)
        if said is not None and not _filed(conversation, turn, said):
            walk.report(sequence, "changed: it is filed under another conversation or turn than its own")
    heads.pass_by(sequence, walk.last_hash)


def _filed(conversation: Any, turn: Any, said: Claims) -> bool:
    own = None if said.conversation is None else said.conversation.encode("utf-8", "surrogatepass")
    return bool(conversation == own and turn == said.turn)


def _has_records(path: Path) -> bool:
    try:
        with READING.use(), reading(path) as connection:
            return has_records(connection)
    except TranscriptError:  # something is there; what is wrong with it is said further on
        return True


def _check_structure(path: Path, walk: Walk) -> int:
    """Check the file around the records; return the highest number that a record ever had here."""
    try:
        with READING.use(), reading(path) as connection:
            for name in altered_schema(connection):
                walk.report(None, f"the structure of the file was changed: `{name}`")
            for (what,) in connection.execute("PRAGMA integrity_check(5)"):
                if what != "ok":
                    walk.report(None, f"the file is damaged: {what}")
            found = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'records'").fetchone()
    except TranscriptError as error:
        walk.report(None, str(error))
        return -1
    return int(found[0]) if found and isinstance(found[0], int) else -1


def _check_end(path: Path, walk: Walk, heads: _Heads, ceiling: int) -> None:
    if walk.records > 1 and not heads.all and not heads.unreadable:
        walk.report(None, f"the head file `{head_path(path)}` is missing, so nobody can tell whether the end was cut off")
    if walk.records == 0:
        walk.report(0, "missing: there is no record at all")
    for head in heads.all:
        if head not in heads.passed:
            _report_head(walk, head, "kept elsewhere" if head is heads.kept else "in the head file")
    if ceiling > walk.last_sequence and not any((head.sequence or 0) > walk.last_sequence for head in heads.all):
        walk.report(walk.last_sequence + 1, f"missing: the end was cut off; the file once held records up to {ceiling}")


def _report_head(walk: Walk, head: Head, where: str) -> None:
    if head.sequence is None:
        walk.report(None, f"no record has the hash `{head.hash}` {where}: the end was cut off or the chain was rewritten")
    elif head.file and walk.file and head.file != walk.file:
        walk.report(None, f"this is not the transcript that the head {where} belongs to; that one reached record {head.sequence}")
    elif head.sequence > walk.last_sequence:
        walk.report(walk.last_sequence + 1, f"missing: records up to {head.sequence}; the head {where} proves that they were there")
    else:
        walk.report(head.sequence, f"replaced: it is not the record that the head {where} names; the chain was rewritten")

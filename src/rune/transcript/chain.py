"""The open end of a transcript file: links records to the ones before and commits them.

Two processes may append to one file: the end of the chain is read inside the transaction that extends it.
"""

from __future__ import annotations

import json
import logging
import secrets
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rune.errors import TranscriptError
from rune.transcript import record
from rune.transcript.database import altered_schema, create, open_for_writing, restore_schema
from rune.transcript.head import Head, read_head, write_head

log = logging.getLogger("rune.transcript")

_INSERT = "INSERT INTO records (sequence, conversation, turn, record, hash) VALUES (?, ?, ?, ?, ?)"
_LAST = "SELECT sequence, hash FROM records ORDER BY sequence DESC LIMIT 1"
_LAST_TURN = "SELECT turn, hash FROM records WHERE conversation = ? ORDER BY turn DESC LIMIT 1"


class Row(NamedTuple):
    """One row of the table."""

    sequence: int
    conversation: bytes | None
    turn: int | None
    record: bytes
    hash: bytes


NOTHING = Row(-1, None, None, b"", bytes.fromhex(record.NO_HASH))
"""Stands before the first row."""
UNREADABLE = Head(record.NO_HASH)
"""Stands for a head file that does not hold a head."""
MISSING = "records that were here are missing or changed"


class BusyError(TranscriptError):
    """Another process is committing to the same transcript; try again."""


class Chain:
    """Appends to one file. Not for two threads at once.

    Args:
        path: the file; made with its first record.
        clock: seconds since the Unix epoch, for records about the file itself.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._clock = clock
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._last: Head | None = None
        self._file = ""
        self._head_unwritten = False

    def append(self, bodies: Sequence[Mapping[str, Any]]) -> Head:
        """Commit records, durably when this returns, and return the new head.

        Raises:
            BusyError: another process did not finish within a quarter second.
            TranscriptError: the records could not be committed; the file is as it was before.
        """
        connection = self._opened()
        return self._commit(connection, lambda: self._continued(connection, bodies))

    def close(self) -> None:
        """Close the file; the next `append` opens it again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _opened(self) -> sqlite3.Connection:
        """Return the connection; a new one the first time, and when the file at the path is another one than before."""
        if self._connection is not None and self._identity == _identity(self.path):
            return self._connection
        self.close()
        connection = open_for_writing(self.path)
        try:
            # A commit of its own, so that no record beyond the first is ever in a file that has no head beside it.
            self._commit(connection, lambda: self._resumed(connection) if _has_schema(connection) else self._begun(connection))
            self._identity = _identity(self.path)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _commit(self, connection: sqlite3.Connection, new_rows: Callable[[], list[Row]]) -> Head:
        try:
            _begin(connection)
            rows = new_rows()
            connection.executemany(_INSERT, rows)
            last = rows[-1] if rows else _last_row(connection)
            connection.execute("COMMIT")
        except BaseException as error:
            self._undo(connection)
            if isinstance(error, sqlite3.Error):
                raise TranscriptError(f"the transcript `{self.path}` cannot be written: {error}.") from error
            raise
        self._last = Head(last.hash.hex(), last.sequence, self._file)
        self._write_head(self._last)
        return self._last

    def _undo(self, connection: sqlite3.Connection) -> None:
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            self.close()

    def _begun(self, connection: sqlite3.Connection) -> list[Row]:
        """Make an empty file a transcript: return its genesis row, and one more when there should have been a transcript already."""
        create(connection)
        self._file = secrets.token_hex(16)
        rows = _link(connection, [record.genesis(self._file, self._clock())], NOTHING)
        expected = self._last or _kept_head(self.path)
        if expected is None or expected == UNREADABLE:
            return rows
        return rows + self._discontinuity(connection, ["the transcript that was here is gone"], expected, rows[-1])

    def _resumed(self, connection: sqlite3.Connection) -> list[Row]:
        """Return a discontinuity row when the file is not as its last writer left it."""
        self._file = _file_identity(_first_record(connection))
        last = _last_row(connection)
        reasons = []
        if altered := altered_schema(connection):
            restore_schema(connection)
            reasons.append(f"the structure of the file was changed ({', '.join(altered)})")
        expected = self._last or _kept_head(self.path)
        if last.sequence > 0 and expected is None:
            reasons.append("the head file is missing")
        elif expected is not None and expected != UNREADABLE and not _reaches(connection, expected, self._file):
            reasons.append(MISSING)
        elif last.sequence > 0 and expected == UNREADABLE:
            reasons.append("the head file was changed")
        return self._discontinuity(connection, reasons, expected, last) if reasons else []

    def _continued(self, connection: sqlite3.Connection, bodies: Sequence[Mapping[str, Any]]) -> list[Row]:
        last = _last_row(connection)
        rows = []
        if self._last is not None and not _reaches(connection, self._last, self._file):
            rows = self._discontinuity(connection, [MISSING], self._last, last)
        return rows + _link(connection, bodies, rows[-1] if rows else last)

    def _discontinuity(self, connection: sqlite3.Connection, reasons: Sequence[str], expected: Head | None, last: Row) -> list[Row]:
        reason = "; ".join(reasons)
        log.error("rune: transcript `%s`: %s; run `rune verify`", self.path, reason)
        found = Head(last.hash.hex(), last.sequence)
        return _link(connection, [record.discontinuity(reason, str(expected or ""), str(found), self._clock())], last)

    def _write_head(self, head: Head) -> None:
        try:
            write_head(self.path, head)
            self._head_unwritten = False
        except Exception as error:  # noqa: BLE001 - the records are on disk; an older head is still true and only proves less
            if not self._head_unwritten:
                log.warning("rune: the head of transcript `%s` could not be written (%s)", self.path, type(error).__name__)
            self._head_unwritten = True


def _begin(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise BusyError(f"another process is writing the transcript: {error}") from error
        raise


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _kept_head(path: Path) -> Head | None:
    try:
        return read_head(path)
    except TranscriptError:
        return UNREADABLE


def _has_schema(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT 1 FROM sqlite_master").fetchone())


def _last_row(connection: sqlite3.Connection) -> Row:
    found = connection.execute(_LAST).fetchone()
    return NOTHING if found is None else Row(found[0], None, None, b"", _bytes(found[1]))


def _first_record(connection: sqlite3.Connection) -> bytes:
    found = connection.execute("SELECT record FROM records WHERE sequence = 0").fetchone()
    return _bytes(found[0]) if found else b""


def _file_identity(genesis: bytes) -> str:
    try:
        return str(json.loads(genesis)["file"])
    except (ValueError, TypeError, KeyError):
        return ""


def _bytes(value: object) -> bytes:
    """Return a stored blob; whoever changed the file may have put anything in its place."""
    return value if isinstance(value, bytes) else b""


def _reaches(connection: sqlite3.Connection, head: Head, file: str) -> bool:
    found = connection.execute("SELECT hash FROM records WHERE sequence = ?", (head.sequence,)).fetchone()
    return found is not None and head.file == file and _bytes(found[0]).hex() == head.hash


def _link(connection: sqlite3.Connection, bodies: Sequence[Mapping[str, Any]], last: Row) -> list[Row]:
    """Return the rows that hold `bodies` and follow `last`."""
    turns: dict[bytes, Row] = {}
    rows = []
    for body in bodies:
        conversation = body.get("conversation")
        key = None if conversation is None else conversation.encode("utf-8", "surrogatepass")
        before = None if key is None else turns.get(key) or _last_turn(connection, key)
        last = _row(body, last, key, before)
        rows.append(last)
        if key is not None:
            turns[key] = last
    return rows


def _row(body: Mapping[str, Any], last: Row, conversation: bytes | None, before: Row | None) -> Row:
    place: dict[str, Any] = {"sequence": last.sequence + 1, "previous": last.hash.hex()}
    turn = None
    if before is not None:
        turn = (before.turn or 0) + 1
        place |= {"turn": turn, "turn_previous": before.hash.hex()}
    try:
        data = record.canonical({**body, **place})
    except (TypeError, ValueError, RecursionError):  # a value that is no JSON; its neighbors in the batch must not be lost with it
        kept = {key: body[key] for key in ("conversation", "message_id", "rune", "time") if key in body}
        data = record.canonical({**kept, "event": "unwritable", **place})
    return Row(last.sequence + 1, conversation, turn, data, record.digest(data))


def _last_turn(connection: sqlite3.Connection, conversation: bytes) -> Row:
    found = connection.execute(_LAST_TURN, (conversation,)).fetchone()
    return NOTHING if found is None else Row(0, None, found[0], b"", _bytes(found[1]))

"""Reads transcripts without changing them: records in order, and a summary of each conversation.

The file is opened for one page of records at a time, so that a reader neither holds a writer up nor gets in the way of a fork.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from rune.errors import TranscriptError
from rune.transcript.database import check_file, reading
from rune.transcript.fork import READING
from rune.transcript.head import Head
from rune.transcript.record import Record
from rune.types import Action

PAGE = 4_000
AGENTS = 100
INCIDENTS = 100

AnyPath = str | os.PathLike[str]
Progress = Callable[[int, int], None]
"""Called now and then with the number of records done and the number there are."""

_ALL = "SELECT sequence, conversation, turn, record, hash FROM records WHERE sequence > ? ORDER BY sequence LIMIT ?"
_ONE = (
    "SELECT sequence, conversation, turn, record, hash FROM records INDEXED BY turns "
    "WHERE conversation = ? AND turn > ? ORDER BY turn LIMIT ?"
)


Stored = tuple[int, Any, Any, Any, Any]
"""A row as it lies in the file: sequence, conversation, turn, record, hash; of any type when somebody changed it."""


def pages(path: Path, conversation: str | None = None) -> Iterator[list[Stored]]:
    """Yield the rows of a transcript in order, of one conversation or all.

    Raises:
        TranscriptError: the file is no transcript, or a part of it cannot be read.
    """
    with READING.use():
        check_file(path)
    after = -1
    while rows := _page(path, conversation, after):
        yield rows
        last = rows[-1][0] if conversation is None else rows[-1][2]
        if not isinstance(last, int) or last <= after:  # a damaged tree of pages can lead in a circle
            raise TranscriptError(f"the transcript `{path}` cannot be read further: the order of its records is damaged.")
        after = last


def _page(path: Path, conversation: str | None, after: int) -> list[Stored]:
    with READING.use(), reading(path) as connection:
        if not has_records(connection):
            return []
        if conversation is None:
            found = connection.execute(_ALL, (after, PAGE))
        else:
            found = connection.execute(_ONE, (conversation.encode("utf-8", "surrogatepass"), after, PAGE))
        return found.fetchall()


def has_records(connection: sqlite3.Connection) -> bool:
    """Return whether an opened file is a transcript already, and not just the beginning of one."""
    return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'records'").fetchone())


def records(path: AnyPath, conversation: str | None = None) -> Iterator[Record]:
    """Yield the records of a transcript, oldest first.

    Args:
        path: the transcript.
        conversation: only this one; None for everything, records about the file itself included.

    Raises:
        TranscriptError: the file is no transcript, or a part of it cannot be read.
    """
    for page in pages(Path(path), conversation):
        for sequence, _, _, record, digest in page:
            yield Record(sequence, digest.hex() if isinstance(digest, bytes) else "", fields_of(record))


def fields_of(record: Any) -> dict[str, Any]:
    """Return what a stored record says; one that somebody made unreadable says only that."""
    try:
        fields = msgspec.json.decode(record)
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError):
        fields = _with_surrogates(record)
    return fields if isinstance(fields, dict) else {"event": "unreadable"}


def _with_surrogates(record: Any) -> Any:
    """Read a record that holds lone surrogates: JSON can carry them, msgspec refuses them."""
    try:
        return json.loads(record)
    except (ValueError, TypeError, RecursionError):
        return None


def current_head(path: AnyPath) -> Head | None:
    """Return how far a transcript reaches; None when it holds no record.

    Raises:
        TranscriptError: the file is no transcript.
    """
    place = Path(path)
    with READING.use():
        check_file(place)
        with reading(place) as connection:
            if not has_records(connection):
                return None
            last = connection.execute("SELECT sequence, hash FROM records ORDER BY sequence DESC LIMIT 1").fetchone()
            first = connection.execute("SELECT record FROM records WHERE sequence = 0").fetchone()
    if last is None or not isinstance(last[1], bytes):
        return None
    return Head(last[1].hex(), last[0], str(fields_of(first[0]).get("file", "")) if first else "")


@dataclass(slots=True)
class ConversationSummary:
    """What happened in one conversation."""

    id: str
    first: float
    """Time of its first record, in seconds since the Unix epoch."""
    last: float
    messages: int = 0
    agents: list[str] = field(default_factory=list)
    """Who sent or received, in order of appearance; the first 100."""
    worst: Action = Action.ALLOW
    findings: int = 0
    reviews: int = 0
    """How often a human answered."""
    incidents: list[str] = field(default_factory=list)
    """Incident ids of messages that were not simply allowed; the first 100."""

    def add(self, record: Record) -> None:
        """Count one more record."""
        fields = record.fields
        self.first, self.last = min(self.first, record.time), max(self.last, record.time)
        self.messages += record.event == "message"
        self.reviews += record.event == "review"
        found = fields.get("findings")
        self.findings += len(found) if record.event == "message" and isinstance(found, list) else 0
        self._remember(fields)
        action = _ACTIONS.get(str(fields.get("action")), Action.ALLOW)
        self.worst = max(self.worst, action, key=lambda one: one.rank)

    def _remember(self, fields: Any) -> None:
        for name in (fields.get("sender"), fields.get("recipient")):
            if name and name not in self.agents and len(self.agents) < AGENTS:
                self.agents.append(str(name))
        incident = fields.get("incident")
        if incident and fields.get("action") != Action.ALLOW and incident not in self.incidents and len(self.incidents) < INCIDENTS:
            self.incidents.append(str(incident))


_ACTIONS = {action.value: action for action in Action}


def conversations(path: AnyPath, progress: Progress | None = None) -> list[ConversationSummary]:
    """Return a summary of every conversation, worst first, then latest first.

    Raises:
        TranscriptError: the file is no transcript, or a part of it cannot be read.
    """
    found: dict[str, ConversationSummary] = {}
    last = current_head(path)
    for record in records(path):
        if progress and record.sequence % PAGE == 0:
            progress(record.sequence, (last.sequence or 0) + 1 if last else 0)
        if record.conversation is not None:
            summary = found.setdefault(record.conversation, ConversationSummary(record.conversation, record.time, record.time))
            summary.add(record)
    return sorted(found.values(), key=lambda summary: (-summary.worst.rank, -summary.last))

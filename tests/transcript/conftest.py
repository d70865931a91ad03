"""Transcripts for tests: small, real, and closed before anybody tampers with them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from rune.transcript import Transcript
from rune.transcript.database import restore_schema
from rune.transcript.record import canonical, digest
from rune.types import Action, Category, Finding, Message, Severity, Verdict

Fill = Callable[..., Path]
Tamper = Callable[..., None]


@pytest.fixture
def fill(tmp_path: Path) -> Fill:
    """Write `number` messages of two conversations into a new transcript; return its path."""

    def write(number: int = 10, name: str = "t.db", **options: str) -> Path:
        transcript = Transcript(tmp_path / name, **options)  # type: ignore[arg-type]
        for index in range(number):
            message = Message(f"text {index}", conversation=f"c{index % 2}", sender="coder", recipient="executor")
            found = (Finding("RUNE-INJ-001", Category.PROMPT_INJECTION, Severity.HIGH, "an order"),) if index % 3 == 0 else ()
            transcript.append(message, Verdict(Action.FLAG if found else Action.ALLOW, message.id, found, 0.5, "rule", None, "p1", "r1"))
        assert transcript.close()
        return transcript.path

    return write


@pytest.fixture
def tamper() -> Tamper:
    """Run SQL on a transcript as somebody would who can write the file and knows its triggers."""

    def run(path: Path, *statements: str, triggers: bool = True) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        kept = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for (sql,) in kept if triggers else ():
            connection.execute(sql)
        connection.close()

    return run


@pytest.fixture
def rewrite() -> Callable[[Path, int], None]:
    """Change one record and compute every hash after it anew, as somebody would who knows how all this works."""

    def run(path: Path, start: int) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        for name in ("no_update", "no_delete", "only_next"):
            connection.execute(f"DROP TRIGGER {name}")
        previous, turns = "", {}
        for sequence, data in connection.execute("SELECT sequence, record FROM records ORDER BY sequence").fetchall():
            fields = json.loads(data)
            conversation = fields.get("conversation")
            if sequence == start:
                fields["content"] = "never said"
            elif sequence > start:
                fields["previous"] = previous
                fields["turn_previous"] = turns[conversation]
            new = canonical(fields)
            previous = turns[conversation] = digest(new).hex()
            connection.execute("UPDATE records SET record = ?, hash = ? WHERE sequence = ?", (new, digest(new), sequence))
        restore_schema(connection)
        connection.close()

    return run

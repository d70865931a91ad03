"""Random edits to a closed transcript, by somebody who may write the file and knows the format: each one is found.

What cannot be found in principle is stated here too: whoever rewrites the whole chain and the head file leaves a transcript that is true
in itself; only a head that was kept elsewhere proves that it is another one.
"""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rune.errors import TranscriptError
from rune.transcript import Head, Transcript, current_head, verify
from rune.transcript.database import restore_schema
from rune.transcript.head import head_path, write_head
from rune.transcript.record import NO_HASH, canonical, digest
from rune.types import Action, Message, Verdict

pytestmark = pytest.mark.timeout(7_200)

RECORDS = 60
Row = tuple[int, bytes | None, int | None, bytes, bytes]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    transcript = Transcript(tmp_path_factory.mktemp("original") / "t.db")
    for number in range(RECORDS - 1):
        message = Message(f"text {number} of the original", conversation=f"c{number % 3}", sender="a", recipient="b")
        transcript.append(message, Verdict(Action.ALLOW, message.id))
    assert transcript.close(20)
    return transcript.path


@dataclass
class Attacker:
    """Edits rows in memory; `at` is where chance put the edit."""

    rows: list[Row]
    chance: random.Random
    expected: set[int] = field(default_factory=set)
    """Numbers of which at least one has to be named; empty when the file as a whole is."""

    def place(self, first: int = 0, last: int | None = None) -> int:
        return self.chance.randrange(first, len(self.rows) if last is None else last)

    def flip(self, *, rehash: bool = False) -> None:
        """Change one bit of a record, and, when asked for, its hash to match."""
        at = self.place()
        sequence, conversation, turn, record, _ = self.rows[at]
        bit = self.chance.randrange(len(record) * 8)
        changed = bytearray(record)
        changed[bit // 8] ^= 1 << bit % 8
        stored = digest(bytes(changed)) if rehash else self.rows[at][4]
        self.rows[at] = (sequence, conversation, turn, bytes(changed), stored)
        self.expected = {at, at + 1} if rehash else {at}

    def forge(self, *, follow: bool) -> None:
        """Put other words into a record, with its right hash, and, when asked for, all hashes after it."""
        at = self.place(1)
        self.rows[at] = self.row(self.rows[at], content="never said")
        self.expected = {at, at + 1, RECORDS - 1}
        if follow:
            self.rewrite(at + 1)
            self.expected = {RECORDS - 1}

    def flip_hash(self) -> None:
        at = self.place()
        sequence, conversation, turn, record, stored = self.rows[at]
        self.rows[at] = (sequence, conversation, turn, record, bytes([stored[0] ^ 1]) + stored[1:])
        self.expected = {at}

    def file_elsewhere(self) -> None:
        at = self.place(1)
        sequence, _, turn, record, stored = self.rows[at]
        self.rows[at] = (sequence, b"elsewhere", self.chance.choice((turn, 1)), record, stored)
        self.expected = {at}

    def delete(self, *, close_up: bool = False, follow: bool = False) -> None:
        """Remove one or a few records; close the gap in the numbers, and compute the hashes anew, when asked for."""
        at = self.place(0 if not follow else 1, len(self.rows) - 1)
        count = self.chance.randint(1, min(5, len(self.rows) - 1 - at))
        del self.rows[at : at + count]
        self.expected = {at}
        if close_up or follow:
            self.renumber()
            self.expected = set()
        if follow:
            self.rewrite(at)

    def insert(self, *, follow: bool = False) -> None:
        """Put a record of another's making between two."""
        at = self.place(1)
        self.rows.insert(at, self.row(self.rows[at], content="never said"))
        self.renumber()
        self.expected = set()
        if follow:
            self.rewrite(at)

    def swap(self, *, follow: bool = False) -> None:
        first, second = sorted(self.chance.sample(range(1, len(self.rows)), 2))
        self.rows[first], self.rows[second] = self.rows[second], self.rows[first]
        self.renumber()
        self.expected = {first, second, first + 1}
        if follow:
            self.rewrite(first)
            self.expected = {RECORDS - 1}

    def cut(self) -> None:
        at = self.place()
        del self.rows[at:]
        self.expected = {at, 0}

    def append(self) -> None:
        """Add a record that follows rightly, without the head file."""
        self.rows.append(self.row(self.rows[-1], content="added", sequence=len(self.rows)))
        self.rewrite(len(self.rows) - 1)
        head = self.rows[-1]
        self.rows[-1] = (*head[:4], bytes(32)) if self.chance.random() < 0.5 else (*head[:3], head[3] + b" ", head[4])
        self.expected = {len(self.rows) - 1}

    def row(self, row: Row, **changes: object) -> Row:
        fields = {**json.loads(row[3]), **changes}
        record = canonical(fields)
        return (row[0], row[1], row[2], record, digest(record))

    def renumber(self) -> None:
        self.rows = [(number, *row[1:]) for number, row in enumerate(self.rows)]

    def rewrite(self, start: int) -> None:
        """Make everything from a record on consistent in itself."""
        turns: dict[bytes | None, tuple[int, str]] = {}
        for number, row in enumerate(self.rows):
            last_turn, last_hash = turns.get(row[1], (0, NO_HASH))
            place = {"sequence": number, "previous": self.rows[number - 1][4].hex()}
            if row[1] is not None:
                place |= {"turn": last_turn + 1, "turn_previous": last_hash}
            if number >= start:
                self.rows[number] = self.row((number, row[1], place.get("turn"), *row[3:]), **place)
            turns[row[1]] = (last_turn + 1, self.rows[number][4].hex())


EDITS: dict[str, Callable[[Attacker], None]] = {
    "a bit flipped": Attacker.flip,
    "a bit flipped, its hash recomputed": lambda a: a.flip(rehash=True),
    "a hash changed": Attacker.flip_hash,
    "other words, right hash": lambda a: a.forge(follow=False),
    "other words, chain rewritten after them": lambda a: a.forge(follow=True),
    "filed under another conversation": Attacker.file_elsewhere,
    "records deleted": Attacker.delete,
    "records deleted, gap closed": lambda a: a.delete(close_up=True),
    "records deleted, chain rewritten": lambda a: a.delete(follow=True),
    "a record inserted": Attacker.insert,
    "a record inserted, chain rewritten": lambda a: a.insert(follow=True),
    "two swapped": Attacker.swap,
    "two swapped, chain rewritten": lambda a: a.swap(follow=True),
    "the end cut off": Attacker.cut,
    "a damaged record added": Attacker.append,
}


def edited(original: Path, folder: Path, edit: Callable[[Attacker], None], chance: random.Random) -> tuple[Path, Attacker]:
    path = folder / "t.db"
    for file in (original, head_path(original)):
        shutil.copy(file, folder / file.name)
    connection = sqlite3.connect(path, isolation_level=None)
    attacker = Attacker(connection.execute("SELECT * FROM records ORDER BY sequence").fetchall(), chance)
    edit(attacker)
    for name in ("no_update", "no_delete", "only_next"):
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("BEGIN")
    connection.execute("DELETE FROM records")
    connection.executemany("INSERT OR IGNORE INTO records VALUES (?, ?, ?, ?, ?)", attacker.rows)
    connection.execute("UPDATE sqlite_sequence SET seq = ?", (len(attacker.rows) - 1,))
    restore_schema(connection)
    connection.execute("COMMIT")
    connection.close()
    return path, attacker


@pytest.mark.parametrize("name", list(EDITS))
def test_every_edit_is_found_and_its_place_named(
    original: Path, tmp_path: Path, size: Callable[[int, int], int], chance: random.Random, name: str
) -> None:
    for _ in range(size(24, 700)):
        path, attacker = edited(original, tmp_path, EDITS[name], chance)
        result = verify(path)
        assert not result.ok
        named = {problem.sequence for problem in result.problems}
        assert not attacker.expected or named & attacker.expected, (attacker.expected, result.problems)


def test_whoever_rewrites_the_head_too_is_found_by_a_head_kept_elsewhere(
    original: Path, tmp_path: Path, size: Callable[[int, int], int], chance: random.Random
) -> None:
    kept = current_head(original)
    assert kept is not None
    for _ in range(size(20, 500)):
        name = chance.choice([name for name in EDITS if "rewritten" in name] + ["the end cut off"])
        path, _ = edited(original, tmp_path, EDITS[name], chance)
        head_path(path).unlink()
        new = current_head(path)
        if new is not None and new.file:
            write_head(path, new)
            assert verify(path).ok  # in itself it is a transcript; this is the limit of what one machine can prove
        for proof in (kept, Head(kept.hash)):
            assert not verify(path, proof).ok


def test_a_damaged_file_is_never_taken_for_the_original(
    original: Path, tmp_path: Path, size: Callable[[int, int], int], chance: random.Random
) -> None:
    """Bytes changed anywhere in the file: either what it says is the same, or that is found."""
    with closing(sqlite3.connect(original)) as connection:
        said = connection.execute("SELECT * FROM records ORDER BY sequence").fetchall()
    data = original.read_bytes()
    path = tmp_path / "t.db"
    shutil.copy(head_path(original), head_path(path))
    for _ in range(size(150, 10_000)):
        changed = bytearray(data)
        for _ in range(chance.choice((1, 1, 4, 64))):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        path.write_bytes(changed)
        if not proven(path):
            continue
        with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as connection:
            assert connection.execute("SELECT * FROM records ORDER BY sequence").fetchall() == said


def proven(path: Path) -> bool:
    try:
        return verify(path).ok
    except TranscriptError:
        return False

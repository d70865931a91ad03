import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from rune.errors import TranscriptError
from rune.transcript import Transcript, records
from rune.transcript.database import APPLICATION_ID, check_file, check_place, default_path, open_for_writing, reading


def sqlite_file(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def unreadable(path: Path, kind: str) -> None:
    if kind == "a folder":
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a dangling link":
        path.symlink_to(path.with_name("nowhere"))
    elif kind == "a text":
        path.write_text("no transcript at all, but longer than a header of SQLite" * 10, encoding="utf-8")
    elif kind == "another program's":
        sqlite_file(path, "CREATE TABLE users (name)")
    elif kind == "of a newer format":
        sqlite_file(path, "CREATE TABLE records (x)", f"PRAGMA application_id={APPLICATION_ID}", "PRAGMA user_version=99")
    elif kind == "damaged":
        sqlite_file(path, "CREATE TABLE users (name)")
        path.write_bytes(b"SQLite format 3\0" + b"\xff" * 4080)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        pytest.param("a folder", "not a regular file", id="a folder"),
        pytest.param("a pipe", "not a regular file", id="a pipe"),
        pytest.param("a dangling link", "there is no transcript", id="a dangling link"),
        pytest.param("a text", "not a Rune transcript", id="a text"),
        pytest.param("another program's", "another program", id="another program's database"),
        pytest.param("of a newer format", "Update Rune", id="a newer format"),
        pytest.param("damaged", "not a Rune transcript|cannot be read", id="a damaged header"),
    ],
)
def test_what_is_no_transcript_is_refused_with_a_reason_and_left_alone(tmp_path: Path, kind: str, said: str) -> None:
    path = tmp_path / "t.db"
    unreadable(path, kind)
    before = path.read_bytes() if path.is_file() else None
    for use in (Transcript, check_file, lambda p: list(records(p)), open_for_writing):
        with pytest.raises(TranscriptError, match=said) as error:
            use(path)
        assert str(path) in str(error.value)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_an_empty_file_becomes_a_transcript(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    path.touch()
    check_file(path)
    assert list(records(path)) == []


@pytest.mark.parametrize("place", ["missing/deeper/t.db", "t.db"], ids=["new folders", "an existing folder"])
def test_a_place_is_checked_without_making_anything(tmp_path: Path, place: str) -> None:
    check_place(tmp_path / place)
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TranscriptError, match="is not a folder"):
        check_place(tmp_path / "file" / "t.db")


def test_file_and_folder_are_for_their_owner_only(fill: Callable[..., Path], tmp_path: Path) -> None:
    os.umask(os.umask(0))
    path = fill(1, "new/t.db")
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert {file.name: oct(file.stat().st_mode & 0o777) for file in path.parent.iterdir()} == {"t.db": "0o600", "t.db.head": "0o600"}


def test_commits_are_as_durable_as_sqlite_makes_them(tmp_path: Path) -> None:
    connection = open_for_writing(tmp_path / "t.db")
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE records SET record = x'00'", "no update"),
        ("DELETE FROM records WHERE sequence = 3", "no delete"),
        ("INSERT OR REPLACE INTO records VALUES (3, NULL, NULL, x'00', x'00')", "only the next record"),
        ("INSERT INTO records VALUES (99, NULL, NULL, x'00', x'00')", "only the next record"),
    ],
)
def test_accidents_and_simple_tools_change_nothing(fill: Callable[..., Path], statement: str, said: str) -> None:
    connection = sqlite3.connect(fill())
    with pytest.raises(sqlite3.IntegrityError, match=said):
        connection.execute(statement)
    connection.close()


def test_reading_changes_nothing(fill: Callable[..., Path]) -> None:
    path = fill()
    before = path.read_bytes(), path.stat().st_mtime_ns
    with reading(path) as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("CREATE TABLE x (y)")
    assert len(list(records(path))) == 11
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


NOBODY = """
import os, sys, urllib.parse
from pathlib import Path
from rune.errors import TranscriptError
from rune.transcript import Transcript, records, verify
os.setgid(65534)
os.setuid(65534)
path = Path(sys.argv[1])
print(len(list(records(path))), verify(path).ok)
for place in (path, path.with_name("new.db"), path.parent / "deeper" / "new.db"):
    try:
        Transcript(place)
    except TranscriptError as error:
        print(error)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to become another user")
def test_a_read_only_place_can_be_read_and_is_refused_for_writing(fill: Callable[..., Path]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        for file in fill().parent.glob("t.db*"):
            shutil.copy(file, folder)
            (Path(folder) / file.name).chmod(0o644)
        command = [sys.executable, "-c", NOBODY, str(Path(folder) / "t.db")]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    lines = done.stdout.splitlines()
    assert lines[0] == "11 True"
    assert "permissions forbid it" in lines[1]
    assert "read-only" in lines[2]
    assert "read-only" in lines[3]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        pytest.param({"RUNE_TRANSCRIPT": "/x/y.db", "XDG_STATE_HOME": "/state"}, "/x/y.db", id="as chosen"),
        pytest.param({"XDG_STATE_HOME": "/state", "HOME": "/home/a"}, "/state/rune/transcript.db", id="the state directory"),
        pytest.param({"XDG_STATE_HOME": "relative", "HOME": "/home/a"}, "/home/a/.local/state/rune/transcript.db", id="one that is none"),
        pytest.param({"HOME": "/home/a"}, "/home/a/.local/state/rune/transcript.db", id="the usual one"),
    ],
)
def test_the_default_place(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str) -> None:
    for name in ("RUNE_TRANSCRIPT", "XDG_STATE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert default_path() == Path(expected)

"""The SQLite file that holds a transcript: where it lies, how it is made, how it is opened for writing and for reading."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from rune.errors import TranscriptError
from rune.transcript.record import FORMAT

APPLICATION_ID = 0x52554E45
"""`RUNE`, in the header of the file."""
BUSY_SECONDS = 0.25
"""How long one attempt waits for another process to finish its commit."""
OPENING_TRIES = 20
NOT_SQLITE = "file is not a database"

SCHEMA = {
    "records": (
        "CREATE TABLE records (sequence INTEGER PRIMARY KEY AUTOINCREMENT, conversation BLOB, turn INTEGER, "
        "record BLOB NOT NULL, hash BLOB NOT NULL)"
    ),
    "turns": "CREATE UNIQUE INDEX turns ON records (conversation, turn)",
    "no_update": (
        "CREATE TRIGGER no_update BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'a transcript is append-only: no update'); END"
    ),
    "no_delete": (
        "CREATE TRIGGER no_delete BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'a transcript is append-only: no delete'); END"
    ),
    "only_next": (
        "CREATE TRIGGER only_next BEFORE INSERT ON records WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), -1) + 1 FROM records) "
        "BEGIN SELECT RAISE(ABORT, 'a transcript is append-only: only the next record'); END"
    ),
}
"""The objects of the file by name. The triggers stop accidents and simple tools; the hash chain finds what gets past them."""

_PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA fullfsync=ON", "PRAGMA trusted_schema=OFF")
"""FULL: NORMAL loses acknowledged commits when the power fails (measured in 263 of 300 simulated failures)."""

_making = threading.Lock()


def default_path() -> Path:
    """Return where transcripts go: `RUNE_TRANSCRIPT`, else `rune/transcript.db` in the user's state directory.

    Raises:
        TranscriptError: the user has no home directory and neither variable is set.
    """
    if chosen := os.environ.get("RUNE_TRANSCRIPT"):
        return Path(chosen).expanduser()
    base = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_STATE_HOME", "")
    if base and Path(base).is_absolute():
        return Path(base) / "rune" / "transcript.db"
    try:
        return Path.home() / ".local" / "state" / "rune" / "transcript.db"
    except RuntimeError as error:
        raise TranscriptError("there is no home directory to keep the transcript in; set RUNE_TRANSCRIPT to a file.") from error


def check_place(path: Path) -> None:
    """Make sure that a transcript can be written at `path`, without creating anything.

    Raises:
        TranscriptError: something else lies there, or the place cannot be written.
    """
    if os.path.lexists(path):
        check_file(path)
        if not os.access(path, os.W_OK):
            raise TranscriptError(f"the transcript `{path}` cannot be written: its permissions forbid it. Pass another path.")
        return
    folder = next(parent for parent in path.absolute().parents if os.path.lexists(parent))
    if not folder.is_dir():
        raise TranscriptError(f"the transcript `{path}` cannot be made: `{folder}` is not a folder. Pass another path.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise TranscriptError(f"the transcript `{path}` cannot be made: `{folder}` is read-only. Pass another path, or `transcript=False`.")


def check_file(path: Path) -> None:
    """Make sure that the file at `path` is a transcript this version can read; an empty file may become one.

    Raises:
        TranscriptError: it is missing, unreadable, damaged, of another kind or of a newer format.
    """
    if _size(path) or _has_log(path):
        with reading(path) as connection:
            _check_format(connection, path)


def _size(path: Path) -> int:
    try:
        status = path.stat()
    except FileNotFoundError:
        raise TranscriptError(f"there is no transcript `{path}`.") from None
    except OSError as error:
        raise TranscriptError(f"the transcript `{path}` cannot be read: {error.strerror or error}.") from error
    if not stat.S_ISREG(status.st_mode):
        raise TranscriptError(f"`{path}` is not a regular file, so it cannot be a transcript. Pass another path.")
    return status.st_size


def _check_format(connection: sqlite3.Connection, path: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if application == 0 and not tables:
        return
    if application != APPLICATION_ID or "records" not in tables:
        raise TranscriptError(f"`{path}` is an SQLite file of another program, not a Rune transcript. Pass another path.")
    if version > FORMAT:
        raise TranscriptError(f"the transcript `{path}` has format `{version}`; this Rune reads up to {FORMAT}. Update Rune (`runesec`).")


def altered_schema(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the names of the file's objects that are missing, changed or not ours."""
    found = _objects(connection)
    return tuple(sorted(name for name in {*found, *SCHEMA} if found.get(name) != SCHEMA.get(name)))


def restore_schema(connection: sqlite3.Connection) -> None:
    """Put the triggers and the index back as they should be, inside the caller's transaction; foreign triggers go."""
    for kind, name in connection.execute("SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'index')").fetchall():
        if name in altered_schema(connection):
            quoted = name.replace('"', '""')
            connection.execute(f'DROP {kind} "{quoted}"')
    found = _objects(connection)
    for name, statement in SCHEMA.items():
        if name not in found:
            connection.execute(statement)


def _objects(connection: sqlite3.Connection) -> dict[str, str]:
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    return {str(name): str(sql) for name, sql in rows}


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a transcript so that nothing done with it can change it.

    Raises:
        TranscriptError: it cannot be opened, or what is read from it is damaged.
    """
    try:
        with closing(_open_for_reading(path)) as connection:
            connection.execute("PRAGMA query_only=ON")
            connection.execute("PRAGMA trusted_schema=OFF")
            connection.execute("PRAGMA cell_size_check=ON")
            connection.text_factory = _readable
            yield connection
    except UnicodeDecodeError as error:  # in the words of SQLite's own complaint
        raise TranscriptError(f"the transcript `{path}` cannot be read: its structure is damaged.") from error
    except sqlite3.Error as error:
        if NOT_SQLITE in str(error):
            raise TranscriptError(f"`{path}` is not a Rune transcript: it is no SQLite file, or its beginning was damaged.") from error
        raise TranscriptError(f"the transcript `{path}` cannot be read: {error}.") from error


def _readable(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _open_for_reading(path: Path) -> sqlite3.Connection:
    try:
        return _connected(path, "mode=ro")
    except sqlite3.OperationalError:
        if not path.exists() or _has_log(path):
            raise
        # A folder that cannot be written: with no log beside it nobody is writing, and the file can be read as it lies.
        return _connected(path, "immutable=1")


def _connected(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, timeout=5, isolation_level=None)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _has_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open a transcript file for appending; the file (mode 0600) and its folder (mode 0700) are made when they are missing.

    Raises:
        TranscriptError: something else lies there, or it cannot be made or opened.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_file(path)
    except OSError as error:
        raise TranscriptError(f"the transcript `{path}` cannot be made: {error.strerror or error}.") from error
    check_file(path)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        for pragma in _PRAGMAS:
            _patiently(connection, pragma)
    except BaseException as error:
        connection.close()
        if isinstance(error, sqlite3.Error):
            raise TranscriptError(f"the transcript `{path}` cannot be opened for writing: {error}.") from error
        raise
    return connection


def _make_file(path: Path) -> None:
    """Make an empty file of mode 0600.

    POSIX drops every lock that a process has on a file when the process closes any descriptor of it, so a transcript that SQLite may
    have open is never opened by other means; the lock keeps a second thread from opening it before this descriptor is closed.
    """
    with _making, suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """Run a statement for which SQLite does not wait itself: the change of journal mode while another process makes it too."""
    for _ in range(OPENING_TRIES):
        if _done(connection, statement):
            return
        time.sleep(BUSY_SECONDS / 5)
    connection.execute(statement).fetchone()


def _done(connection: sqlite3.Connection, statement: str) -> bool:
    try:
        connection.execute(statement).fetchone()
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        return False
    return True


def create(connection: sqlite3.Connection) -> None:
    """Make the tables and triggers of an empty file, inside the caller's transaction."""
    for statement in SCHEMA.values():
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={FORMAT}")

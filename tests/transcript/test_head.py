import fcntl
import os
from pathlib import Path

import pytest

from rune.errors import TranscriptError
from rune.transcript.head import Head, head_path, read_head, write_head

FILE = "f" * 32
HASH = "a" * 64


def head(sequence: int, file: str = FILE) -> Head:
    return Head(f"{sequence:064x}", sequence, file)


@pytest.mark.parametrize("one", [Head(HASH, 12, FILE), Head(HASH, 12), Head(HASH), Head(HASH, 0, FILE)], ids=str)
def test_a_head_survives_being_written_down(one: Head) -> None:
    assert Head.parse(f"  {one}\n".upper()) == one


@pytest.mark.parametrize(
    "text", ["", "abc", "12:abc", f"{FILE}:{HASH[:-1]}", f"x:{HASH}", f"-1:{HASH}", f"{HASH}:1", "\x1b[2J" + HASH], ids=repr
)
def test_what_is_no_head_is_refused_and_shown_inert(text: str) -> None:
    with pytest.raises(TranscriptError, match="is not a head") as error:
        Head.parse(text)
    assert "\x1b" not in str(error.value)


def test_the_last_head_is_kept_beside_the_transcript(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    assert read_head(path) is None
    write_head(path, head(5))
    assert read_head(path) == head(5)
    assert list(tmp_path.iterdir()) == [head_path(path)] == [tmp_path / "t.db.head"]
    assert head_path(path).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        pytest.param(head(5), head(6), head(6), id="later"),
        pytest.param(head(6), head(5), head(6), id="earlier, from a slower process"),
        pytest.param(head(6), head(1, "e" * 32), head(1, "e" * 32), id="of another file"),
    ],
)
def test_a_head_never_goes_back(tmp_path: Path, before: Head, after: Head, kept: Head) -> None:
    write_head(tmp_path / "t.db", before)
    write_head(tmp_path / "t.db", after)
    assert read_head(tmp_path / "t.db") == kept


@pytest.mark.parametrize("data", [b"", b"x", b"rune-head 2 x\n", b"\0" * 200], ids=["empty", "short", "another version", "zeros"])
def test_a_damaged_head_file_is_said_and_written_anew(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "t.db"
    head_path(path).write_bytes(data)
    with pytest.raises(TranscriptError, match="does not hold a head"):
        read_head(path)
    write_head(path, head(1))
    assert read_head(path) == head(1)


def test_a_file_system_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", no_links)
    write_head(tmp_path / "t.db", head(1))
    assert read_head(tmp_path / "t.db") == head(1)
    assert len(list(tmp_path.iterdir())) == 1


def test_two_that_make_it_at_once_leave_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "lexists", lambda _: False)
    write_head(tmp_path / "t.db", head(2))
    write_head(tmp_path / "t.db", head(1))
    assert read_head(tmp_path / "t.db") == head(2)
    assert len(list(tmp_path.iterdir())) == 1


def test_whoever_holds_its_lock_does_not_stop_the_transcript(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    write_head(path, head(1))
    with head_path(path).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        write_head(path, head(2))
        assert read_head(path) == head(2)


def test_it_is_not_written_through_a_link(tmp_path: Path) -> None:
    other = tmp_path / "precious"
    other.write_text("precious", encoding="utf-8")
    head_path(tmp_path / "t.db").symlink_to(other)
    with pytest.raises(OSError, match="symbolic"):
        write_head(tmp_path / "t.db", head(1))
    assert other.read_text(encoding="utf-8") == "precious"

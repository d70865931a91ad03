"""Compiled rules are kept for this user, and only what this user wrote is used."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from rune.scan import cache

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="file modes are POSIX")


def only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_what_was_written_is_read(tmp_path: Path) -> None:
    cache.write(tmp_path / "new" / "folder", "key", b"payload")

    assert cache.read(tmp_path / "new" / "folder", "key") == b"payload"
    assert cache.read(tmp_path / "new" / "folder", "other key") is None


@POSIX
def test_the_file_belongs_to_its_user_alone(tmp_path: Path) -> None:
    cache.write(tmp_path, "key", b"payload")

    assert stat.S_IMODE(only_file(tmp_path).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: content[:-1], id="cut"),
        pytest.param(lambda content: content[:-1] + b"x", id="changed"),
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: b"x" + content, id="another format"),
    ],
)
def test_a_damaged_file_is_not_used(tmp_path: Path, damage: object) -> None:
    cache.write(tmp_path, "key", b"payload")
    file = only_file(tmp_path)
    file.write_bytes(damage(file.read_bytes()))  # type: ignore[operator]

    assert cache.read(tmp_path, "key") is None


@POSIX
def test_a_file_that_others_may_write_is_not_used(tmp_path: Path) -> None:
    cache.write(tmp_path, "key", b"payload")
    only_file(tmp_path).chmod(0o666)

    assert cache.read(tmp_path, "key") is None


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_not_used(tmp_path: Path) -> None:
    cache.write(tmp_path, "key", b"payload")
    os.chown(only_file(tmp_path), 12345, 12345)

    assert cache.read(tmp_path, "key") is None


@POSIX
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    cache.write(tmp_path / "real", "key", b"payload")
    real = only_file(tmp_path / "real")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / real.name).symlink_to(real)

    assert cache.read(tmp_path / "folder", "key") is None


def test_a_folder_that_cannot_be_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache.write(tmp_path / "file" / "folder", "key", b"payload")

    assert cache.read(tmp_path / "file" / "folder", "key") is None


def test_old_files_are_removed(tmp_path: Path) -> None:
    for number in range(20):
        cache.write(tmp_path, f"key {number}", b"payload")

    assert len(list(tmp_path.iterdir())) == 8
    assert cache.read(tmp_path, "key 19") == b"payload"


@pytest.mark.parametrize(
    ("platform", "variable", "ending"),
    [
        pytest.param("linux", "XDG_CACHE_HOME", "rune", id="Linux"),
        pytest.param("win32", "LOCALAPPDATA", "rune/cache", id="Windows"),
    ],
)
def test_the_folder_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, variable: str, ending: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))

    assert cache.user_folder() == tmp_path / ending


def test_a_user_without_a_home_has_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", homeless)

    assert cache.user_folder() is None


@pytest.mark.parametrize("parts", [[], [b""], [b"one"], [b"", b"\0" * 300, b"two"]], ids=["none", "empty", "one", "several"])
def test_what_is_packed_is_unpacked(parts: list[bytes]) -> None:
    assert cache.unpacked(cache.packed(parts)) == parts

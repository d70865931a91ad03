"""Keeps compiled signatures between two starts of a program.

Whoever can write the file could hand the matching library a forged database, so a file is used only if it belongs to this user and nobody
else may write it. Without a usable folder everything works, only each start compiles the rules again.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_MAGIC = b"rune signatures 1\n"
_DIGEST_BYTES = 32
_LENGTH_BYTES = 8
_BINARY = getattr(os, "O_BINARY", 0)
_LARGEST = 256 << 20
_KEPT = 8
"""Files kept in the folder; rules change rarely, and each change leaves one behind."""


def user_folder() -> Path | None:
    """Return the folder for this user's caches, as the platform has it; None when the user has no home."""
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "rune" / "cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "rune"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "rune"


def read(folder: Path, key: str) -> bytes | None:
    """Return what was kept under `key`, or None when there is nothing, or nothing to be trusted."""
    return _read(_file(folder, key))


def _read(path: Path) -> bytes | None:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | _BINARY
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            status = os.fstat(file.fileno())
            return _payload(file.read(min(status.st_size, _LARGEST))) if _ours(status) else None
    except OSError:
        return None


def unusable(folder: Path) -> tuple[Path, ...]:
    """Return the files in the folder that no start will use: damaged, or such that somebody else could have written them."""
    return tuple(file for file in sorted(folder.glob("signatures-*.db")) if _read(file) is None)


def write(folder: Path, key: str, payload: bytes) -> None:
    """Keep `payload` under `key` for this user only; a folder that cannot be written is left alone."""
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = folder / f"signatures-{secrets.token_hex(8)}.new"
        try:
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600), "wb") as file:
                file.write(_MAGIC + hashlib.sha256(payload).digest() + payload)
            temporary.replace(_file(folder, key))
        finally:
            temporary.unlink(missing_ok=True)
        _prune(folder)


def packed(parts: Iterable[bytes]) -> bytes:
    """Return several payloads as one."""
    return b"".join(len(part).to_bytes(_LENGTH_BYTES, "big") + part for part in parts)


def unpacked(payload: bytes) -> list[bytes]:
    """Return what `packed` put together; whoever reads the parts notices what is none."""
    parts = []
    while payload:
        end = _LENGTH_BYTES + int.from_bytes(payload[:_LENGTH_BYTES], "big")
        parts.append(payload[_LENGTH_BYTES:end])
        payload = payload[end:]
    return parts


def _file(folder: Path, key: str) -> Path:
    return folder / f"signatures-{hashlib.sha256(key.encode()).hexdigest()[:32]}.db"


def _ours(status: os.stat_result) -> bool:
    if not stat.S_ISREG(status.st_mode):
        return False
    return not hasattr(os, "geteuid") or (status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH))


def _payload(content: bytes) -> bytes | None:
    if not content.startswith(_MAGIC):
        return None
    digest, payload = content[len(_MAGIC) : len(_MAGIC) + _DIGEST_BYTES], content[len(_MAGIC) + _DIGEST_BYTES :]
    return payload if hashlib.sha256(payload).digest() == digest else None


def _prune(folder: Path) -> None:
    files = sorted(folder.glob("signatures-*"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[_KEPT:]:
        file.unlink(missing_ok=True)

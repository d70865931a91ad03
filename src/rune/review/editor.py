"""Lets the reviewer change a text in the editor of his choice."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rune.review.tty import POLL_SECONDS, Tty


class EditorUnusable(Exception):  # noqa: N818 - told to the reviewer, who goes on without
    """The editor could not be used; the message says why."""


def edited(tty: Tty, text: str, end: Callable[[], None]) -> str:
    """Open the program named by VISUAL or EDITOR on a private copy of a text, and return what was saved.

    Args:
        tty: the terminal it runs on.
        text: what an agent wrote; editors show it at their own risk, which is why one opens only when the reviewer asks.
        end: raises once nobody waits for an answer any more; the editor is closed then.

    Raises:
        EditorUnusable: none is set, it cannot be started, or it failed.
    """
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
    if not command:
        raise EditorUnusable("neither VISUAL nor EDITOR is set; type the text with m instead.")
    with tempfile.TemporaryDirectory(prefix="rune-review-") as folder:
        file = Path(folder) / "content.txt"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        _run(tty, [*command, str(file)], end)
        saved = _saved(file)
    return saved if text.endswith("\n") else saved.removesuffix("\n")


def _saved(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise EditorUnusable(f"nothing was saved ({error.strerror or error}).") from error


def _run(tty: Tty, command: list[str], end: Callable[[], None]) -> None:
    with tty.lent() as descriptor:
        try:
            program = subprocess.Popen(command, stdin=descriptor, stdout=descriptor, stderr=descriptor)  # noqa: S603 - the user's own choice
        except OSError as error:
            raise EditorUnusable(f"`{command[0]}` cannot be started: {error.strerror or error}.") from error
        try:
            while program.poll() is None:
                end()
                time.sleep(POLL_SECONDS)
        finally:
            if program.poll() is None:
                program.kill()
            program.wait()
    if program.returncode:
        raise EditorUnusable(f"`{command[0]}` ended with exit code {program.returncode}; nothing was changed.")

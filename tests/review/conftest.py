"""A human at a terminal: a real pseudo-terminal with a program on it that asks."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).parent / "asking.py"


class Human:
    """Reads the screen and types."""

    def __init__(self) -> None:
        self.keyboard, self._line = pty.openpty()
        self.screen = ""
        self._raw = b""
        self.program: subprocess.Popen[bytes] | None = None
        self.mode_before = termios.tcgetattr(self._line)

    def starts(self, *texts: str, terminal: bool = True, env: dict[str, str] | None = None, **spec: Any) -> None:
        """Start the program on this terminal, in a session of its own, with everything but the terminal redirected."""
        spec |= {"texts": texts, "terminal": os.ttyname(self._line) if terminal else None}
        self.program = subprocess.Popen(
            [sys.executable, "-W", "error", str(PROGRAM), json.dumps(spec)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": os.environ.get("PYTHONPATH", ""), "TERM": "xterm", **(env or {})},
        )

    def sees(self, text: str, seconds: float = 20.0) -> str:
        """Wait until a text stands on the screen; return everything up to now and start afresh."""
        deadline = time.monotonic() + seconds
        while text not in self.screen:
            ended = self.program is None or self.program.poll() is not None
            assert not ended, f"the program ended; the screen shows:\n{self.screen}"
            assert time.monotonic() < deadline, f"`{text}` did not appear; the screen shows:\n{self.screen}"
            self._look(0.1)
        seen, self.screen = self.screen, ""
        return seen

    def types(self, text: str) -> None:
        os.write(self.keyboard, text.encode())

    def hangs_up(self) -> None:
        os.close(self._line)
        os.close(self.keyboard)
        self._line = self.keyboard = -1

    def answer(self) -> Any:
        """Wait for the end of the program and return what it printed."""
        assert self.program is not None
        while self.program.poll() is None:
            self._look(0.05)
        out, err = self.program.communicate(timeout=20)
        self._look(0)
        assert self.program.returncode == 0, err.decode()
        assert not err, err.decode()
        return json.loads(out)

    @property
    def mode(self) -> list[Any]:
        return termios.tcgetattr(self._line)

    @property
    def everything(self) -> bytes:
        """All bytes the terminal ever got."""
        return self._raw

    def _look(self, seconds: float) -> None:
        if self.keyboard >= 0 and select.select([self.keyboard], [], [], seconds)[0]:
            data = os.read(self.keyboard, 65_536)
            self._raw += data
            self.screen += data.decode("utf-8", "replace")

    def leaves(self) -> None:
        if self.program is not None and self.program.poll() is None:
            self.program.kill()
        if self.program is not None:
            self.program.communicate()
        if self.keyboard >= 0:
            self.hangs_up()


@pytest.fixture
def human() -> Iterator[Human]:
    person = Human()
    yield person
    person.leaves()

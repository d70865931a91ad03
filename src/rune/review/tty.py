"""A terminal that questions are asked on: lines read with a deadline, nothing typed ahead, and left as it was found."""

from __future__ import annotations

import codecs
import os
import select
import signal
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from rune.scan.visible import visible

if sys.platform != "win32":
    import termios

    _LINE_MODE = termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN

POLL_SECONDS = 0.1
LINE_CHARS = 100_000
CONTROLLING = "/dev/tty"
SWITCH = "RUNE_TERMINAL"
"""Environment variable: `off` keeps Rune from asking at the terminal."""


class AnswerEnded(Exception):  # noqa: N818 - not an error: the ways in which a question ends without an answer
    """No answer will come; `reviewer` and `reason` say why."""

    def __init__(self, reviewer: str, reason: str) -> None:
        super().__init__(reason)
        self.reviewer = reviewer
        self.reason = reason


class Tty:
    """An open terminal. Use inside `asking()`.

    Args:
        descriptor: of the terminal, opened for this purpose and not shared.
        end: raises `AnswerEnded` once nobody waits for an answer any more; asked ten times a second.
    """

    def __init__(self, descriptor: int, end: Callable[[], None]) -> None:
        self.descriptor = descriptor
        self._end = end
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending: list[str] = []

    @property
    def width(self) -> int:
        """Columns; 80 when the terminal does not say."""
        try:
            return os.get_terminal_size(self.descriptor).columns or 80
        except OSError:
            return 80

    def write(self, text: str) -> None:
        """Show a text; it must hold no character that came from an agent and was not made visible."""
        data = text.encode("utf-8", "replace")
        while data:
            self._wait_until_writable()
            try:
                data = data[os.write(self.descriptor, data[:1_024]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise AnswerEnded("no terminal", "the terminal was closed") from error

    def discard(self, seconds: float) -> None:
        """Throw away everything that is typed before and within `seconds`: it was not meant as an answer."""
        stop = time.monotonic() + seconds
        while (left := stop - time.monotonic()) > 0:
            self._end()
            if self._readable(min(left, POLL_SECONDS)):
                self._read()
        with suppress(termios.error):
            termios.tcflush(self.descriptor, termios.TCIFLUSH)
        self._pending.clear()

    def read_line(self, prompt: str) -> str:
        """Ask for one line.

        Raises:
            AnswerEnded: the time is over, or the human closed (Ctrl-D) or interrupted (Ctrl-C) it.
        """
        self.write(prompt)
        line = ""
        while (character := self._character()) not in ("\r", "\n"):
            line = self._edited(line, character)
        self.write("\n")
        return line

    def _edited(self, line: str, character: str) -> str:
        if character == "\x03":
            raise AnswerEnded("terminal", "interrupted at the terminal")
        if character == "\x04" and not line:
            raise AnswerEnded("terminal", "the terminal's input ended")
        if character in ("\x7f", "\b"):
            self._erase(line[-1:])
            return line[:-1]
        if character == "\x15":
            self._erase(line)
            return ""
        if character == "\x1b":
            self._skip_sequence()
            return line
        if (not character.isprintable() and character != "\t") or len(line) >= LINE_CHARS:
            return line
        self.write(visible(character))
        return line + character

    def _erase(self, text: str) -> None:
        columns = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
        self.write("\b \b" * columns)

    def _skip_sequence(self) -> None:
        """Leave out an arrow key and the like."""
        if self._character() in ("[", "O"):
            while not "@" <= self._character() <= "~":
                pass

    def _character(self) -> str:
        while not self._pending:
            self._end()
            if self._readable(POLL_SECONDS):
                self._pending = list(self._decoder.decode(self._read()))
        return self._pending.pop(0)

    def _read(self) -> bytes:
        try:
            data = os.read(self.descriptor, 4_096)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise AnswerEnded("no terminal", "the terminal was closed") from error
        if not data:
            raise AnswerEnded("no terminal", "the terminal was closed")
        return data

    def _readable(self, seconds: float) -> bool:
        return bool(select.select([self.descriptor], [], [], seconds)[0])

    def _wait_until_writable(self) -> None:
        while not select.select([], [self.descriptor], [], POLL_SECONDS)[1]:
            self._end()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Read keys one by one and unechoed for the length of the block; afterwards the terminal is as it was."""
        before = self._mode()
        raw = self._mode()
        raw[3] &= ~_LINE_MODE
        raw[0] &= ~termios.IXON
        try:
            self._set_mode(raw)
            yield
        finally:
            self._set_mode(before)

    @contextmanager
    def lent(self) -> Iterator[int]:
        """Lend the terminal to another program, in its ordinary mode; yields a descriptor for it."""
        raw = self._mode()
        ordinary = self._mode()
        ordinary[3] |= _LINE_MODE
        descriptor = os.open(os.ttyname(self.descriptor), os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            self._set_mode(ordinary)
            yield descriptor
        finally:
            os.close(descriptor)
            self._set_mode(raw)

    def _mode(self) -> list[Any]:
        try:
            return termios.tcgetattr(self.descriptor)
        except termios.error as error:
            raise AnswerEnded("no terminal", "the terminal was closed") from error

    def _set_mode(self, mode: list[Any]) -> None:
        """Change the mode at once and drop what was typed in the old one; a terminal that is gone needs no mode."""
        with suppress(termios.error):
            termios.tcsetattr(self.descriptor, termios.TCSANOW, mode)
            termios.tcflush(self.descriptor, termios.TCIFLUSH)


@contextmanager
def open_terminal(end: Callable[[], None]) -> Iterator[Tty]:
    """Open the terminal that a human of this program sits at.

    Raises:
        AnswerEnded: there is none, or the program runs in its background.
    """
    if sys.platform == "win32" or os.environ.get(SWITCH, "").lower() == "off":
        raise AnswerEnded("no terminal", "questions at the terminal are switched off or not possible here")
    descriptor = _open(CONTROLLING)
    if descriptor is None:
        descriptor = _open(_standard_terminal())
    if descriptor is None:
        raise AnswerEnded("no terminal", "there is no terminal to ask at")
    try:
        with _never_stopped():
            if not _in_foreground(descriptor):
                raise AnswerEnded("no terminal", "the program runs in the background of its terminal")
            yield Tty(descriptor, end)
    finally:
        os.close(descriptor)


def _open(name: str | None) -> int | None:
    """Open a terminal for this purpose alone, so that how it is read and written changes nothing for the program's own streams."""
    try:
        return os.open(name, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC) if name else None
    except OSError:
        return None


def _standard_terminal() -> str | None:
    try:
        return os.ttyname(0) if os.isatty(0) and os.isatty(2) else None
    except OSError:
        return None


def _in_foreground(descriptor: int) -> bool:
    try:
        return os.tcgetpgrp(descriptor) == os.getpgrp()
    except OSError:  # not the controlling terminal: it has no background
        return True


@contextmanager
def _never_stopped() -> Iterator[None]:
    """Keep the kernel from stopping the whole program when it is moved to the background while it asks."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTIN, signal.SIGTTOU})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

import os
import pty
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from rune.review.tty import LINE_CHARS, AnswerEnded, Tty


class Line:
    """A pseudo-terminal with the test at its keyboard."""

    def __init__(self) -> None:
        self.keyboard, self.device = pty.openpty()
        self.stop = False
        descriptor = os.open(os.ttyname(self.device), os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.tty = Tty(descriptor, self.end)

    def end(self) -> None:
        if self.stop:
            raise AnswerEnded("timeout", "over")

    def close(self) -> None:
        for descriptor in (self.tty.descriptor, self.device, self.keyboard):
            os.close(descriptor)


@pytest.fixture
def line() -> Iterator[Line]:
    one = Line()
    yield one
    one.close()


@pytest.mark.parametrize(
    ("keys", "read"),
    [
        pytest.param(b"abc\r", "abc", id="a line"),
        pytest.param(b"abc\n", "abc", id="with the other line end"),
        pytest.param("ü漢🙂\r".encode(), "ü漢🙂", id="any script"),
        pytest.param(b"a\xffb\r", "a\ufffdb", id="bytes that are no text"),
        pytest.param(b"ab\x7f\x08c\r", "c", id="erased characters"),
        pytest.param(b"\x7f\x7fa\r", "a", id="more erased than typed"),
        pytest.param(b"ab\x15c\r", "c", id="an erased line"),
        pytest.param(b"a\x1b[Db\x1bOAc\x1b[200~d\r", "abcd", id="keys that send sequences"),
        pytest.param(b"a\x04\x00\x01\x07b\r", "ab", id="other control keys"),
        pytest.param(b"a\tb\r", "a\tb", id="a tab"),
    ],
)
def test_a_line_is_read_as_it_was_meant(line: Line, keys: bytes, read: str) -> None:
    with line.tty.asking():
        os.write(line.keyboard, keys)
        assert line.tty.read_line("> ") == read


def test_a_line_has_an_end(line: Line) -> None:
    assert LINE_CHARS == 100_000
    with line.tty.asking():
        assert line.tty._edited("x" * LINE_CHARS, "y") == "x" * LINE_CHARS


@pytest.mark.parametrize("error", [KeyboardInterrupt(), AnswerEnded("timeout", "over")], ids=["interrupt", "timeout"])
def test_the_terminal_is_left_as_it_was_found(line: Line, error: BaseException) -> None:
    before = termios.tcgetattr(line.device)
    with suppress(type(error)), line.tty.asking():
        assert termios.tcgetattr(line.device) != before
        raise error
    assert termios.tcgetattr(line.device) == before


def test_a_lent_terminal_is_in_its_ordinary_mode_and_comes_back(line: Line) -> None:
    with line.tty.asking():
        asking = termios.tcgetattr(line.device)
        with line.tty.lent() as descriptor:
            assert os.isatty(descriptor)
            assert os.get_blocking(descriptor)
            assert termios.tcgetattr(line.device)[3] & termios.ICANON
        assert termios.tcgetattr(line.device) == asking


def test_a_screen_that_nobody_reads_does_not_hold_the_answer_up_for_ever(line: Line) -> None:
    threading.Timer(0.5, lambda: setattr(line, "stop", True)).start()
    started = time.monotonic()
    with line.tty.asking(), pytest.raises(AnswerEnded):
        line.tty.write("x" * 10_000_000)
    assert time.monotonic() - started < 5


def test_waiting_for_a_key_ends_when_nobody_waits_for_the_answer(line: Line) -> None:
    threading.Timer(0.2, lambda: setattr(line, "stop", True)).start()
    with line.tty.asking(), pytest.raises(AnswerEnded, match="over"):
        line.tty.read_line("> ")


def test_a_closed_terminal_ends_the_question(line: Line) -> None:
    with line.tty.asking():
        os.close(line.keyboard)
        line.keyboard = os.dup(line.device)
        with pytest.raises(AnswerEnded, match="closed"):
            line.tty.read_line("> ")


def test_a_terminal_without_a_size_is_taken_for_the_usual_one(line: Line) -> None:
    assert line.tty.width == 80

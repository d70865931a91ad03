"""Asks the human at the terminal. No terminal, no answer in time, Ctrl-C or Ctrl-D: the message is rejected."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

from rune.review.editor import EditorUnusable, edited
from rune.review.question import CHOICES, COLORED, HELP, PAGE_ROWS, Style, findings, first_page, heading, rows
from rune.review.request import ReviewRequest
from rune.review.tty import POLL_SECONDS, AnswerEnded, Tty, open_terminal
from rune.types import Decision, Review

HUSH_SECONDS = 0.3
"""Keys pressed while a question appears are not an answer to it."""
REASON_CHARS = 500

_WORDS = {
    "a": "approve",
    "m": "modify",
    "r": "reject",
    "e": "edit",
    "v": "view",
    "?": "help",
    "h": "help",
}
_ANSWERS = {"approve": Decision.APPROVE, "reject": Decision.REJECT, "terminate": Decision.TERMINATE}


class _Queue:
    """Lets one question at a time on the terminal, in the order of asking."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._tickets: deque[object] = deque()

    @contextmanager
    def turn(self, end: Callable[[], None]) -> Iterator[None]:
        """Wait for one's turn; `end` raises when there is no point in waiting on."""
        ticket = object()
        with self._changed:
            self._tickets.append(ticket)
        try:
            self._await(ticket, end)
            yield
        finally:
            with self._changed:
                self._tickets.remove(ticket)
                self._changed.notify_all()

    def _await(self, ticket: object, end: Callable[[], None]) -> None:
        with self._changed:
            while self._tickets[0] is not ticket:
                self._changed.wait(POLL_SECONDS)
                end()

    @property
    def waiting(self) -> int:
        """Questions behind the one on the terminal."""
        return len(self._tickets) - 1

    def begin(self) -> None:
        """Forget everybody: in a forked child nobody of them asks."""
        self._changed = threading.Condition()
        self._tickets = deque()


_queue = _Queue()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_queue.begin)


class TerminalReviewer:
    """Asks at the terminal of this process, one question at a time; from any thread, and never through standard output.

    Needs a POSIX terminal (`/dev/tty`, so that a program with redirected input can ask too) with the program in its foreground; elsewhere,
    on Windows, and with `RUNE_TERMINAL=off` in the environment, every message is rejected.
    """

    def ask(self, request: ReviewRequest) -> Review:
        """Show the message and return the human's answer; a rejection when there is none within `request.seconds`."""
        started = time.monotonic()

        def end() -> None:
            if request.withdrawn:
                raise AnswerEnded("nobody", "the question was withdrawn")
            if time.monotonic() - started >= request.seconds:
                raise AnswerEnded("timeout", f"nobody answered within {request.seconds:g} s")

        try:
            with open_terminal(end) as tty, _queue.turn(end):
                review = _Dialog(tty, request, started + request.seconds, end).run()
        except AnswerEnded as ended:
            review = Review(Decision.REJECT, ended.reviewer, ended.reason)
        return Review(review.decision, review.reviewer, review.reason, review.text, round(time.monotonic() - started, 3))


class _Dialog:
    """One question, from its appearance to its answer."""

    def __init__(self, tty: Tty, request: ReviewRequest, deadline: float, end: Callable[[], None]) -> None:
        self._tty, self._request, self._deadline, self._end = tty, request, deadline, end
        self._style = COLORED if "NO_COLOR" not in os.environ and os.environ.get("TERM", "dumb") != "dumb" else Style()
        self._hidden = 0

    def run(self) -> Review:
        with self._tty.asking():
            try:
                return self._asked()
            except AnswerEnded as ended:
                self._tty.write(f"\n{ended}: rejected\n")
                raise

    def _asked(self) -> Review:
        message, verdict = self._request.message, self._request.verdict
        page, self._hidden = first_page(message, verdict.findings, self._tty.width)
        self._tty.write(heading(self._request, _queue.waiting, self._style) + page)
        self._tty.discard(HUSH_SECONDS)
        while True:
            review = self._answer(self._tty.read_line(self._prompt()))
            if review is not None:
                return review

    def _prompt(self) -> str:
        left = max(1, round(self._deadline - time.monotonic()))
        return f"{self._style.strong}{CHOICES}{self._style.plain}  ({left} s, then rejected) > "

    def _answer(self, line: str) -> Review | None:
        first, _, reason = line.strip().partition(" ")
        word = _WORDS.get(first.lower(), first.lower())
        if word in _ANSWERS:
            return self._decided(first, _ANSWERS[word], reason.strip()[:REASON_CHARS])
        if word == "view":
            self._view()
        elif word == "modify":
            return self._changed(self._typed())
        elif word == "edit":
            return self._changed(self._edited())
        elif word == "help":
            self._tty.write(HELP)
        else:
            self._tty.write("Answer a, m, r or v; ? explains.\n")
        return None

    def _decided(self, typed: str, decision: Decision, reason: str) -> Review | None:
        if decision is Decision.APPROVE and self._hidden and typed.lower() != "approve":
            self._tty.write(f"{self._hidden} rows were not shown. v shows them; the whole word `approve` lets them pass unseen.\n")
            return None
        return Review(decision, "terminal", reason)

    def _view(self) -> None:
        every = rows(self._request.message.text.split("\n"), self._tty.width)
        while page := list(islice(every, PAGE_ROWS)):
            self._tty.write("".join(f"{row.text}\n" for row in page))
            if len(page) == PAGE_ROWS and self._tty.read_line("Enter goes on, q stops > ").strip().lower().startswith("q"):
                return
        self._hidden = 0

    def _typed(self) -> str:
        self._tty.write("Type the new text. A line with nothing but `.` ends it.\n")
        lines = []
        while (line := self._tty.read_line("| ")) != ".":
            lines.append(line)
        return "\n".join(lines)

    def _edited(self) -> str | None:
        try:
            return edited(self._tty, self._request.message.text, self._end)
        except EditorUnusable as problem:
            self._tty.write(f"{problem}\n")
            return None

    def _changed(self, text: str | None) -> Review | None:
        """Return the modification when the reviewer, having seen what is found in it, still wants it."""
        if text is None:
            return None
        self._tty.write(f"{self._found_in(text)}New text, {len(text):,} characters.\n")
        if self._tty.read_line("Send it instead? y/n > ").strip().lower() not in ("y", "yes"):
            return None
        return Review(Decision.MODIFY, "terminal", text=text)

    def _found_in(self, text: str) -> str:
        if self._request.rescan is None:
            return ""
        try:
            found = self._request.rescan(text)
        except Exception as error:  # noqa: BLE001 - the reviewer has to know, and decides
            return f"The new text could not be read ({type(error).__name__}).\n"
        return "".join(f"{line}\n" for line in findings(found, self._style)) or "Nothing was found in the new text.\n"

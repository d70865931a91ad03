"""What a human is asked, and what answers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rune.policy.kept import text_hash
from rune.types import Decision, Finding, Message, Review, Verdict

Rescan = Callable[[str], Sequence[Finding]]
"""Reads a text that a reviewer wants to put in place of the content."""


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """A message that the policy lets pass only with a human's consent."""

    message: Message
    verdict: Verdict
    seconds: float = 300.0
    """How long an answer is waited for; without one the message is rejected."""
    rescan: Rescan | None = None
    """Reads a modified text before the reviewer settles on it; None: he sees no findings for it."""
    _withdrawal: threading.Event = field(default_factory=threading.Event, repr=False, compare=False)

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of the content: an answer is about exactly this and nothing else."""
        return text_hash(self.message.text)

    def withdraw(self) -> None:
        """Say that nobody waits for the answer any more; the reviewer stops asking."""
        self._withdrawal.set()

    @property
    def withdrawn(self) -> bool:
        """True when nobody waits for the answer any more."""
        return self._withdrawal.is_set()


class Reviewer(Protocol):
    """Answers requests; may take its time, at most `request.seconds`, and is called from any thread."""

    def ask(self, request: ReviewRequest) -> Review:
        """Return the answer; without one in time, a rejection."""
        ...


class RejectReviewer:
    """Stands where nobody can be asked: rejects."""

    def ask(self, request: ReviewRequest) -> Review:
        """Return a rejection."""
        del request
        return Review(Decision.REJECT, reviewer="nobody", reason="there is nobody to ask")


async def ask_in_thread(reviewer: Reviewer, request: ReviewRequest) -> Review:
    """Ask without holding up the event loop; when the waiting task is cancelled, the question is withdrawn."""
    try:
        return await asyncio.to_thread(reviewer.ask, request)
    finally:
        request.withdraw()

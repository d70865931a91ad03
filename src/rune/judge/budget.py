"""What the judge may cost: questions and tokens, a minute and a conversation."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable

from rune.policy.judge import JudgeSettings

CONVERSATIONS = 10_000
"""Conversations whose spending is remembered; the least recently asked about is forgotten beyond."""
MINUTE = 60.0


class Budget:
    """Counts what was spent. Thread-safe, memory bounded by the limits themselves.

    Args:
        settings: the limits.
        now: a clock in seconds.
    """

    def __init__(self, settings: JudgeSettings, now: Callable[[], float]) -> None:
        self._settings = settings
        self._now = now
        self._lock = threading.Lock()
        self._recent: deque[tuple[float, int]] = deque()
        self._tokens = 0
        self._conversations: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def spend(self, conversation: str, tokens: int) -> str:
        """Count one question; return the limit it would be over, and count nothing then; empty when it may be asked.

        Args:
            conversation: its identifier; questions outside any conversation count for the minute only.
            tokens: estimated cost.
        """
        with self._lock:
            self._forget(self._now() - MINUTE)
            over = self._over(conversation, tokens)
            if not over:
                self._count(conversation, tokens)
            return over

    def _over(self, conversation: str, tokens: int) -> str:
        limits = self._settings
        calls, spent = self._conversations.get(conversation, (0, 0))
        limited = (
            ("calls_per_minute", len(self._recent) + 1, limits.calls_per_minute),
            ("tokens_per_minute", self._tokens + tokens, limits.tokens_per_minute),
            ("conversation_calls", calls + 1, limits.conversation_calls),
            ("conversation_tokens", spent + tokens, limits.conversation_tokens),
        )
        return next((name for name, used, most in limited if used > most), "")

    def _count(self, conversation: str, tokens: int) -> None:
        self._recent.append((self._now(), tokens))
        self._tokens += tokens
        if conversation:
            calls, spent = self._conversations.pop(conversation, (0, 0))
            self._conversations[conversation] = (calls + 1, spent + tokens)
            if len(self._conversations) > CONVERSATIONS:
                self._conversations.popitem(last=False)

    def _forget(self, before: float) -> None:
        while self._recent and self._recent[0][0] <= before:
            self._tokens -= self._recent.popleft()[1]

"""How much one conversation may take: rounds, the length of a message, tokens, minutes."""

from __future__ import annotations

from collections.abc import Iterator

from rune.limits import ConversationLimits
from rune.types import Category, Finding, Kind, Message, Severity

ROUNDS = "RUNE-LIMIT-001"
MESSAGE_CHARS = "RUNE-LIMIT-002"
TOKENS = "RUNE-LIMIT-005"
MINUTES = "RUNE-LIMIT-006"

CHARS_PER_TOKEN = 4
"""An estimate for English text, close enough for a budget and the same for every model."""


class Budget:
    """Counts what one conversation has used up; three integers and a time, however long the conversation is."""

    def __init__(self, limits: ConversationLimits) -> None:
        self._limits = limits
        self._rounds = 0
        self._chars = 0
        self._started: float | None = None

    def spend(self, message: Message, now: float) -> Iterator[Finding]:
        """Count a message; yield a finding for every limit that it is over.

        A round is a chat message. Characters count as tokens except for code, which is cut out of a message that was counted.
        """
        self._started = now if self._started is None else self._started
        self._rounds += message.kind is Kind.CHAT
        self._chars += 0 if message.kind is Kind.CODE else len(message.text)
        yield from self.size(message)
        yield from self._total(now - self._started)

    def size(self, message: Message) -> Iterator[Finding]:
        """Yield a finding when one message is too long; counts nothing."""
        limit = self._limits.message_chars
        if limit is not None and len(message.text) > limit:
            yield over(MESSAGE_CHARS, f"a message of {len(message.text)} characters, limit {limit}", "message_chars", Severity.MEDIUM)

    def _total(self, seconds: float) -> Iterator[Finding]:
        limits = self._limits
        tokens = self._chars // CHARS_PER_TOKEN
        if limits.rounds is not None and self._rounds > limits.rounds:
            yield over(ROUNDS, f"round {self._rounds} of a conversation, limit {limits.rounds}", "rounds", Severity.MEDIUM)
        if limits.tokens is not None and tokens > limits.tokens:
            yield over(TOKENS, f"a conversation of about {tokens} tokens, limit {limits.tokens}", "tokens", Severity.MEDIUM)
        if limits.minutes is not None and seconds > limits.minutes * 60:
            yield over(MINUTES, f"a conversation of {seconds / 60:.1f} minutes, limit {limits.minutes:g}", "minutes", Severity.MEDIUM)


def over(rule: str, summary: str, key: str, severity: Severity) -> Finding:
    """Return the finding for a limit that was exceeded; `key` is its name in the policy."""
    return Finding(
        rule=rule,
        category=Category.LIMITS,
        severity=severity,
        summary=summary,
        remediation=f"If this traffic is honest, raise `limits.{key}` in the policy.",
        references=("OWASP-LLM10",),
    )

"""What waits to be written: bounded in number and size, with room kept for what was not simply allowed."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass

from rune.types import Action, Message, Verdict

RECORDS = 10_000
CHARS = 64_000_000
RESERVED = 0.2
"""Share of both bounds that allowed messages may not use, so that a flood of them cannot push evidence out."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision on its way into the transcript."""

    message: Message
    verdict: Verdict
    event: str
    time: float


class Backlog:
    """A bounded queue that counts what it had to leave out, by action. Not for two threads at once.

    Args:
        records: entries kept at most.
        chars: characters of text kept at most.
    """

    def __init__(self, records: int = RECORDS, chars: int = CHARS) -> None:
        self._records, self._chars = records, chars
        self._entries: deque[Entry] = deque()
        self._held_chars = 0
        self.lost: Counter[str] = Counter()
        """Entries left out and not yet reported in the transcript."""

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, entry: Entry) -> bool:
        """Keep an entry, or count it as lost and return False."""
        share = 1 - RESERVED if entry.verdict.action is Action.ALLOW else 1
        size = len(entry.message.text)
        if len(self._entries) >= self._records * share or (self._entries and self._held_chars + size > self._chars * share):
            self.lost[entry.verdict.action.value] += 1
            return False
        self._entries.append(entry)
        self._held_chars += size
        return True

    def take(self, limit: int) -> list[Entry]:
        """Remove and return the oldest entries, `limit` at most."""
        entries = [self._entries.popleft() for _ in range(min(limit, len(self._entries)))]
        self._held_chars -= sum(len(entry.message.text) for entry in entries)
        return entries

"""Recognizes the system messages of a program's own agents, and its canary tokens, in what the agents say.

Only hashes of word sequences are kept. Words are compared without case and punctuation, so a prompt in other markup is the same prompt; a
run of words says that it was copied, a share of shorter sequences that it was copied with small changes.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

from rune.types import Category, Direction, Finding, Kind, Message, Severity, Span

RUN_WORDS = 16
"""Consecutive words of a prompt that count as a copy of it."""
EDITED_SHARE = 0.4
"""Share of a prompt's sequences of four words that counts as a changed copy."""
PROMPTS = 64
"""Prompts kept; the oldest one makes room."""
PROMPT_WORDS = 4_000
"""Words of one prompt that are looked for."""
MESSAGE_CHARS = 200_000
"""Characters of one message that are compared."""

RULE, CANARY_RULE = "RUNE-EXT-101", "RUNE-EXT-102"

_LONG, _SHORT = 8, 4
_SHORTEST_PROMPT = 12
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Print:
    """The sequences of words of one prompt, hashed."""

    long: frozenset[int]
    short: frozenset[int]


class Prompts:
    """The prompts and canaries to look for. Thread-safe; empty at first, and free of cost while it is."""

    def __init__(self) -> None:
        self._prints: dict[int, _Print] = {}
        self._canaries: tuple[str, ...] = ()
        self._lock = threading.Lock()

    def add(self, text: str) -> None:
        """Look for a system message from now on; one of fewer than 12 words is too common to be told from an answer."""
        words = [word.lower() for word in _WORD.findall(text)][:PROMPT_WORDS]
        if len(words) < _SHORTEST_PROMPT:
            return
        known = _Print(frozenset(_sequences(words, _LONG)), frozenset(_sequences(words, _SHORT)))
        with self._lock:
            prints = {**self._prints, hash(tuple(words)): known}
            while len(prints) > PROMPTS:
                del prints[next(iter(prints))]
            self._prints = prints

    def add_canary(self, token: str) -> None:
        """Look for a token that no honest message contains.

        Raises:
            ValueError: it has fewer than eight characters, so that it may stand in honest text.
        """
        if len(token) < _LONG:
            raise ValueError(f"the canary `{token}` has {len(token)} characters; use a random token of at least {_LONG}.")
        with self._lock:
            self._canaries = (*self._canaries, token)

    def findings(self, message: Message) -> tuple[Finding, ...]:
        """Return a finding for each canary in a message, and one when it repeats a prompt on its way out: to a user or into a tool."""
        if not self._canaries and not self._prints:
            return ()
        canaries = tuple(_canary(message.text, token) for token in self._canaries if token in message.text)
        leaves = message.direction is Direction.OUTBOUND or message.kind is Kind.TOOL_CALL
        return (*canaries, *self._copies(message)) if leaves and self._prints else canaries

    def _copies(self, message: Message) -> tuple[Finding, ...]:
        found = [(match.group().lower(), match.start(), match.end()) for match in _WORD.finditer(message.text[:MESSAGE_CHARS])]
        words = [word for word, _, _ in found]
        long, short = list(_sequences(words, _LONG)), list(_sequences(words, _SHORT))
        for known in self._prints.values():
            start, count = _longest_run(long, known.long)
            if count and count + _LONG - 1 >= RUN_WORDS:
                last = start + count + _LONG - 2
                return (_copy(message, Span(found[start][1], found[last][2]), f"{count + _LONG - 1} words of it in a row", 0.95),)
            places = [place for place, value in enumerate(short) if value in known.short]
            share = len({short[place] for place in places}) / len(known.short)
            if share >= EDITED_SHARE and len(places) >= _SHORTEST_PROMPT:
                span = Span(found[places[0]][1], found[places[-1] + _SHORT - 1][2])
                return (_copy(message, span, f"{share:.0%} of its sequences of four words", 0.8),)
        return ()


def _sequences(words: list[str], length: int) -> list[int]:
    return [hash(tuple(words[start : start + length])) for start in range(len(words) - length + 1)]


def _longest_run(values: list[int], known: frozenset[int]) -> tuple[int, int]:
    """Return where the longest run of known values starts, and how long it is."""
    best, start, count = (0, 0), 0, 0
    for place, value in enumerate(values):
        start, count = (start if count else place, count + 1) if value in known else (place, 0)
        best = max(best, (start, count), key=lambda run: run[1])
    return best


def _copy(message: Message, span: Span, why: str, confidence: float) -> Finding:
    severity = Severity.HIGH if message.direction is Direction.OUTBOUND else Severity.MEDIUM
    return Finding(
        rule=RULE,
        category=Category.PROMPT_EXTRACTION,
        severity=severity,
        summary="The message repeats a system message of one of the agents",
        confidence=confidence,
        span=span,
        remediation="Find out what made the agent repeat its instructions; keep secrets out of system messages.",
        references=("OWASP-LLM07", "ATLAS-AML.T0056"),
        reasons=(why,),
    )


def _canary(text: str, token: str) -> Finding:
    start = text.find(token)
    return Finding(
        rule=CANARY_RULE,
        category=Category.PROMPT_EXTRACTION,
        severity=Severity.HIGH,
        summary="The message contains a canary token that only hidden instructions hold",
        confidence=1.0,
        span=Span(start, start + len(token)),
        remediation="Find out what made the agent repeat what it must not; the rest of that text may have left as well.",
        references=("OWASP-LLM07", "ATLAS-AML.T0056"),
        reasons=("the token stands in the message",),
    )

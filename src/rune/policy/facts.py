"""What a condition is asked about, and how it says that it has no answer."""

from __future__ import annotations

from dataclasses import dataclass

from rune.types import Finding, Message, Trust


class ConditionError(Exception):
    """A condition cannot be read or evaluated; `offset` is the character it stumbled over, None while it runs."""

    def __init__(self, problem: str, offset: int | None = None) -> None:
        super().__init__(problem if offset is None else f"{problem} (character {offset + 1} of the condition)")


@dataclass(frozen=True, slots=True)
class Speaker:
    """The agent that a message comes from, as a condition sees it."""

    name: str
    trust: Trust
    origin: str = ""
    may: tuple[str, ...] = ()


Facts = tuple[Message, tuple[Finding, ...], Speaker]
"""The values of the variables `message`, `findings` and `agent`."""

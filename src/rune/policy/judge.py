"""What a policy says about the judge: a language model that is asked about what the local stages leave open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from rune.scan.channel import Channel
from rune.types import Action, Category, Finding, Kind

JudgeMode = Literal["sync", "async"]
Lower = Literal["review", "never"]
Retract = Literal["end", "record"]

ATTACK: Final = "RUNE-JUDGE-001"
"""Rule of the finding that says: the judge sees an attack."""
HONEST: Final = "RUNE-JUDGE-002"
UNSURE: Final = "RUNE-JUDGE-003"
NO_ANSWER: Final = "RUNE-JUDGE-1"
"""What the rules of all findings begin with that say why there is no answer."""
SURE: Final = 0.8
"""Confidence from which an answer blocks, or takes a review back; below it an attack is put to a human."""


@dataclass(frozen=True, slots=True)
class JudgeSettings:
    """Whom to ask, about what, at what cost, and how far the answer goes."""

    url: str
    """Base address of a chat-completions API, such as `http://127.0.0.1:11434/v1`."""
    model: str
    key_env: str = ""
    """Name of the environment variable that holds the key; empty for an endpoint without one. The key itself is never kept."""
    mode: JudgeMode = "sync"
    """`sync` holds the message until the answer is there; `async` delivers it and retracts later."""
    low: float = 0.1
    """The least risk asked about, 0 to 1 (`from` in a policy)."""
    high: float = 0.75
    """The greatest risk asked about, 0 to 1 (`to` in a policy)."""
    categories: tuple[Category, ...] = ()
    """Asked only about messages with a finding of one of these; empty for all."""
    kinds: tuple[Kind, ...] = ()
    channels: tuple[Channel, ...] = ()
    raise_to: Action = Action.BLOCK
    """The worst action an answer may lead to: `flag`, `review` or `block` (`raise` in a policy)."""
    lower: Lower = "review"
    """`review`: a sure and honest answer spares the human a question; `never`: no answer makes anything milder."""
    no_answer: Action = Action.FLAG
    """What happens to a message the judge should have judged and did not: `flag`, `review` or `block`."""
    retract: Retract = "end"
    """In `async` mode, whether a late answer that would have withheld the message ends the conversation or is only recorded."""
    timeout: float = 10.0
    """Seconds for one question, from the name look-up to the last byte."""
    text_chars: int = 8_000
    """Characters of a message that are shown to the judge; of a longer one the beginning, the end and what was found."""
    calls_per_minute: int = 30
    tokens_per_minute: int = 60_000
    """Estimated (characters / 4), question and longest answer together."""
    conversation_calls: int = 20
    conversation_tokens: int = 60_000

    def to_dict(self) -> dict[str, Any]:
        """Return the settings by the names a policy file uses."""
        return {name: getattr(self, attribute) for name, attribute in ATTRIBUTES.items()}


_RENAMED = {"from": "low", "to": "high", "category": "categories", "kind": "kinds", "channel": "channels", "raise": "raise_to"}
_SAME = (
    *("url", "model", "key_env", "mode", "lower", "no_answer", "retract", "timeout", "text_chars"),
    *("calls_per_minute", "tokens_per_minute", "conversation_calls", "conversation_tokens"),
)
ATTRIBUTES: Final[Mapping[str, str]] = MappingProxyType({**{name: name for name in _SAME}, **_RENAMED})
"""The attribute behind each key of `judge:` in a policy file."""


def is_no_answer(finding: Finding) -> bool:
    """Return whether a finding says that the judge was to be asked and gave no answer."""
    return finding.rule.startswith(NO_ANSWER)


def is_opinion(finding: Finding) -> bool:
    """Return whether a finding is an answer of the judge that sees no attack; no rule of a policy decides about it."""
    return finding.rule in (HONEST, UNSURE)


def spares_review(findings: tuple[Finding, ...], settings: JudgeSettings | None, kind: Kind) -> bool:
    """Return whether the judge's answer takes the place of a human's; never for code and tool calls, which act."""
    if settings is None or settings.lower == "never" or kind in (Kind.CODE, Kind.TOOL_CALL):
        return False
    return any(finding.rule == HONEST and finding.confidence >= SURE for finding in findings)

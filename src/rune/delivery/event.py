"""What is delivered about one decision: a flat, versioned envelope without anything the content mode does not let out."""

from __future__ import annotations

import os
import time
from dataclasses import asdict, dataclass
from typing import Any

from rune.policy.kept import ContentMode, kept, text_hash
from rune.types import Action, Message, Verdict

SCHEMA = 1
"""Version of the envelope; a receiver that knows an older one may ignore fields it does not know."""
CONTENT_CHARS = 16_384
"""Characters of content in one event; a full queue of them stays within 32 MB."""
NAME_CHARS = 256
RULES = 32


@dataclass(frozen=True, slots=True)
class Event:
    """One decision on its way to a service."""

    id: str
    """UUID version 7 (RFC 9562): unique, and sorted by time."""
    time: float
    """When the event was made, in seconds since the Unix epoch."""
    action: Action
    event: str = "message"
    """`message`, or `review` for a human's answer."""
    project: str = ""
    agent: str = ""
    """Who is accountable: the sender, or the recipient of what came from outside."""
    conversation: str = ""
    message_id: str = ""
    sender: str = ""
    recipient: str = ""
    kind: str = ""
    direction: str = ""
    risk: float = 0.0
    rules: tuple[str, ...] = ()
    """Rule ids of the findings, worst first, each once; at most 32."""
    decided_by: str = ""
    review: str = ""
    """The human's decision; empty when nobody was asked."""
    latency_ms: float = 0.0
    degraded: bool = False
    incident: str = ""
    policy_revision: str = ""
    rules_revision: str = ""
    content_mode: ContentMode = "redacted"
    content_hash: str = ""
    """SHA-256 (hex) of the text; empty under `none`."""
    content: str | None = None
    """The first 16,384 characters of what the mode lets out; None under `none` and `hash`."""
    schema: int = SCHEMA

    @classmethod
    def of(
        cls, message: Message, verdict: Verdict, content: ContentMode = "redacted", *, event: str = "message", project: str = ""
    ) -> Event:
        """Return the event of one decision.

        Args:
            message: what was decided about.
            verdict: the decision.
            content: `none`, `hash` (its SHA-256 only), `redacted` (without secrets and personal data) or `full`.
            event: what happened: `message` or `review`.
            project: name of the project at the service; empty for the key's own.
        """
        text = kept(message, verdict, content).text
        return cls(
            id=uuid7(),
            time=time.time(),
            action=verdict.action,
            event=event,
            project=_name(project),
            agent=_name(message.sender or message.recipient),
            conversation=_name(message.conversation),
            message_id=_name(message.id),
            sender=_name(message.sender),
            recipient=_name(message.recipient),
            kind=message.kind.value,
            direction=message.direction.value,
            risk=verdict.risk,
            rules=_rules(verdict),
            decided_by=_name(verdict.decided_by),
            review=verdict.review.decision.value if verdict.review else "",
            latency_ms=verdict.elapsed_ms,
            degraded=verdict.degraded,
            incident=_name(verdict.incident),
            policy_revision=_name(verdict.policy_revision),
            rules_revision=_name(verdict.rules_revision),
            content_mode=content,
            content_hash="" if content == "none" else text_hash(message.text),
            content=None if text is None else text[:CONTENT_CHARS],
        )

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping with stable keys."""
        return {**asdict(self), "action": self.action.value, "rules": list(self.rules)}


def _rules(verdict: Verdict) -> tuple[str, ...]:
    if not verdict.findings:
        return ()
    worst_first = sorted(verdict.findings, key=lambda finding: (-finding.severity.rank, -finding.confidence))
    return tuple(dict.fromkeys(_name(finding.rule) for finding in worst_first))[:RULES]


def _name(value: str) -> str:
    return str(value)[:NAME_CHARS]


def uuid7() -> str:
    """Return a new UUID version 7: 48 bits of Unix milliseconds, then random bits (RFC 9562, section 5.7)."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62
    digits = f"{value:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

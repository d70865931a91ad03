"""One record of the transcript: its fields, its one way to be written as bytes, and its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import msgspec

from rune import __version__
from rune.limits import ScanLimits
from rune.policy.kept import ContentMode, Kept, kept, text_hash
from rune.types import Finding, Message, Review, Verdict

FORMAT = 1
"""Version of the record and of the file that holds it; a reader refuses a newer one."""
DOMAIN = b"rune.transcript.record.v1\0"
"""Hashed before each record, so that no hash of a record can be passed off as a hash of anything else."""
NO_HASH = "0" * 64
"""Stands for the previous record where there is none."""
CONTENT_CHARS = ScanLimits().text_chars
NAME_CHARS = 1_000
NAMES = 100

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode
_encode_fast = msgspec.json.Encoder(order="sorted").encode


def canonical(value: Mapping[str, Any] | str) -> bytes:
    """Return the one byte form of a record or a string in it: JSON with sorted keys, no spaces, ASCII only.

    Lone surrogates, NUL and everything else outside printable ASCII are escapes.

    Raises:
        ValueError, TypeError: a value has no JSON form.
    """
    try:
        record = _encode_fast(value)  # seven times as fast, and the same bytes as long as they are printable ASCII
    except (UnicodeEncodeError, OverflowError):
        record = b"\x7f"
    return record if record.isascii() and b"\x7f" not in record else _encode(value).encode("ascii")


def digest(record: bytes) -> bytes:
    """Return the SHA-256 of a canonical record behind the domain prefix."""
    return hashlib.sha256(DOMAIN + record).digest()


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it was read back."""

    sequence: int
    """Place in the file, counted from 0 (the genesis record)."""
    hash: str
    """SHA-256 (hex) that was stored with it."""
    fields: Mapping[str, Any]
    """Everything it says; docs/transcripts.md lists the keys."""

    @property
    def event(self) -> str:
        """What it records: `genesis`, `message`, `review`, `judge`, `gap`, `discontinuity` or `unwritable`."""
        return str(self.fields.get("event", ""))

    @property
    def conversation(self) -> str | None:
        """The conversation it belongs to; None for a record about the file itself."""
        value = self.fields.get("conversation")
        return None if value is None else str(value)

    @property
    def time(self) -> float:
        """When it was handed over, in seconds since the Unix epoch."""
        value = self.fields.get("time")
        return float(value) if isinstance(value, int | float) else 0.0


def genesis(file: str, time: float) -> dict[str, Any]:
    """Return the first record of a file: its random identity and the format."""
    return {"event": "genesis", "file": file, "format": FORMAT, "rune": __version__, "time": _number(time)}


def gap(lost: Mapping[str, int], time: float) -> dict[str, Any]:
    """Return the record that says how many records are not there, by the action of their verdicts."""
    return {"event": "gap", "lost": dict(lost), "rune": __version__, "time": _number(time)}


def discontinuity(reason: str, expected: str, found: str, time: float) -> dict[str, Any]:
    """Return the record that says that the file was not as its last writer left it.

    Args:
        reason: what was found wrong.
        expected: the last known head, as text.
        found: the head of the file when it was opened, as text.
        time: when that was seen, in seconds since the Unix epoch.
    """
    return {"event": "discontinuity", "expected": expected, "found": found, "reason": reason, "rune": __version__, "time": _number(time)}


def unwritable(message: Message, time: float) -> dict[str, Any]:
    """Return the record that stands for a decision whose own record could not be made."""
    names = {"conversation": _name(message.conversation), "message_id": _name(message.id)}
    return {"event": "unwritable", "rune": __version__, "time": _number(time), **names}


def decided(message: Message, verdict: Verdict, event: str, time: float, mode: ContentMode) -> dict[str, Any]:
    """Return the record of one decision, without its place in the chain."""
    keep = kept(message, verdict, mode)
    return {
        "action": verdict.action.value,
        "content": None if keep.text is None else keep.text[:CONTENT_CHARS],
        "content_chars": len(message.text),
        "content_hash": text_hash(message.text),
        "content_mode": mode,
        "conversation": _name(message.conversation),
        "decided_by": _name(verdict.decided_by),
        "degraded": verdict.degraded,
        "direction": message.direction.value,
        "elapsed_ms": _number(verdict.elapsed_ms),
        "event": event,
        "findings": [_finding(finding) for finding in keep.findings],
        "incident": _name(verdict.incident),
        "kind": message.kind.value,
        "language": _name(message.metadata.get("language", "")),
        "message_id": _name(message.id),
        "message_time": _number(message.time),
        "origins": [_name(origin) for origin in message.origins[:NAMES]],
        "policy_revision": _name(verdict.policy_revision),
        "recipient": _name(message.recipient),
        "review": _review(verdict.review, keep) if verdict.review else None,
        "risk": _number(verdict.risk),
        "rules_revision": _name(verdict.rules_revision),
        "rune": __version__,
        "sender": _name(message.sender),
        "time": _number(time),
        "tool": _name(message.metadata.get("tool", "")),
        "trust": message.trust.value,
        "verdict_hash": _name(verdict.content_hash),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    """Return what is particular to this finding; remediation and references follow from the rule and its revision."""
    return {
        "category": finding.category.value,
        "chain": list(finding.chain),
        "confidence": _number(finding.confidence),
        "evidence": finding.evidence,
        "line": finding.line,
        "rule": _name(finding.rule),
        "severity": finding.severity.value,
        "span": [finding.span.start, finding.span.end] if finding.span else None,
        "summary": finding.summary,
    }


def _review(review: Review, keep: Kept) -> dict[str, Any]:
    return {
        "decision": review.decision.value,
        "reason": _name(review.reason),
        "reviewer": _name(review.reviewer),
        "seconds": _number(review.seconds),
        "text": None if keep.review_text is None else keep.review_text[:CONTENT_CHARS],
        "text_hash": None if review.text is None else text_hash(review.text),
    }


def _name(value: object) -> str:
    """Return a name as text of bounded length: agents, and so attackers, choose them."""
    return value[:NAME_CHARS] if type(value) is str else str(value)[:NAME_CHARS]


def _number(value: float) -> float:
    """Return a number to four decimals; infinities, which JSON cannot hold, as 0."""
    return round(value, 4) if isfinite(value) else 0.0

"""What of a message may be kept or sent: nothing, its hash, its text without secrets and personal data, or all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rune.policy.redact import redact
from rune.types import Category, Decision, Finding, Message, Verdict

ContentMode = Literal["none", "hash", "redacted", "full"]

CONFIDENTIAL = frozenset({Category.SECRET, Category.PII})
NEEDLE_CHARS = 4_096
"""Characters of one secret that are looked for elsewhere."""
SHORTEST_NEEDLE = 4
"""Shorter ones stand in ordinary words too; they are replaced where they were found and nowhere else."""
GRAM_CHARS = 8
"""A shared run of this many characters makes an excerpt confidential too."""


def text_hash(text: str) -> str:
    """Return the SHA-256 (hex) of a text in UTF-8; lone surrogates keep their own three bytes, so every text has one."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Kept:
    """The part of one message and its verdict that a content mode lets out of the process."""

    text: str | None
    """The content; None under `none` and `hash`."""
    findings: tuple[Finding, ...]
    """The verdict's findings; their evidence and reasons are empty under `none` and `hash`, evidence masked under `redacted`."""
    review_text: str | None = None
    """What a reviewer put in place of the content; None when nothing was replaced, and under `none` and `hash`."""


def kept(message: Message, verdict: Verdict, mode: ContentMode) -> Kept:
    """Return what may be kept of a message.

    Under `redacted` this is the policy's sanitized text, or the text as it stands when nothing was sanitized; in both, every finding of
    category `secret` or `pii` is replaced by a placeholder, and so is each repetition of its characters, in evidence too. A text that a
    reviewer replaced is kept beside its replacement.
    """
    changed = verdict.review.text if verdict.review and verdict.review.decision is Decision.MODIFY else None
    if mode == "full":
        return Kept(message.text, verdict.findings, changed)
    if mode != "redacted":
        return Kept(None, tuple(replace(finding, evidence="", reasons=()) for finding in verdict.findings))
    return _redacted(message, verdict, changed)


def _redacted(message: Message, verdict: Verdict, changed: str | None) -> Kept:
    confidential = [finding for finding in verdict.findings if finding.category in CONFIDENTIAL]
    sanitized = None if changed is not None else verdict.sanitized_text
    if not confidential:
        return Kept(message.text if sanitized is None else sanitized, verdict.findings, changed)
    needles = _needles(message.text, confidential)
    text = sanitized if sanitized is not None else redact(message.text, confidential)
    if any(finding.span is None for finding in confidential):  # it is in there, nobody knows where
        text = f"[REDACTED:{confidential[0].category}]"
    findings = _without_evidence_of(needles, verdict.findings)
    return Kept(_masked(text, needles), findings, None if changed is None else _masked(changed, needles))


def _needles(text: str, findings: Sequence[Finding]) -> dict[str, str]:
    """Return the confidential strings, each with the placeholder that stands for it, longest first."""
    found = {text[f.span.start : f.span.end][:NEEDLE_CHARS]: f"[REDACTED:{f.category}]" for f in findings if f.span is not None}
    return {needle: found[needle] for needle in sorted(found, key=len, reverse=True) if len(needle) >= SHORTEST_NEEDLE}


def _masked(text: str, needles: dict[str, str]) -> str:
    for needle, placeholder in needles.items():
        text = text.replace(needle, placeholder)
    return text


def _without_evidence_of(needles: dict[str, str], findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    grams = {needle[i : i + GRAM_CHARS] for needle in needles for i in range(max(1, len(needle) - GRAM_CHARS + 1))}
    sizes = sorted({len(gram) for gram in grams})
    return tuple(replace(f, evidence="[REDACTED]") if _shares(f.evidence, grams, sizes) else f for f in findings)


def _shares(text: str, grams: set[str], sizes: Sequence[int]) -> bool:
    return any(text[i : i + size] in grams for size in sizes for i in range(len(text) - size + 1))

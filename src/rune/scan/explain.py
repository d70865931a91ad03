"""Every reading that was made of a text, and what each decoding turned into what: for people who want to know how a finding came about.

Nothing here decides. Secrets and personal data that were found are masked, in the text and in whatever was decoded from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rune.limits import ScanLimits
from rune.scan.evidence import MASK, excerpt
from rune.scan.findings import CONFIDENTIAL
from rune.scan.normalize import Reading
from rune.scan.readings import Readings
from rune.types import Finding, Span, View

PARTS = 5
"""Decoded parts listed of one reading; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the text that was decoded."""

    span: Span
    """Where in the original text."""
    before: str
    """What stands there, masked and shortened."""
    after: str
    """What it was decoded to, masked and shortened."""


@dataclass(frozen=True, slots=True)
class ReadingMade:
    """One reading of a text."""

    chain: tuple[str, ...]
    """The decodings that led to it, outermost first; empty for the text as it stands."""
    characters: int
    folded: int
    """Characters that were read as others or left out: look-alikes, full-width, invisible ones."""
    parts: tuple[Part, ...]
    """The first parts that its last decoding changed."""
    more: int
    """How many further parts there are."""
    excerpt: str
    """Its beginning, as signatures read it."""

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        parts = [{"span": [p.span.start, p.span.end], "before": p.before, "after": p.after} for p in self.parts]
        return {
            "chain": list(self.chain),
            "characters": self.characters,
            "folded": self.folded,
            "parts": parts,
            "more_parts": self.more,
            "excerpt": self.excerpt,
        }


@dataclass(frozen=True, slots=True)
class Explained:
    """All readings of one text, plainest first, and what cut them short."""

    readings: tuple[ReadingMade, ...]
    reached: tuple[str, ...]
    """Rules of the bounds that were reached."""
    failed: tuple[str, ...]
    """Decodings that raised, with the type of the error."""

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {"readings": [made.to_dict() for made in self.readings], "reached": list(self.reached), "failed": list(self.failed)}


def explain(text: str, findings: Sequence[Finding], limits: ScanLimits = ScanLimits()) -> Explained:  # noqa: B008 - immutable
    """Return the readings that a scan makes of `text`.

    Args:
        text: the message.
        findings: what the scan found in it; tells what has to be masked.
        limits: bounds of the scan.
    """
    secrets = [finding.span for finding in findings if finding.category in CONFIDENTIAL and finding.span is not None]
    hidden = any(finding.category in CONFIDENTIAL and (finding.chain or finding.span is None) for finding in findings)
    readings = Readings(text, limits)
    made = tuple(_made(reading, text, sorted(secrets, key=_order), hidden=hidden) for reading in readings)
    return Explained(made, tuple(rule.id for rule in readings.reached), tuple(readings.failed))


def _made(reading: Reading, text: str, secrets: list[Span], *, hidden: bool) -> ReadingMade:
    raw, view = reading.raw, reading.view
    parts = _parts(raw)
    shown = tuple(_part(raw.parent or raw, parent, decoded, text, secrets) for parent, decoded in parts[:PARTS])
    return ReadingMade(
        raw.chain, len(view.text), _folded(raw, view), shown, max(len(parts) - PARTS, 0), _beginning(view, secrets, hidden=hidden)
    )


def _parts(view: View) -> list[tuple[Span, str]]:
    """Return the parts of its parent that a view reads differently, each with what it reads there."""
    if view.parent is None or view.starts is None or not view.ends:
        return []
    source, last, found = view.parent.text, len(view.starts), []
    for index, (start, target, end) in enumerate(zip(view.starts, view.targets, view.ends, strict=True)):
        piece = view.text[start : view.starts[index + 1] if index + 1 < last else len(view.text)]
        if piece != source[target:end]:
            found.append((Span(target, end), piece))
    return found


def _part(parent: View, place: Span, decoded: str, text: str, secrets: list[Span]) -> Part:
    span = parent.span(place.start, place.end)
    masks = [(secret.start, secret.end) for secret in secrets]
    is_secret = any(secret.start < span.end and span.start < secret.end for secret in secrets)
    return Part(span, excerpt(text, span.start, span.end, masks), MASK if is_secret else excerpt(decoded, 0, len(decoded)))


def _folded(raw: View, view: View) -> int:
    if view is raw:
        return 0
    if len(raw.text) != len(view.text):
        return sum(not character.isascii() for character in raw.text)
    return sum(one != other for one, other in zip(raw.text, view.text, strict=True))


def _beginning(view: View, secrets: list[Span], *, hidden: bool) -> str:
    if not secrets and not hidden:
        return excerpt(view.text, 0, len(view.text))
    if hidden or view.chain or view.starts is not None:
        return MASK  # where in this reading the secret stands is not known
    return excerpt(view.text, 0, len(view.text), [(secret.start, secret.end) for secret in secrets])


def _order(span: Span) -> tuple[int, int]:
    return span.start, span.end

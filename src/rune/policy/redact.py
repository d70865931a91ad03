"""Offending spans out, readable placeholders in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rune.types import Category, Finding


@dataclass(frozen=True, slots=True)
class _Hole:
    """A range of the text to be replaced, and what it is called."""

    start: int
    end: int
    category: Category


def redact(text: str, findings: Sequence[Finding]) -> str:
    """Return `text` with the span of every finding replaced by a placeholder such as `[REDACTED:secret]`.

    Overlapping spans become one, named after the worst finding in it. Equal values get the same placeholder, further ones a number:
    `[REDACTED:secret-2]`. A finding without a span, or with one outside the text, replaces nothing.
    """
    parts: list[str] = []
    names: dict[tuple[Category, str], str] = {}
    at = 0
    for hole in _holes(len(text), findings):
        parts += (text[at : hole.start], _placeholder(hole.category, text[hole.start : hole.end], names))
        at = hole.end
    return "".join((*parts, text[at:]))


def can_redact(text: str, finding: Finding) -> bool:
    """Return whether a finding covers at least one character of `text`."""
    span = finding.span
    return span is not None and max(span.start, 0) < min(span.end, len(text))


def _holes(length: int, findings: Sequence[Finding]) -> Iterable[_Hole]:
    spans = [(max(f.span.start, 0), min(f.span.end, length), f) for f in findings if f.span is not None]
    merged: list[tuple[int, int, Finding]] = []
    for start, end, finding in sorted((s for s in spans if s[0] < s[1]), key=_order):
        if merged and start < merged[-1][1]:
            first, last, kept = merged[-1]
            merged[-1] = (first, max(last, end), max(kept, finding, key=_weight))
        else:
            merged.append((start, end, finding))
    return [_Hole(start, end, finding.category) for start, end, finding in merged]


def _order(span: tuple[int, int, Finding]) -> tuple[int, int, int, float, str]:
    start, end, finding = span
    rank, confidence = _weight(finding)
    return (start, -end, -rank, -confidence, finding.category.value)


def _weight(finding: Finding) -> tuple[int, float]:
    return (finding.severity.rank, finding.confidence)


def _placeholder(category: Category, value: str, names: dict[tuple[Category, str], str]) -> str:
    key = (category, value)
    if key not in names:
        number = sum(known is category for known, _ in names) + 1
        names[key] = f"[REDACTED:{category.value}]" if number == 1 else f"[REDACTED:{category.value}-{number}]"
    return names[key]

"""Offending spans out, readable placeholders in."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rune.types import Finding

VALUES = 4_000
"""Values of one conversation that are told apart."""
_SALT_BYTES, _HASH_BYTES = 16, 16


@dataclass(frozen=True, slots=True)
class _Hole:
    """A range of the text to be replaced, and what it is called."""

    start: int
    end: int
    kind: str


class Placeholders:
    """Gives equal values the same placeholder, over all texts of one conversation. Thread-safe.

    It keeps salted hashes and no values. Of more values than `VALUES` the one that was not seen longest is forgotten; a number is never
    given twice.
    """

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(_SALT_BYTES)
        self._names: OrderedDict[bytes, str] = OrderedDict()
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def name(self, kind: str, value: str) -> str:
        """Return the placeholder of a value: `[REDACTED:KIND]` for the first of its kind, `[REDACTED:KIND-2]` for the second."""
        key = hashlib.blake2b(f"{kind}\0{value}".encode("utf-8", "surrogatepass"), key=self._salt, digest_size=_HASH_BYTES).digest()
        with self._lock:
            if key not in self._names:
                self._counts[kind] += 1
                number = self._counts[kind]
                self._names[key] = f"[REDACTED:{kind}]" if number == 1 else f"[REDACTED:{kind}-{number}]"
                if len(self._names) > VALUES:
                    self._names.popitem(last=False)
            self._names.move_to_end(key)
            return self._names[key]


def redact(text: str, findings: Sequence[Finding], placeholders: Placeholders | None = None) -> str:
    """Return `text` with the span of every finding replaced by a placeholder such as `[REDACTED:secret:github-token]`.

    Overlapping spans become one, named after the worst finding in it: its category and, where its rule tells, the kind of value. Equal
    values get the same placeholder, further ones a number: `[REDACTED:secret:github-token-2]`. A finding without a span, or with one
    outside the text, replaces nothing.

    Args:
        text: What is to be shown or delivered.
        findings: What must not be in it.
        placeholders: Those of the conversation; default: new ones, for this text alone.
    """
    parts: list[str] = []
    names = placeholders or Placeholders()
    at = 0
    for hole in _holes(len(text), findings):
        parts += (text[at : hole.start], names.name(hole.kind, text[hole.start : hole.end]))
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
    return [_Hole(start, end, _kind(finding)) for start, end, finding in merged]


def _kind(finding: Finding) -> str:
    from rune.scan.detectors.catalog import labels  # noqa: PLC0415 - only what redacts pays for every detector

    label = labels().get(finding.rule)
    return f"{finding.category.value}:{label}" if label else finding.category.value


def _order(span: tuple[int, int, Finding]) -> tuple[int, int, int, float, str]:
    start, end, finding = span
    rank, confidence = _weight(finding)
    return (start, -end, -rank, -confidence, finding.category.value)


def _weight(finding: Finding) -> tuple[int, float]:
    return (finding.severity.rank, finding.confidence)

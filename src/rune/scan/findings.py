"""Turns matches into findings: one a rule, every occurrence of a secret, in an order that never changes, and never more than the limit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rune.scan import own_rules
from rune.scan.evidence import excerpt, masked
from rune.scan.patterns import COUNTED
from rune.scan.reasons import reasons
from rune.scan.rule import Rule
from rune.types import Category, Finding, Span, View

CONFIDENTIAL = frozenset({Category.SECRET, Category.PII})
"""Categories of which every occurrence is reported and none is shown."""

_CONTINUATION = bytes(range(0x80, 0xC0))


@dataclass(slots=True)
class Match:
    """A rule that matched a view, and where: character ranges in the view, in order."""

    rule: Rule
    spans: list[tuple[int, int]]


@dataclass(slots=True)
class Findings:
    """The findings of one text, collected view by view, the plainest first."""

    original: str
    found: list[Finding] = field(default_factory=list)
    _rules: set[str] = field(default_factory=set)
    _secrets: dict[str, list[Finding]] = field(default_factory=dict)
    """Secrets by rule; none is reported twice, nor shown by another finding."""
    _places: dict[Category, dict[tuple[str, ...], list[Span]]] = field(default_factory=dict)
    """Where detectors saw secrets and personal data, by category and view, ascending."""

    def add_matches(self, view: View, matches: Sequence[Match]) -> None:
        """Report what matched in one view, unless a plainer view showed it already."""
        secrets = sorted(span for match in matches if match.rule.mask for span in match.spans)
        for match in matches:
            if match.rule.mask:
                self._add_secrets(view, match)
            elif match.rule.id not in self._rules:
                self._rules.add(match.rule.id)
                self.found.append(self._first(view, match, secrets))

    def _add_secrets(self, view: View, match: Match) -> None:
        known = self._secrets.setdefault(match.rule.id, [])
        texts = [(span, view.text[slice(*span)]) for span in match.spans]
        found = [_finding(match.rule, view.span(*span), view.chain, masked(text), 1, matched=text) for span, text in texts]
        plainer = tuple(known)
        for secret in found:
            if not any(_overlap(secret.span, other.span) for other in plainer):
                known.append(secret)
                self.found.append(secret)

    def add(self, findings: Iterable[Finding]) -> None:
        """Report findings of detectors and of the engine itself: every secret and piece of personal data, one a rule of all else."""
        for finding in findings:
            if finding.category in CONFIDENTIAL:
                self._add_confidential(finding)
            elif finding.rule not in self._rules:
                self._rules.add(finding.rule)
                self.found.append(finding)

    def _add_confidential(self, finding: Finding) -> None:
        """Report one unless another view, a plainer one, showed something of its category there."""
        chains = self._places.setdefault(finding.category, {})
        if finding.span is None or not any(_covers(spans, finding.span) for chain, spans in chains.items() if chain != finding.chain):
            chains.setdefault(finding.chain, []).extend([finding.span] if finding.span else [])
            self._secrets.setdefault(finding.rule, []).append(finding)
            self.found.append(finding)

    def result(self, most: int) -> tuple[Finding, ...]:
        """Return at most `most` findings, ordered by place and rule; those about the text as a whole stand last."""
        if len(self.found) <= most and not self._secrets:
            return tuple(sorted(self.found, key=_order))
        plain, decoded = self._secret_places()
        findings = [self._without_secrets(finding, plain, decoded) for finding in self.found]
        return tuple(sorted(_limited(findings, most), key=_order))

    def _secret_places(self) -> tuple[list[Span], list[Span]]:
        """Return the ranges that hold secrets: those that stand in the text as it is, and those that a decoded view revealed."""
        secrets = [secret for known in self._secrets.values() for secret in known]
        return (_union(s.span for s in secrets if not s.chain), _union(s.span for s in secrets if s.chain))

    def _first(self, view: View, match: Match, secrets: list[tuple[int, int]]) -> Finding:
        start, end = match.spans[0]
        span = view.span(start, end)
        if view.chain:
            evidence = excerpt(view.text, start, end, secrets)
        else:
            originals = [view.span(low, high) for low, high in secrets]
            evidence = excerpt(self.original, span.start, span.end, [(secret.start, secret.end) for secret in originals])
        return _finding(match.rule, span, view.chain, evidence, len(match.spans), matched=view.text[start:end])

    def _without_secrets(self, finding: Finding, plain: list[Span], decoded: list[Span]) -> Finding:
        """Mask the secrets that the evidence of another finding would show; drop it where only a decoded view revealed one."""
        span = finding.span
        if finding.rule in self._secrets or span is None or not finding.evidence:
            return finding
        if _covers(decoded, span) or (finding.chain and _covers(plain, span)):
            return replace(finding, evidence="")
        if _covers(plain, span):
            masks = [(secret.start, secret.end) for secret in plain]
            return replace(finding, evidence=excerpt(self.original, span.start, span.end, masks))
        return finding


def _covers(spans: list[Span], place: Span) -> bool:
    """Return whether one of `spans`, ascending and without overlap or all the same, shares a character with `place`."""
    index = bisect_right(spans, place.start, key=_start)
    return _overlap(place, spans[index - 1] if index else None) or (index < len(spans) and _overlap(place, spans[index]))


def _start(span: Span) -> int:
    return span.start


def _union(spans: Iterable[Span | None]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted((span for span in spans if span is not None), key=_start):
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return joined


def character_spans(data: bytes, text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Convert ascending byte ranges of `data`, the UTF-8 of `text`, to character ranges; a part of a character counts as all of it."""
    if len(data) == len(text):
        return list(spans)
    converted = []
    position = count = 0
    for start, end in spans:
        count += _leading(data[position:start])
        low = count - (0x80 <= data[start] < 0xC0)
        count += _leading(data[start:end])
        converted.append((low, count))
        position = end
    return converted


def _leading(data: bytes) -> int:
    return len(data.translate(None, _CONTINUATION))


def _finding(rule: Rule, span: Span, chain: tuple[str, ...], evidence: str, count: int, *, matched: str) -> Finding:
    times = "" if count == 1 else f" ({count} times{' or more' if count == COUNTED else ''})"
    return Finding(
        rule=rule.id,
        category=rule.category,
        severity=rule.effective_severity,
        summary=rule.title + times,
        confidence=rule.confidence,
        span=span,
        chain=chain,
        evidence=evidence,
        remediation=rule.remediation,
        references=rule.references,
        reasons=reasons(rule, matched),
    )


def _limited(findings: list[Finding], most: int) -> list[Finding]:
    if len(findings) <= most:
        return findings
    merged = _merged(findings)
    kept = sorted(merged, key=lambda finding: (-finding.severity.rank, -finding.confidence, _order(finding)))[: max(most - 1, 0)]
    detail = f" ({len(findings)}, of which {len(findings) - len(kept)} are joined with or left out after the {len(kept)} that weigh most)"
    return [*kept, own_rules.FINDING_LIMIT.finding(detail=detail)]


def _merged(findings: list[Finding]) -> list[Finding]:
    """Join the findings of one rule to one that reaches from the first to the last, so that redaction still covers every occurrence."""
    merged: dict[str, Finding] = {}
    for finding in findings:
        first = merged.setdefault(finding.rule, finding)
        if first is not finding and first.span is not None and finding.span is not None:
            span = Span(min(first.span.start, finding.span.start), max(first.span.end, finding.span.end))
            merged[finding.rule] = replace(first, span=span)
    return list(merged.values())


def _overlap(one: Span | None, other: Span | None) -> bool:
    return one is not None and other is not None and one.start < other.end and other.start < one.end


def _order(finding: Finding) -> tuple[bool, int, int, str, tuple[str, ...]]:
    if finding.span is None:
        return True, 0, 0, finding.rule, finding.chain
    return False, finding.span.start, finding.span.end, finding.rule, finding.chain

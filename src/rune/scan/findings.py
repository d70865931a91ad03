"""Turns matches into findings: one a rule, every occurrence of a secret, in an order that never changes, and never more than the limit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rune.scan import own_rules
from rune.scan.evidence import excerpt, masked
from rune.scan.patterns import COUNTED
from rune.scan.rule import Rule
from rune.types import Finding, Span, View

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
        found = [_finding(match.rule, view.span(*span), view.chain, masked(view.text[slice(*span)]), 1) for span in match.spans]
        plainer = tuple(known)
        for secret in found:
            if not any(_overlap(secret.span, other.span) for other in plainer):
                known.append(secret)
                self.found.append(secret)

    def add(self, findings: Iterable[Finding]) -> None:
        """Report findings of the engine itself, one a rule."""
        for finding in findings:
            if finding.rule not in self._rules:
                self._rules.add(finding.rule)
                self.found.append(finding)

    def result(self, most: int) -> tuple[Finding, ...]:
        """Return at most `most` findings, ordered by place and rule; those about the text as a whole stand last."""
        if len(self.found) <= most and not self._secrets:
            return tuple(sorted(self.found, key=_order))
        findings = [self._without_secrets(finding) for finding in self.found]
        return tuple(sorted(_limited(findings, most), key=_order))

    def _first(self, view: View, match: Match, secrets: list[tuple[int, int]]) -> Finding:
        start, end = match.spans[0]
        span = view.span(start, end)
        if view.chain:
            evidence = excerpt(view.text, start, end, secrets)
        else:
            originals = [view.span(low, high) for low, high in secrets]
            evidence = excerpt(self.original, span.start, span.end, [(secret.start, secret.end) for secret in originals])
        return _finding(match.rule, span, view.chain, evidence, len(match.spans))

    def _without_secrets(self, finding: Finding) -> Finding:
        """Drop evidence that shows the encoded form of a secret which only a decoded view revealed."""
        if finding.rule in self._secrets:
            return finding
        secrets = (secret for known in self._secrets.values() for secret in known)
        shown = any(secret.chain != finding.chain and _overlap(secret.span, finding.span) for secret in secrets)
        return replace(finding, evidence="") if shown else finding


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


def _finding(rule: Rule, span: Span, chain: tuple[str, ...], evidence: str, count: int) -> Finding:
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

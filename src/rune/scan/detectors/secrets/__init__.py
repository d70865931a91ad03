"""Finds credentials: the formats in `providers`, values that a name gives away (`assigned`), recovery phrases of wallets (`mnemonic`).

One pass finds where something may begin; only there shapes, checksums and placeholders are looked at. A checksum that fits makes a finding
nearly certain, one that does not fit lowers it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from rune.scan.detectors.detector import Detector
from rune.scan.detectors.gate import Gate, shortened
from rune.scan.detectors.literals import anchor
from rune.scan.detectors.secrets.assigned import ANCHORS as ASSIGNMENTS
from rune.scan.detectors.secrets.assigned import assigned
from rune.scan.detectors.secrets.checks import CHECKS, Checked
from rune.scan.detectors.secrets.mnemonic import PHRASE, phrases
from rune.scan.detectors.secrets.providers import PROVIDERS, Provider, expanded
from rune.scan.detectors.work import Work, covered, limit_findings
from rune.scan.evidence import masked
from rune.scan.normalize import Reading
from rune.types import Category, Direction, Finding, Message, Severity, View

__all__ = ["ASSIGNED_RULE", "PHRASE_RULE", "SECRETS", "Secret", "secrets_in"]

ASSIGNED_RULE = "RUNE-LEAK-041"
"""Rule of a value that only the name before it gives away."""
PHRASE_RULE = "RUNE-LEAK-192"
"""Rule of a wallet's recovery phrase."""

_REMEDIATION = "Revoke the credential and issue a new one; hand secrets to tools through a vault, not through messages."
_REFERENCES = ("OWASP-LLM02", "ATLAS-AML.T0055", "CWE-798")
_RUNS = bytes(ord("a") if (c := chr(byte)).isascii() and (c.isalnum() or c in "_-.") else ord(" ") for byte in range(256))
_UNANCHORED = re.compile("|".join(rf"(?:{expanded(provider.gate)})" for provider in PROVIDERS if provider.gate).encode())
_LONG = b"a" * 51
_BY_CONTEXT = frozenset({"header", "random"})
_OPENING_CHARS = 120
_KEY_CHARS = 3
_CANDIDATE_UNITS, _FOUND_UNITS = 14, 20
_PHRASES = frozenset(b"sSmMrRwWpP")


class Secret(NamedTuple):
    """A credential in a text that was made one byte a character."""

    start: int
    end: int
    rule: str
    label: str
    title: str
    severity: Severity
    confidence: float
    why: str
    by_context: bool = False
    """True when a name gave it away and not its own format; a format that is found in it wins."""


_ANCHORS = (*(anchor(shortened(provider.pattern)) for provider in PROVIDERS if not provider.gate), anchor(PHRASE), *ASSIGNMENTS)
_RARE_CHARS = 6
"""A literal this long is rare by itself; for shorter ones, such as `://`, a text is searched for more of the pattern."""
_RARE = [known for known in _ANCHORS[: -len(ASSIGNMENTS)] if min(map(len, known.literals)) >= _RARE_CHARS]
_LITERALS = sorted({re.escape(literal) for known in _RARE for literal in known.literals})
GATE = Gate([f"(?i:{'|'.join(_LITERALS)})", *(known.pattern for known in _ANCHORS[: -len(ASSIGNMENTS)] if known not in _RARE)])
"""Where a credential with a form of its own may begin."""


def has_unanchored(data: bytes) -> bool:
    """Return whether a text holds a run of letters and digits that may be one of the few formats which begin with nothing rare."""
    return _LONG in data.translate(_RUNS)


def secrets_in(flat: bytes, work: Work | None = None) -> list[Secret]:
    """Return the credentials in a text, given as one byte a character, in order and without overlap.

    Args:
        flat: The text.
        work: Counts what is looked at and bounds it; default: the bound of a text of this length.
    """
    work = work or Work(len(flat))
    found = list(_with_form(flat, work))
    if has_unanchored(flat):
        found += _without_anchor(flat, work)
    return _without_overlap([*found, *_assigned(flat, work)])


def _with_form(flat: bytes, work: Work) -> Iterator[Secret]:
    position = GATE.next(flat, 0)
    while position >= 0 and work.take(_CANDIDATE_UNITS, position):
        after = position + 1
        for secret in _at(flat, position):
            work.take(_FOUND_UNITS, secret.end)
            after = after if secret.by_context else max(after, secret.end)
            yield secret
        position = GATE.next(flat, after)


def _at(flat: bytes, at: int) -> Iterator[Secret]:
    known = _of_provider(flat, at)
    if known is not None:
        yield known
        return
    for start, end in phrases(flat, at) if flat[at] in _PHRASES else ():
        why = "words of one list whose checksum fits"
        yield Secret(start, end, PHRASE_RULE, "recovery-phrase", "Recovery phrase of a wallet", Severity.CRITICAL, 0.99, why)


def _assigned(flat: bytes, work: Work) -> Iterator[Secret]:
    for value in assigned(flat, work):
        named = value.named
        rule, label, title = (
            (named.rule, named.label, named.title) if named else (ASSIGNED_RULE, "secret", "Password or key assigned as text")
        )
        yield Secret(value.start, value.end, rule, label, title, value.severity, value.confidence, value.why, by_context=True)


def _of_provider(flat: bytes, at: int) -> Secret | None:
    for provider, shape, opening in _shapes().get(flat[at : at + _KEY_CHARS].lower(), ()):
        match = shape.match(flat, at)
        if match is not None and (secret := _confirmed(provider, flat, at, match.end(), opening)) is not None:
            return secret
    return None


def _confirmed(provider: Provider, flat: bytes, at: int, end: int, opening: re.Pattern[bytes] | None) -> Secret | None:
    start = at
    if opening is not None:
        before = opening.search(flat, max(0, at - _OPENING_CHARS), at)
        if before is None:
            return None
        start = before.start()
    if flat[start : start + 1].isalnum() and start > 0 and flat[start - 1 : start].isalnum():
        return None
    checked = CHECKS[provider.check](flat, start, end)
    return _secret(provider, checked) if checked is not None else None


def _secret(provider: Provider, checked: Checked) -> Secret:
    severity = Severity.MEDIUM if checked.certain is False else provider.severity
    confidence = {True: 0.99, None: 0.9, False: 0.5}[checked.certain]
    context = provider.check in _BY_CONTEXT
    return Secret(
        checked.start, checked.end, provider.rule, provider.label, provider.title, severity, confidence, checked.why, by_context=context
    )


_Shape = tuple[Provider, "re.Pattern[bytes]", "re.Pattern[bytes] | None"]


@cache
def _shapes() -> dict[bytes, list[_Shape]]:
    """Return the shapes by the first characters of the literals they begin with; the longest shape first."""
    shapes: dict[bytes, list[_Shape]] = {}
    for provider in PROVIDERS:
        if not provider.gate:
            known = _shape(provider)
            for key in sorted({literal[:_KEY_CHARS].encode() for literal in anchor(provider.pattern).literals}):
                shapes.setdefault(key, []).append(known)
    return shapes


@cache
def _unanchored() -> tuple[_Shape, ...]:
    return tuple(_shape(provider) for provider in PROVIDERS if provider.gate)


def _shape(provider: Provider) -> _Shape:
    opening = re.compile(rf"(?:{provider.opening})\Z".encode()) if provider.before else None
    return provider, re.compile((provider.pattern + _end(provider.pattern)).encode()), opening


def _without_anchor(flat: bytes, work: Work) -> Iterator[Secret]:
    for run in _UNANCHORED.finditer(flat):
        if not work.take(_FOUND_UNITS, run.start()):
            return
        for provider, shape, opening in _unanchored():
            match = shape.match(flat, run.start())
            secret = _confirmed(provider, flat, run.start(), match.end(), opening) if match else None
            if secret is not None:
                yield secret


def _end(pattern: str) -> str:
    return "" if pattern[-1] in "@: -" else r"(?![A-Za-z0-9])"


def _without_overlap(found: list[Secret]) -> list[Secret]:
    """Keep of any two that overlap the one with a form of its own, then the first, then the longer."""
    kept: list[Secret] = []
    for secret in sorted(found, key=lambda secret: (secret.by_context, secret.start, -secret.end)):
        place = bisect_right(kept, secret)
        if (place == 0 or kept[place - 1].end <= secret.start) and (place == len(kept) or secret.end <= kept[place].start):
            kept.insert(place, secret)
    return kept


def _findings(reading: Reading, message: Message) -> Iterable[Finding]:
    view = reading.view
    flat = reading.flat
    work = Work(len(flat))
    yield from (_finding(secret, view) for secret in covered(secrets_in(flat, work), work, len(flat)))
    yield from limit_findings(work, view, Severity.LOW if message.direction is Direction.INBOUND else Severity.MEDIUM)


def _finding(secret: Secret, view: View) -> Finding:
    return Finding(
        rule=secret.rule,
        category=Category.SECRET,
        severity=secret.severity,
        summary=secret.title,
        confidence=secret.confidence,
        span=view.span(secret.start, secret.end),
        chain=view.chain,
        evidence=masked(view.text[secret.start : secret.end]),
        remediation=_REMEDIATION,
        references=_REFERENCES,
        reasons=(secret.why,),
    )


SECRETS = Detector("secrets", has_unanchored, _findings, _ANCHORS)
"""Credentials of every kind."""

"""Data on its way out through an address: links, images that load by themselves, markup nobody sees.

An address that a client loads by itself (an image, a frame, a style sheet) needs no click to carry what stands in its query, path or host
name. Severity follows what is carried: a secret, personal data or a long random value is high; a parameter of an image on a foreign host is
low. What loads from a shortener, a badge service or a content network carries ids, so a short value is nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from rune.scan.detectors.detector import Detector
from rune.scan.detectors.pii import Personal, personal_in
from rune.scan.detectors.pii import suspects as holds_personal
from rune.scan.detectors.secrets import secrets_in
from rune.scan.detectors.secrets.placeholders import entropy
from rune.scan.detectors.work import Work, limit_findings
from rune.scan.normalize import Reading
from rune.scan.visible import visible
from rune.types import Category, Finding, Message, Severity

__all__ = ["LINKS", "Carried", "carried_in"]

RULE, HIDDEN_RULE = "RUNE-EXF-101", "RUNE-EXF-102"
RANDOM_CHARS = 24
"""A value this long without words in it is taken for encoded data."""

_URL = rb"(?:https?:)?//[^\s\"'<>()\[\]{}|\\^`]{12,2000}"
_TAGS = rb"(?:img|iframe|frame|embed|object|video|audio|source|script|link|input|track)"
_ATTRIBUTES = rb"(?:src|href|data|poster|srcset)"
_TAG = re.compile(rb"<" + _TAGS + rb"\b[^<>]{0,300}?\b" + _ATTRIBUTES + rb"\s{0,3}=\s{0,3}[\"']?(" + _URL + rb")")
_STYLE = re.compile(rb"url\(\s{0,3}[\"']?(" + _URL + rb")")
_REFRESH = re.compile(rb"http-equiv\s{0,2}=\s{0,2}[\"']?refresh[^<>]{0,80}?url\s{0,2}=\s{0,2}[\"']?(" + _URL + rb")")
_TARGET = re.compile(rb"\]\(\s{0,3}<?(" + _URL + rb")")
_REFERENCE = re.compile(rb"\]:\s{1,4}<?(" + _URL + rb")")
_REFERENCE_IMAGE = re.compile(rb"!\[[^\[\]\n]{0,200}\]\[")
_LABEL_CHARS = 200
_HIDING = (b"display", b"visibility", b"font-size", b"opacity", b"hidden")
_UNSEEN = re.compile(
    rb"<[a-z]{1,10}\s(?:[^<>]{0,600}?)(?:display\s?:\s?none|visibility\s?:\s?hidden|font-size\s?:\s?0|opacity\s?:\s?0(?![.\d])|\bhidden\b)"
    rb"[^<>]{0,600}>([^<]{16,4000})"
)
_TELLING = re.compile(rb"@|%40|[0-9](?:[-+.]?[0-9]){6}|[?&][^#]{20}|\A[^/?]{60}")
_LONG_PART = re.compile(rb"[A-Za-z0-9_+-]{20,}")
_DIGIT = re.compile(rb"[0-9]")
_LINK_UNITS, _TELLING_UNITS, _UNSEEN_UNITS = 2, 14, 14
_SHARE = 2
_COMMENT_CHARS = 4_000
_HIDDEN_CHARS_A_UNIT = 16
_PART = re.compile(rb"[A-Za-z0-9+/_%=~.-]+")
_VALUE = re.compile(rb"[A-Za-z0-9+/_=-]{24,}")
_WORDLIKE = re.compile(rb"[a-z]{4,}|[A-Z][a-z]{3,}")


class Carried(NamedTuple):
    """Data that an address or hidden markup carries, in a text that was made one byte a character."""

    start: int
    end: int
    rule: str
    severity: Severity
    confidence: float
    what: str


def suspects(data: bytes) -> bool:
    """Return whether an address in a link or an image, or hidden markup, may stand in a text."""
    if b"//" in data and (b"](" in data or b"]:" in data or b"url(" in data or b"=" in data):
        return True
    return b"<" in data and (b"<!--" in data or b"style" in data or b"hidden" in data)


def carried_in(flat: bytes, work: Work | None = None) -> list[Carried]:
    """Return what the addresses and the hidden markup of a text carry, what weighs most first.

    Args:
        flat: The text, one byte a character.
        work: Counts what is looked at and bounds it; default: the bound of a text of this length.
    """
    work = work or Work(len(flat), _SHARE)
    seen = list(_worth_reading(flat, work))
    private = _private(flat, [place[:2] for place in seen], work, spaced=True)
    found = [item for index, (start, end, loaded) in enumerate(seen) for item in _address(flat, start, end, loaded, index in private)]
    unseen = [place for place in _unseen(flat) if work.take(_UNSEEN_UNITS + (place[1] - place[0]) // _HIDDEN_CHARS_A_UNIT, place[0])]
    private = _private(flat, unseen, work, spaced=False)
    found += [item for index, (start, end) in enumerate(unseen) for item in _hidden(flat, start, end, index in private)]
    return sorted(found, key=lambda item: (-item.severity.rank, item.start))


def _worth_reading(flat: bytes, work: Work) -> Iterator[tuple[int, int, bool]]:
    """Yield the addresses that can carry anything."""
    for start, end, loaded in _addresses(flat, flat.lower()):
        may_carry = _may_carry(flat[flat.index(b"//", start) + 2 : end])
        if not work.take(_TELLING_UNITS if may_carry else _LINK_UNITS, start):
            return
        if may_carry:
            yield start, end, loaded


def _private(flat: bytes, places: list[tuple[int, int]], work: Work, *, spaced: bool) -> frozenset[int]:
    """Return which of some parts of a text, by position in the list, hold a secret or personal data; all are read in one go.

    Args:
        flat: The text.
        places: The parts.
        work: Bounds what is looked at.
        spaced: True when the parts are addresses, whose separators part words.
    """
    parts = [flat[start:end] for start, end in places]
    ends = list(accumulate(len(part) + 1 for part in parts))
    joined = b"\n".join(parts)
    holding = {bisect_right(ends, secret.start) for secret in secrets_in(joined, work)} if parts else set()
    text = _spaced(joined) if spaced else joined
    if parts and holds_personal(text):
        for item in personal_in(text, work):
            index = bisect_right(ends, item.start)
            begin = ends[index] - len(parts[index]) - 1
            if _tells(item, joined[begin : item.start] if spaced else None):
                holding.add(index)
    return frozenset(holding)


def _addresses(flat: bytes, lower: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield where each address stands, and whether a client loads it by itself."""
    for mark, pattern in ((b"<", _TAG), (b"url(", _STYLE), (b"http-equiv", _REFRESH)):
        if mark in lower:
            yield from ((*match.span(1), True) for match in pattern.finditer(lower))
    if b"](" in flat:
        yield from ((*match.span(1), image) for match in _TARGET.finditer(lower) if (image := _is_image(flat, match.start())) is not None)
    if b"]:" in flat:
        by_itself = _REFERENCE_IMAGE.search(flat) is not None
        yield from ((*match.span(1), by_itself) for match in _REFERENCE.finditer(lower))


def _may_carry(place: bytes) -> bool:
    """Return whether an address, after its scheme, has a value long enough to be anything."""
    return _TELLING.search(place) is not None or any(_DIGIT.search(part) for part in _LONG_PART.findall(place))


def _is_image(flat: bytes, close: int) -> bool | None:
    """Return whether the label that ends at `close` is an image's; None when it is no label."""
    opening = flat.rfind(b"[", max(0, close - _LABEL_CHARS - 1), close)
    if opening < 0 or b"\n" in flat[opening:close] or b"]" in flat[opening:close]:
        return None
    return flat[opening - 1 : opening] == b"!"


def _unseen(flat: bytes) -> Iterator[tuple[int, int]]:
    """Yield the ranges of comments, and of text whose tag hides it."""
    start = flat.find(b"<!--")
    while start >= 0:
        end = flat.find(b"-->", start + 4)
        end = end if end >= 0 else len(flat)
        yield start + 4, min(end, start + _COMMENT_CHARS)
        start = flat.find(b"<!--", end)
    lower = flat.lower() if b"<" in flat else b""
    if any(word in lower for word in _HIDING):
        yield from (match.span(1) for match in _UNSEEN.finditer(lower))


def _address(flat: bytes, start: int, end: int, loaded: bool, private: bool) -> Iterator[Carried]:  # noqa: FBT001 - private
    address = flat[start:end]
    host, _, rest = address.partition(b"//")[2].partition(b"/")
    host, _, bare = host.partition(b"?")
    query = rest.partition(b"?")[2] or bare
    how = "loads by itself" if loaded else "is shown as a link"
    if private:
        yield Carried(start, end, RULE, Severity.HIGH, 0.9, f"an address that {how} carries a secret or personal data")
    elif _label(host):
        yield Carried(start, end, RULE, Severity.HIGH, 0.8, f"an address that {how} carries encoded data in its host name")
    elif query and any(map(_encoded, _values(query))):
        severity = Severity.HIGH if loaded else Severity.MEDIUM
        yield Carried(start, end, RULE, severity, 0.7, f"an address that {how} carries a long encoded value")
    elif loaded and b"=" in query and len(query) > 64:
        yield Carried(start, end, RULE, Severity.LOW, 0.4, f"an address that {how} carries long parameters")


def _tells(item: Personal, before: bytes | None) -> bool:
    """Return whether personal data weighs: what is common in text only in the parameters of an address, `before` being what precedes it."""
    return item.severity.rank > Severity.LOW.rank or (before is not None and b"?" in before)


def _spaced(address: bytes) -> bytes:
    """Return an address with its separators as spaces of the same length, so that what stands between them is seen."""
    return address.replace(b"=", b" ").replace(b"&", b" ").replace(b"%40", b"  @").replace(b"/", b" ").replace(b"+", b" ")


def _values(query: bytes) -> Iterator[bytes]:
    for pair in re.split(rb"[&;]", query):
        yield pair.partition(b"=")[2] or pair


def _encoded(value: bytes) -> bool:
    """Return whether a value is long, random and without words."""
    longest = max(_VALUE.findall(value), key=len, default=b"")
    if len(longest) < RANDOM_CHARS or entropy(longest) < 3.3:
        return False
    words = sum(len(word) for word in _WORDLIKE.findall(longest))
    return words * 2 < len(longest) and (any(48 <= byte < 58 for byte in longest) or not longest.islower())


def _label(host: bytes) -> bool:
    """Return whether a host name has a label as data leaves through DNS: long, and random or hexadecimal."""
    labels = host.partition(b":")[0].split(b".")[:-2]
    return any(len(label) >= RANDOM_CHARS and _encoded(label) for label in labels) or sum(map(len, labels)) > 100


def _hidden(flat: bytes, start: int, end: int, private: bool) -> Iterator[Carried]:  # noqa: FBT001 - private
    if private:
        yield Carried(start, end, HIDDEN_RULE, Severity.HIGH, 0.8, "markup that is not shown carries a secret or personal data")
    elif any(len(part) >= 64 and _encoded(part) for part in _PART.findall(flat, start, end)):
        yield Carried(start, end, HIDDEN_RULE, Severity.MEDIUM, 0.6, "markup that is not shown carries a long encoded value")


def _first_of_each(carried: list[Carried]) -> Iterable[Carried]:
    """Return what weighs most of each rule, because a text has one finding of each."""
    return {item.rule: item for item in reversed(carried)}.values()


def _findings(reading: Reading, message: Message) -> Iterable[Finding]:
    del message
    view = reading.view
    flat = reading.flat
    work = Work(len(flat), _SHARE)
    for item in _first_of_each(carried_in(flat, work)):
        shown = view.text[item.start : item.end].partition("?")[0]
        yield Finding(
            rule=item.rule,
            category=Category.EXFILTRATION,
            severity=item.severity,
            summary=item.what[0].upper() + item.what[1:],
            confidence=item.confidence,
            span=view.span(item.start, item.end),
            chain=view.chain,
            evidence=visible(shown, 60) if item.rule == RULE and item.severity is not Severity.HIGH else "",
            remediation="Do not render the address; let only hosts you know load by themselves.",
            references=("OWASP-LLM02", "OWASP-ASI01", "ATLAS-AML.T0057", "CWE-201"),
            reasons=(item.what,),
        )
    yield from limit_findings(work, view, Severity.MEDIUM)


LINKS = Detector("links", suspects, _findings)
"""Data in addresses and in markup that is not shown."""

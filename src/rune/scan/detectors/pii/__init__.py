"""Finds personal data: numbers with check digits (`kinds`), e-mail addresses, telephone numbers, dates of birth, addresses and the like.

A look at which bytes stand beside one another decides whether any of it can be there; only then runs of digits and capitals are collected,
and each is tried as what its length allows. A number whose check is weak counts only after a word that says what it is.
"""

# ruff: noqa: E501 - an expression is a line
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from rune.scan.detectors.detector import Anchor, Detector
from rune.scan.detectors.gate import Gate
from rune.scan.detectors.pii import checks
from rune.scan.detectors.pii.kinds import KINDS, Kind
from rune.scan.detectors.secrets.checks import base58check, is_bech32
from rune.scan.detectors.work import Work, covered, limit_findings
from rune.scan.evidence import masked
from rune.scan.normalize import Reading
from rune.types import Category, Direction, Finding, Message, Severity, View

__all__ = ["PII", "Personal", "personal_in"]

PHONE_RULE, EMAIL_RULE, BIRTH_RULE, ADDRESS_RULE = "RUNE-PII-003", "RUNE-PII-004", "RUNE-PII-005", "RUNE-PII-006"
DOCUMENT_RULE, COIN_RULE, MAC_RULE = "RUNE-PII-007", "RUNE-PII-008", "RUNE-PII-009"

_REMEDIATION = "Leave personal data out of messages, or let the policy redact it before it leaves the group."
_REFERENCES = ("OWASP-LLM02", "CWE-359")
_DIGITS = r"[0-9](?:[ .()/-]{0,2}[0-9]){8}|[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}-?[0-9Kk]"
_CODES = r"[A-Z][0-9]{7}|[0-9]{7}-?[A-Z]|[A-Z]{2}[0-9]{6}|[A-Z]{2} ?[0-9]{2} |[A-Z]{6}[0-9]{2}|[A-Z][0-9]{2}[A-Z]|[0-9]{6}[-+A-Y][0-9]{3}|2[AB] ?[0-9]"
_NO_DIGITS = bytes(byte for byte in range(256) if not 48 <= byte < 58)
_FEWEST_DIGITS = 6
_MAIL = r"[A-Za-z0-9._%+'-]@[A-Za-z0-9-]{1,63}\.[A-Za-z]"
_GATE = Gate((_MAIL, _DIGITS, _CODES, "<<<|0x[0-9A-Fa-f]{8}"))
_DIGIT_GATE, _CODE_GATE = Gate((_DIGITS,)), Gate((_CODES,))
_NUMBER = re.compile(
    rb"[0-9(+](?<![A-Za-z0-9.,_#/-].)(?<!\d[ :].)(?:(?<=\+)\(\d|(?<=[+(])\d|(?<=\d))(?:[ .()/-]{0,2}[0-9]){6,22}(?:-?[A-Za-z](?![A-Za-z0-9]))?(?![A-Za-z0-9_%])"
)
_CODE = re.compile(
    rb"[A-Z0-9](?<![A-Za-z0-9].)(?:(?<=[A-Z])[A-Z]\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?|[A-Z0-9]{5,10}[-+]?[A-Z0-9]{3,5}|(?<=[A-Z])[A-Z](?: ?\d{2}){3} ?[A-D]|(?<=[12378]) ?\d{2} ?\d{2} ?(?:2A|2B) ?\d{3} ?\d{3} ?\d{2})(?![A-Za-z0-9])"
)
_SEPARATORS = re.compile(r"[ .()/-]")
_LOCAL = re.compile(rb"[A-Za-z0-9._%+'-]{1,64}")
_DOMAIN = re.compile(rb"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,6}[A-Za-z]{2,24}(?![A-Za-z0-9])")
_HANDED_OUT = frozenset({"iban"})
"""Numbers that are told to whoever is to pay."""
_ROLES = frozenset({b"git", b"noreply", b"no-reply", b"hg"})
_PHONE_WORDS = re.compile(rb"(?i)\bphone|\btel(?:efon|ephone)?\b|mobile|mobil\b|\bcell|\bfax|whatsapp|\bsms|\bcall|contact|handy|\bdial")
_NANP = re.compile(r"(?:\+?1[ .-]?)?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-.])[2-9]\d{2}[-.]\d{4}")
_DATE = re.compile(r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d|(?:19|20)\d{2} ?- ?(?:19|20)\d{2}")
_GROUPED = re.compile(r"\+?[0-9(][0-9 ()./-]+")
_BIRTH = re.compile(
    rb"(?:date[_ ]of[_ ]birth|birth[_ ]?da(?:te|y)|\bdob|born(?: on)?|geburtsdatum|geboren(?: am)?|fecha de nacimiento|date de naissance)"
    rb"[\"']?\s{0,2}[:=]?\s{0,2}(?:is |am |the )?[\"']?"
    rb"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}|\d{1,2}(?:st|nd|rd|th)? [a-z]{3,9},? \d{4}|[a-z]{3,9} \d{1,2}(?:st|nd|rd|th)?,? \d{4})"
)
_STREET = r"[0-9]{1,5}[A-Za-z]? (?:[NSEW]\.? )?[A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20})? (?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Terrace)\b"
_BIRTH_WORDS = (b"birth", b"dob", b"born", b"geb", b"nacimiento", b"naissance")
_STREET_MARKS = (b" St", b" Av", b" Ro", b" Rd", b" Bo", b" Bl", b" La", b" Ln", b" Dr", b" Co", b" Ct", b" Pl", b" Te")
_POSTAL_CODE = re.compile(rb"[0-9]{5}")
_MAIL_SIGN = re.compile(rb"@(?<=[A-Za-z0-9._%+'-].)[A-Za-z0-9]")
_CANDIDATE_UNITS, _FOUND_UNITS = 12, 18
_MAC_MARKS = 5
_MAC_MARK = re.compile(rb"[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-]")
_RUNS = bytes(97 if chr(byte).isascii() and chr(byte).isalnum() else 32 for byte in range(256))
_LONG_RUN = b"a" * 14
_STREET_WORD = re.compile(rb" (?:St|Av|Ro|Rd|Bo|Bl|La|Ln|Dr|Co|Ct|Pl|Te)[a-z]{0,7}\b[.,]")
_STREET_CHARS, _CITY_CHARS = 60, 110
_ADDRESS = re.compile(
    (
        _STREET + r"\.?(?:,? (?:Apt|Suite|Unit|#)\.? ?[A-Za-z0-9]{1,6})?(?:,? [A-Z][A-Za-z .]{1,30}){0,2},? (?:[A-Z]{2} )?\d{5}(?:-\d{4})?"
    ).encode()
)
_MRZ = re.compile(rb"[PVIAC][A-Z<][A-Z]{3}[A-Z<]{39}(?:\r?\n|\\n| )[A-Z0-9<]{44}")
_COIN = re.compile(
    rb"(?<![A-Za-z0-9])(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|(?:bc1|tb1|ltc1)[02-9ac-hj-np-z]{11,71}|0x[0-9a-fA-F]{40})(?![A-Za-z0-9])"
)
_MAC = re.compile(rb"(?<![A-Za-z0-9:-])[0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){4}(?![A-Za-z0-9:-])")
_CONTEXT_CHARS = 48

ANCHORS = (
    Anchor(_STREET, (" st", " av", " road", " rd", " boul", " blvd", " lane", " ln", " drive", " dr", " court", " ct", " pl", " terr")),
    Anchor(r"(?i:birth|dob|born|geb|nacimiento|naissance)[^\n]{0,24}[0-9]", ("birth", "dob", "born", "geb", "nacimiento", "naissance")),
    Anchor(r"(?i:bitcoin|btc|wallet|address)[^\n]{0,20}\b[13][1-9A-HJ-NP-Za-km-z]{25}", ("bitcoin", "btc", "wallet", "address")),
    Anchor(
        r"(?i:mac|hwaddr|ether|lladdr|device)[^\n]{0,16}\b[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}",
        ("mac", "hwaddr", "ether", "lladdr", "device"),
    ),
    Anchor(r"(?:bc1|tb1|ltc1)[02-9ac-hj-np-z]{11}", ("bc1", "tb1", "ltc1")),
)


class Personal(NamedTuple):
    """A piece of personal data in a text that was made one byte a character."""

    start: int
    end: int
    rule: str
    label: str
    title: str
    severity: Severity
    confidence: float
    why: str


def suspects(data: bytes) -> bool:
    """Return whether personal data that no word announces may stand in a text."""
    if b"@" not in data and len(data.translate(None, _NO_DIGITS)) < _FEWEST_DIGITS and b"<<<" not in data:
        return False
    return _GATE.opens(data)


def personal_in(flat: bytes, work: Work | None = None) -> list[Personal]:
    """Return the personal data in a text, given as one byte a character, in order and without overlap.

    Args:
        flat: The text.
        work: Counts what is looked at and bounds it; default: the bound of a text of this length.
    """
    work = work or Work(len(flat))
    found = [*_numbers(flat, work), *_emails(flat, work), *_worded(flat, work)]
    kept: list[Personal] = []
    for item in sorted(found, key=lambda item: (item.start, -item.severity.rank, -item.end)):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return kept


def _numbers(flat: bytes, work: Work) -> Iterator[Personal]:
    if _DIGIT_GATE.opens(flat):
        yield from _each(_NUMBER.finditer(flat), _number, flat, work)
    if _CODE_GATE.opens(flat):
        yield from _each(_CODE.finditer(flat), _of_kind, flat, work)


def _each(
    matches: Iterable[re.Match[bytes]], judge: Callable[[bytes, int, int], Personal | None], flat: bytes, work: Work
) -> Iterator[Personal]:
    for match in matches:
        if not work.take(_CANDIDATE_UNITS, match.start()):
            return
        known = judge(flat, *match.span())
        if known is not None:
            work.take(_FOUND_UNITS, match.end())
            yield known


def _number(flat: bytes, start: int, end: int) -> Personal | None:
    return _of_kind(flat, start, end) or _phone(flat, start, end)


def _of_kind(flat: bytes, start: int, end: int) -> Personal | None:
    written = flat[start:end].decode("latin-1").rstrip(" .()/-")
    bare = written if written[6:7] in ("-", "+") and len(written) == 11 and not written.isdigit() and written[7:10].isdigit() else ""
    value = _SEPARATORS.sub("", written)
    context = flat[max(0, start - _CONTEXT_CHARS) : start].decode("latin-1").lower().replace(" ", "_")
    announced = _ANNOUNCED.search(context) is not None
    for kind, shape, form in _by_length().get(len(value), ()):
        if not announced and (form is None or not form.fullmatch(written)):
            continue
        if shape.fullmatch(value) and kind.check(value):
            worded = announced and any(word in context for word in kind.words.split())
            if worded or (form is not None and form.fullmatch(written)):
                return _personal(kind, start, start + len(written), worded=worded)
    if bare and _HETU.fullmatch(bare) and checks.fi_hetu(bare):
        return _personal(_HETU_KIND, start, start + len(written), worded=False)
    return None


_ANNOUNCED = re.compile("|".join(sorted({re.escape(word) for kind in KINDS for word in kind.words.split()})))
_HETU_KIND = next(kind for kind in KINDS if kind.label == "fi-hetu")
_HETU = re.compile(_HETU_KIND.shape)


def _personal(kind: Kind, start: int, end: int, *, worded: bool) -> Personal:
    why = "its check digits and ranges fit" + (", and a word before it says what it is" if worded else "")
    return Personal(start, end, kind.rule, kind.label, kind.title, kind.severity, 0.97 if worded else 0.9, why)


_Row = tuple[Kind, "re.Pattern[str]", "re.Pattern[str] | None"]


@cache
def _by_length() -> dict[int, list[_Row]]:
    """Return the kinds by the number of characters a value has without separators."""
    rows: dict[int, list[_Row]] = {}
    for kind in KINDS:
        row = (kind, re.compile(kind.shape), re.compile(kind.form) if kind.form else None)
        for length in _lengths(kind):
            rows.setdefault(length, []).append(row)
    return rows


def _lengths(kind: Kind) -> Iterable[int]:
    if kind.label == "iban":
        return range(15, 33)
    if kind.label == "card":
        return range(12, 20)
    return [length for length in range(8, 19) if any(re.fullmatch(kind.shape, sample) for sample in _samples(kind, length))]


def _samples(kind: Kind, length: int) -> Iterator[str]:
    """Yield texts of a length of which one fits the shape if any text of that length does."""
    del kind
    for head in ("", "AA", "X", "A" * 6, "756", "9", "2", "1"):
        for tail in ("", "A"):
            digits = "1" * (length - len(head) - len(tail))
            yield head + digits + tail
    yield "AAAAAA11A11A111A"[:length]
    yield "111111-111A"[:length]


def _phone(flat: bytes, start: int, end: int) -> Personal | None:
    written = flat[start:end].decode("latin-1").rstrip(" .()/-")
    digits = "".join(filter(str.isdigit, written))
    if not 9 <= len(digits) <= 15 or not _GROUPED.fullmatch(written) or len(set(digits)) < 3 or _DATE.match(written):
        return None
    worded = _PHONE_WORDS.search(flat, max(0, start - _CONTEXT_CHARS), start) is not None
    international = written[0] == "+" and digits[0] != "0" and len(digits) >= 8
    if not (worded or international or _NANP.fullmatch(written)):
        return None
    severity = Severity.MEDIUM if worded or international else Severity.LOW
    why = "its form" + (" and a word before it" if worded else "")
    return Personal(start, start + len(written), PHONE_RULE, "phone", "Telephone number", severity, 0.8, why)


def _emails(flat: bytes, work: Work) -> Iterator[Personal]:
    for match in _MAIL_SIGN.finditer(flat):
        at = match.start()
        if not work.take(_CANDIDATE_UNITS, at):
            return
        before = _LOCAL.match(flat[max(0, at - 64) : at][::-1])
        after = _DOMAIN.match(flat, at + 1, at + 256)
        local = before[0][::-1].lstrip(b"'.-%") if before and after else b""
        if after and local and local.lower() not in _ROLES and not _in_address(flat, at, len(local)):
            work.take(_FOUND_UNITS, at)
            yield Personal(at - len(local), after.end(), EMAIL_RULE, "email", "E-mail address", Severity.LOW, 0.9, "its form")


def _in_address(flat: bytes, at: int, local: int) -> bool:
    """Return whether what looks like an e-mail address is the user of an address of a server."""
    return flat[at - local - 1 : at - local] in (b"/", b":") and b"://" in flat[max(0, at - 100) : at]


def _worded(flat: bytes, work: Work) -> Iterator[Personal]:
    """Find what stands after words or beside marks, each looked for only where the text holds them."""
    lower = flat.lower()
    if any(word in lower for word in _BIRTH_WORDS):
        yield from _each(_BIRTH.finditer(lower), _birth, lower, work)
    if _POSTAL_CODE.search(flat) and any(mark in flat for mark in _STREET_MARKS):
        yield from _each(_STREET_WORD.finditer(flat), _address, flat, work)
    if b"<<<" in flat:
        yield from _each(_MRZ.finditer(flat), _travel_document, flat, work)
    if flat.count(b":") >= _MAC_MARKS or flat.count(b"-") >= _MAC_MARKS:
        yield from _each(_MAC_MARK.finditer(flat), _hardware, flat, work)
    if b"0x" in flat or _LONG_RUN in flat.translate(_RUNS):
        yield from _each(_COIN.finditer(flat), _coin, flat, work)


def _birth(flat: bytes, start: int, end: int) -> Personal | None:
    match = _BIRTH.match(flat, start, end)
    if match is None:
        return None
    return Personal(*match.span(1), BIRTH_RULE, "birth-date", "Date of birth", Severity.MEDIUM, 0.8, "a date after a word for birth")


def _address(flat: bytes, start: int, end: int) -> Personal | None:
    address = _ADDRESS.search(flat, max(0, start - _STREET_CHARS), end + _CITY_CHARS)
    if address is None:
        return None
    return Personal(*address.span(), ADDRESS_RULE, "address", "Postal address", Severity.MEDIUM, 0.7, "number, street and postal code")


def _travel_document(flat: bytes, start: int, end: int) -> Personal | None:
    if not checks.mrz(flat[start:end].decode("latin-1")):
        return None
    return Personal(start, end, DOCUMENT_RULE, "travel-document", "Travel document", Severity.HIGH, 0.99, "its check digits fit")


def _hardware(flat: bytes, start: int, end: int) -> Personal | None:
    del end
    match = _MAC.match(flat, start - 2) if start >= 2 else None
    if match is None or len(set(match[0])) <= 4:
        return None
    return Personal(*match.span(), MAC_RULE, "mac-address", "Hardware address", Severity.LOW, 0.7, "its form")


def _coin(flat: bytes, start: int, end: int) -> Personal | None:
    value = flat[start:end]
    valid = value.startswith(b"0x") or (is_bech32(value) if value[:3] in (b"bc1", b"tb1", b"ltc") else base58check(value) is not None)
    if not valid or len(set(value)) <= 8:
        return None
    why = "its form" if value.startswith(b"0x") else "its checksum fits"
    return Personal(start, end, COIN_RULE, "wallet-address", "Address of a wallet", Severity.LOW, 0.9, why)


def _findings(reading: Reading, message: Message) -> Iterable[Finding]:
    view = reading.view
    flat = reading.flat
    outbound = message.direction is Direction.OUTBOUND
    work = Work(len(flat))
    found = covered(personal_in(flat, work), work, len(flat))
    yield from (_finding(item, view, outbound=outbound) for item in found)
    yield from limit_findings(work, view, Severity.MEDIUM if outbound else Severity.INFO)


def _finding(item: Personal, view: View, *, outbound: bool) -> Finding:
    """Return the finding; what people write to one another every day is only noted while it does not leave the group."""
    noted = not outbound and (item.severity.rank <= Severity.MEDIUM.rank or item.label in _HANDED_OUT)
    return Finding(
        rule=item.rule,
        category=Category.PII,
        severity=Severity.INFO if noted else item.severity,
        summary=item.title,
        confidence=item.confidence,
        span=view.span(item.start, item.end),
        chain=view.chain,
        evidence=masked(view.text[item.start : item.end]),
        remediation=_REMEDIATION,
        references=_REFERENCES,
        reasons=(item.why,),
    )


PII = Detector("pii", suspects, _findings, ANCHORS)
"""Personal data of every kind."""

"""Characters that hide text from a reader, or show another text than an agent reads.

Writing systems need some of them: joiners in Indic and Persian words and in emoji, controls where Hebrew or Arabic meets Latin, soft
hyphens, a byte order mark. Those are no finding. Sources: UTS 51 (emoji sequences), UAX 9 (bidi), "Trojan Source" (Boucher and
Anderson, 2021).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from rune.scan import own_rules
from rune.scan.assembly import Assembly
from rune.scan.characters import FOREIGN_LOOKALIKES, SELECTORS, TAGS, TURNED, fold
from rune.scan.decode.readable import readable
from rune.scan.detectors.detector import Detector
from rune.scan.normalize import Reading
from rune.scan.places import runs
from rune.scan.visible import visible
from rune.types import Finding, Kind, Message, Severity, View

EVIDENCE_CHARS = 80

_TAGS = frozenset(map(chr, TAGS))
_SELECTORS = frozenset(chr(point) for selectors in SELECTORS for point in selectors)
_BIDI = frozenset("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
_OVERRIDES = frozenset("\u202d\u202e")
_FILLERS = frozenset(
    "\u034f\u115f\u1160\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\u206a\u206b\u206c\u206d\u206e\u206f\u3164\ufeff\uffa0"
)
_CONTROLS = frozenset(map(chr, (*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F)))
_SURROGATES = frozenset(map(chr, range(0xD800, 0xE000)))
_UNSEEN = _FILLERS | _CONTROLS | _SELECTORS | _BIDI
_SUSPECT = _UNSEEN | _TAGS | _SURROGATES | FOREIGN_LOOKALIKES

_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")
_TAG_RUN = re.compile("[\U000e0020-\U000e007f]+")
_SELECTOR_RUN = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_FILLER_RUN = re.compile("[\u034f\u115f\u1160\u200b-\u200f\u2060-\u206f\u3164\ufeff\uffa0]{8,}")
_OVERRIDE = re.compile("[\u202d\u202e]")
_ANY_BIDI = re.compile("[\u202a\u202b\u202d\u202e\u2066-\u2068]")
_FOREIGN = "\u0370-\u058f\u13a0-\u13ff"
_MIXED = re.compile(f"(?<![A-Za-z])[A-Za-z]*[{_FOREIGN}][A-Za-z{_FOREIGN}]*")
_SURROGATE = re.compile("[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]")
_SEVERAL = 3
_BIT_SIGNS = (_FILLERS - {"\ufeff"}) | {"\u061c", "\u180e"}
_TURNED_LETTERS = 3
_TURNED_OTHERS = str.maketrans("nudpbqNUWM69", "unpdqbNUMW96")
_LINE = re.compile(r"[^\n]+\n?")


def hidden(reading: Reading) -> list[View]:
    """Return what invisible characters spell: tag characters as the ASCII behind them, variation selectors as bytes of text."""
    views = []
    raw = reading.raw
    if not reading.odd.isdisjoint(_TAGS):
        assembly = Assembly()
        for start, end in runs(raw.text, reading.odd & _TAGS):
            assembly.add("".join(chr(ord(tag) - 0xE0000) for tag in raw.text[start:end]), start, end)
        views.append(assembly.view(raw, "tags"))
    if any(map(_selector_byte, reading.odd & _SELECTORS)):
        views += _behind_selectors(raw, reading.odd & _SELECTORS)
    views += _bits(raw, reading.odd & _BIT_SIGNS)
    if len(reading.odd & TURNED) >= _TURNED_LETTERS:
        views.append(_turned(raw))
    return views


def disguises(reading: Reading, kind: Kind) -> Iterator[Finding]:
    """Yield a finding for each kind of disguise in a text as it was received; `kind` is that of its message."""
    suspect = reading.odd & _SUSPECT
    if not suspect:
        return
    raw = reading.raw
    if suspect & _TAGS and (tags := _TAG_RUN.search(_FLAG.sub(lambda flag: " " * len(flag[0]), raw.text))):
        yield _finding(own_rules.TAGS, raw, *tags.span())
    for characters, rule, pattern in ((_SELECTORS, own_rules.SELECTORS, _SELECTOR_RUN), (_FILLERS, own_rules.INVISIBLE_RUN, _FILLER_RUN)):
        if suspect & characters and (match := pattern.search(raw.text)):
            yield _finding(rule, raw, *match.span())
    # In a decoded text, half a pair only means that the other half was written in another way.
    if suspect & _SURROGATES and not raw.chain and (match := _SURROGATE.search(raw.text)):
        yield _finding(own_rules.SURROGATES, raw, *match.span())
    if suspect & _UNSEEN:
        yield from _in_words(raw, suspect & _UNSEEN)
    if suspect & _BIDI:
        yield from _bidirectional(reading, kind)
    if suspect & FOREIGN_LOOKALIKES:
        yield from _mixed_scripts(reading)


def _behind_selectors(view: View, selectors: frozenset[str]) -> list[View]:
    data = bytearray()
    first = end = -1
    for start, end in runs(view.text, selectors):
        first = start if first < 0 else first
        data += bytes(filter(None, map(_selector_byte, view.text[start:end])))
    text = readable(bytes(data))
    assembly = Assembly()
    assembly.add(text, first, end)
    return [assembly.view(view, "selectors")] if text else []


def _bits(view: View, signs: frozenset[str]) -> list[View]:
    """Read two invisible characters as the bits of bytes, the first in order of code point as 0, or the other way round."""
    if len(signs) < 2:
        return []
    places = [place for run in runs(view.text, signs) for place in range(*run)]
    used = sorted(Counter(view.text[place] for place in places).most_common(2))
    found = []
    for zero, one in ((used[0][0], used[1][0]), (used[1][0], used[0][0])):
        bits = "".join("01"[view.text[place] == one] for place in places if view.text[place] in (zero, one))
        text = readable(bytes(int(bits[place : place + 8], 2) for place in range(0, len(bits) - 7, 8)))
        if text:
            assembly = Assembly()
            assembly.add(text, places[0], places[-1] + 1)
            found.append(assembly.view(view, "bits"))
    return found


def _turned(view: View) -> View:
    """Read every line that has letters turned by half a circle from its end; some letters turned are other letters."""
    assembly = Assembly()
    for line in _LINE.finditer(view.text):
        text = line[0] if TURNED.isdisjoint(line[0]) else line[0][::-1].translate(_TURNED_OTHERS)
        assembly.add(text, *line.span())
    return assembly.view(view, "turned")


def _selector_byte(character: str) -> int:
    """Return the byte a selector can stand for; 0 for another character, and for the two that choose between text and emoji style."""
    first, second = SELECTORS
    if ord(character) in second:
        return ord(character) - second.start + len(first)
    return ord(character) - first.start if ord(character) in first and ord(character) < 0xFE0E else 0


def _in_words(view: View, unseen: frozenset[str]) -> Iterator[Finding]:
    text = view.text
    count, first = 0, (0, 0)
    for start, end in runs(text, unseen):
        if _latin(text[start - 1 : start]) and _latin(text[end : end + 1]):
            count += 1
            first = (start, end) if count == 1 else first
    if count:
        severity = None if count >= _SEVERAL else Severity.LOW
        yield _finding(own_rules.INVISIBLE, view, *first, detail=f", {count} times" if count > 1 else "", severity=severity)


def _latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _bidirectional(reading: Reading, kind: Kind) -> Iterator[Finding]:
    """Overrides always count, embeddings and isolates in code only: elsewhere libraries put them around names and numbers."""
    override = bool(reading.odd & _OVERRIDES)
    right_to_left = any(unicodedata.bidirectional(character) in {"R", "AL"} for character in reading.odd)
    if not override and (right_to_left or kind is not Kind.CODE):
        return
    match = (_OVERRIDE if override else _ANY_BIDI).search(reading.raw.text)
    if match is not None:
        severity = Severity.LOW if right_to_left else Severity.HIGH if kind is Kind.CODE else None
        yield _finding(own_rules.BIDI, reading.raw, *match.span(), severity=severity)


def _mixed_scripts(reading: Reading) -> Iterator[Finding]:
    """Report words that are Latin for the eye, unless the other script's own letters show that the text is written in it."""
    if any(_MIXED.fullmatch(character) and not fold(character).isascii() for character in reading.odd):
        return
    words = [word for word in _MIXED.finditer(reading.raw.text) if sum(map(str.isascii, word[0])) >= 2]
    if words:
        yield _finding(own_rules.MIXED_SCRIPTS, reading.raw, *words[0].span(), severity=None if len(words) >= _SEVERAL else Severity.LOW)


def _finding(rule: own_rules.OwnRule, view: View, start: int, end: int, *, detail: str = "", severity: Severity | None = None) -> Finding:
    evidence = visible(view.text[start:end], EVIDENCE_CHARS)
    return rule.finding(view.span(start, end), chain=view.chain, evidence=evidence, detail=detail, severity=severity)


def _findings(reading: Reading, message: Message) -> Iterator[Finding]:
    return disguises(reading, message.kind)


DISGUISE = Detector("disguise", lambda _plain: False, _findings)
"""Characters that hide text, or show another text than an agent reads."""

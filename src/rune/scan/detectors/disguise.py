"""Characters that hide text from a reader, or show another text than an agent reads.

Writing systems need some of them: joiners in Indic and Persian words and in emoji, controls where Hebrew or Arabic meets Latin, soft
hyphens, a byte order mark. Those are no finding. Sources: UTS 51 (emoji sequences), UAX 9 (bidi), "Trojan Source" (Boucher and
Anderson, 2021).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rune.scan import own_rules
from rune.scan.characters import SELECTORS, TAGS, fold, invisible
from rune.scan.decode.piece import Piece, joined
from rune.scan.decode.readable import readable
from rune.scan.visible import visible
from rune.types import Finding, Kind, Severity, View

EVIDENCE_CHARS = 80

_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")
_TAG_RUN = re.compile("[\U000e0020-\U000e007f]+")
_SELECTOR_RUN = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_IN_WORD = re.compile(
    "(?<=[A-Za-z])[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0100-\U000e01ef]+(?=[A-Za-z])"
)
_INVISIBLE_RUN = re.compile("[\u034f\u200b-\u200f\u2060-\u206f\ufeff\u3164\u115f\u1160\uffa0]{8,}")
_OVERRIDE = re.compile("[\u202d\u202e]")
_BIDI = re.compile("[\u202a\u202b\u202d\u202e\u2066-\u2068]")
_FOREIGN = "\u0370-\u052f\u0531-\u058f\u13a0-\u13ff\ua4d0-\ua4ff"
_MIXED = re.compile(f"(?<![A-Za-z])[A-Za-z]*[{_FOREIGN}][A-Za-z{_FOREIGN}]*")
_SURROGATE = re.compile("[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]")
_SEVERAL = 3


def hidden(view: View, odd: str) -> list[View]:
    """Return what invisible characters spell: tag characters as the ASCII behind them, variation selectors as bytes of text.

    Args:
        view: A text as it was received.
        odd: Its characters other than plain ASCII (`rune.scan.normalize.unusual`).
    """
    views = []
    if any(ord(character) in TAGS for character in set(odd)):
        runs = [Piece(run.start(), run.end(), _behind_tags(run[0])) for run in _TAG_RUN.finditer(view.text)]
        views.append(joined(view, runs, "tags"))
    found = list(_SELECTOR.finditer(view.text)) if any(map(_selector_byte, set(odd))) else []
    text = readable(bytes(filter(None, (_selector_byte(match[0]) for match in found)))) if len(found) > 1 else ""
    if text:
        views.append(joined(view, [Piece(found[0].start(), found[-1].end(), text)], "selectors"))
    return views


def disguises(view: View, odd: str, kind: Kind) -> Iterator[Finding]:
    """Yield a finding for each kind of disguise in a text as it was received; `odd` is that of `hidden`, `kind` the message's."""
    characters = set(odd)
    if not any(invisible(character) or (fold(character).isalpha() and fold(character).isascii()) for character in characters):
        return
    text = view.text
    if tags := _TAG_RUN.search(_FLAG.sub(lambda flag: " " * len(flag[0]), text)):
        yield _finding(own_rules.TAGS, view, tags)
    for rule, pattern in (
        (own_rules.SELECTORS, _SELECTOR_RUN),
        (own_rules.INVISIBLE_RUN, _INVISIBLE_RUN),
        (own_rules.SURROGATES, _SURROGATE),
    ):
        if match := pattern.search(text):
            yield _finding(rule, view, match)
    yield from _in_words(view)
    yield from _bidirectional(view, characters, kind)
    yield from _mixed_scripts(view, characters)


def _behind_tags(run: str) -> str:
    return "".join(chr(ord(tag) - 0xE0000) for tag in run if ord(tag) in TAGS)


def _selector_byte(character: str) -> int:
    """Return the byte a selector can stand for; 0 for another character, and for the two that choose between text and emoji style."""
    first, second = SELECTORS
    if ord(character) in second:
        return ord(character) - second.start + len(first)
    return ord(character) - first.start if ord(character) in first and ord(character) < 0xFE0E else 0


def _in_words(view: View) -> Iterator[Finding]:
    places = list(_IN_WORD.finditer(view.text))
    if places:
        severity = None if len(places) >= _SEVERAL else Severity.LOW
        yield _finding(own_rules.INVISIBLE, view, places[0], detail=f", {len(places)} times", severity=severity)


def _bidirectional(view: View, characters: set[str], kind: Kind) -> Iterator[Finding]:
    """Overrides always count, embeddings and isolates in code only: elsewhere libraries put them around names and numbers."""
    pattern = _BIDI if kind is Kind.CODE else _OVERRIDE
    match = pattern.search(view.text)
    if match is None:
        return
    right_to_left = any(unicodedata.bidirectional(character) in {"R", "AL"} for character in characters)
    if right_to_left and not _OVERRIDE.search(view.text):
        return
    severity = Severity.LOW if right_to_left else Severity.HIGH if kind is Kind.CODE else None
    yield _finding(own_rules.BIDI, view, match, severity=severity)


def _mixed_scripts(view: View, characters: set[str]) -> Iterator[Finding]:
    """Report words that are Latin for the eye, unless the other script's own letters show that the text is written in it."""
    foreign = [character for character in characters if _MIXED.fullmatch(character)]
    if not foreign or not all(fold(character).isascii() for character in foreign):
        return
    words = [word for word in _MIXED.finditer(view.text) if sum(character.isascii() for character in word[0]) >= 2]
    if words:
        yield _finding(own_rules.MIXED_SCRIPTS, view, words[0], severity=None if len(words) >= _SEVERAL else Severity.LOW)


def _finding(rule: own_rules.OwnRule, view: View, match: re.Match[str], *, detail: str = "", severity: Severity | None = None) -> Finding:
    start, end = match.span()
    evidence = visible(view.text[start:end], EVIDENCE_CHARS)
    return rule.finding(view.span(start, end), chain=view.chain, evidence=evidence, detail=detail, severity=severity)

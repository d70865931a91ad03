"""Reads the judge's answer: exactly what was asked for, or no answer at all."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rune.judge.prompt import NONE, THREATS, Question
from rune.judge.rules import (
    CANNOT_TELL,
    CONTRADICTORY,
    NO_COMPLETION,
    NO_JSON,
    OBEYS,
    SEES_ATTACK,
    SEES_NONE,
    WRONG_CANARY,
    NoAnswerError,
)
from rune.policy.judge import SURE
from rune.scan.visible import visible
from rune.types import Category, Finding, Severity, Span, Word

KEYS = frozenset({"canary", "verdict", "category", "confidence", "words"})
WORDS = 5
WORD_CHARS = 400
SHOWN_CHARS = 120
DIGITS = 30
"""Longest number read; a longer one is no confidence."""

_DICTATES = re.compile(
    r'"verdict"|"canary"|\b(?:verdict|classif\w{0,12}|label(?:led|ed)?|rated?|rating|mark(?:ed)?|answer|respond|reply|output|judge[ds]?|say)\b'
    r"[^.\n]{0,60}\b(?:honest|benign|safe|harmless|legitimate|innocuous|unsure|not an attack|no attack)\b",
    re.IGNORECASE,
)
"""Words with which a text tells its judge what to answer."""


class Says(Word):
    """What a judge may answer."""

    ATTACK = "attack"
    HONEST = "honest"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Opinion:
    """An answer that kept to the form."""

    says: Says
    category: Category | None
    """The threat; None unless it is an attack."""
    confidence: float
    words: tuple[str, ...]
    """Passages of the text that decide."""


def completion(body: bytes) -> str:
    """Return the text of a chat completion.

    Raises:
        NoAnswerError: the body is none.
    """
    try:
        choice = _json(body.decode())["choices"][0]
        content = choice["message"]["content"]
        ended = choice.get("finish_reason")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise NoAnswerError(NO_COMPLETION) from None
    if not isinstance(content, str):
        raise NoAnswerError(NO_COMPLETION, ": its content is no text")
    if ended == "length":
        raise NoAnswerError(NO_JSON, ": it was cut off")
    return content


def opinion(content: str, asked: Question) -> Opinion:
    """Return the opinion in an answer.

    Raises:
        NoAnswerError: it is not the JSON asked for, lacks the canary, contradicts itself or does what the text says.
    """
    given = _object(content)
    if given["canary"] != asked.canary:
        raise NoAnswerError(WRONG_CANARY)
    says, category = _says(given["verdict"]), _category(given["category"])
    found = Opinion(says, category, _confidence(given["confidence"]), _words(given["words"], asked.mark))
    _check(found, asked)
    return found


def finding(found: Opinion, text: str, model: str, *, whole: bool) -> Finding:
    """Return what an opinion reports about a text; `whole` is False when the judge saw only parts of it.

    A sure attack is `high`, another `medium`: the policy's rules decide about it as about any finding of its category.
    """
    if found.says is Says.HONEST and not whole:
        return _with_reasons(CANNOT_TELL.finding(detail=": it saw no attack in the parts it was shown"), found, model)
    rule = {Says.ATTACK: SEES_ATTACK, Says.HONEST: SEES_NONE, Says.UNSURE: CANNOT_TELL}[found.says]
    span = next((place for words in found.words if (place := _place(words, text)) is not None), None)
    severity = (Severity.HIGH if found.confidence >= SURE else Severity.MEDIUM) if found.says is Says.ATTACK else Severity.INFO
    evidence = visible(found.words[0], SHOWN_CHARS) if found.words else ""
    return _with_reasons(rule.finding(span if found.says is Says.ATTACK else None, evidence=evidence, severity=severity), found, model)


def _with_reasons(plain: Finding, found: Opinion, model: str) -> Finding:
    quotes = tuple(f"it quotes: {visible(words, SHOWN_CHARS)}" for words in found.words)
    return Finding(
        plain.rule,
        found.category or plain.category,
        plain.severity,
        plain.summary,
        found.confidence,
        plain.span,
        evidence=plain.evidence,
        remediation=plain.remediation,
        references=plain.references,
        reasons=(f"model {visible(model, SHOWN_CHARS)} says {found.says}, {found.confidence:.2f} sure; sure from {SURE:.2f}", *quotes),
    )


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_unique, parse_int=_number, parse_float=_number, parse_constant=_refused)


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands twice")
    return table


def _number(digits: str) -> float:
    if len(digits) > DIGITS:
        raise ValueError("a number of too many digits")
    return float(digits)


def _refused(word: str) -> float:
    raise ValueError(f"`{word}` is no JSON")


def _object(content: str) -> dict[str, Any]:
    try:
        given = _json(content)
    except (ValueError, RecursionError):
        raise NoAnswerError(NO_JSON) from None
    if not isinstance(given, dict):
        raise NoAnswerError(NO_JSON, ": it is no object")
    if set(given) != KEYS:
        raise NoAnswerError(NO_JSON, ": its keys are others")
    return given


def _says(word: Any) -> Says:
    try:
        return Says(word)
    except ValueError:
        raise NoAnswerError(NO_JSON, ": its verdict is none of the three") from None


def _category(word: Any) -> Category | None:
    if word == NONE:
        return None
    known = next((threat for threat in THREATS if threat.value == word), None)
    if known is None:
        raise NoAnswerError(NO_JSON, ": its category is unknown")
    return known


def _confidence(value: Any) -> float:
    if isinstance(value, float) and 0.0 <= value <= 1.0:  # every number was read as a float; NaN fits no bounds
        return value
    raise NoAnswerError(NO_JSON, ": its confidence is no number from 0 to 1")


def _words(value: Any, mark: str) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > WORDS or not all(isinstance(words, str) and len(words) <= WORD_CHARS for words in value):
        raise NoAnswerError(NO_JSON, ": its words are no list of short texts")
    return tuple(plain for words in value if (plain := " ".join(words.replace(mark, " ").split())))


def _check(found: Opinion, asked: Question) -> None:
    if (found.says is Says.ATTACK) is (found.category is None):
        raise NoAnswerError(CONTRADICTORY, ": verdict and category do not go together")
    text = _folded(asked.shown.text)
    if found.says is Says.ATTACK and not any(_folded(words) in text for words in found.words):
        raise NoAnswerError(CONTRADICTORY)
    if found.says is not Says.ATTACK and _DICTATES.search(asked.shown.text):
        raise NoAnswerError(OBEYS)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _place(words: str, text: str) -> Span | None:
    """Return where a quoted passage stands in the original, whatever its spaces."""
    match = re.search(r"\s+".join(map(re.escape, words.split())), text, re.IGNORECASE)
    return Span(match.start(), match.end()) if match else None

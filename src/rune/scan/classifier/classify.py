"""Turns the score of a text into a finding: how sure, which window, which words, against which threshold."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from zlib import crc32

from rune.scan.channel import Channel, channel
from rune.scan.classifier.encoder import Encoder, Opinion
from rune.scan.classifier.light import Window, score, worst
from rune.scan.classifier.model import ZERO, Model, Weights
from rune.scan.classifier.tokens import BREAK, UNSPACED, tokens
from rune.scan.evidence import excerpt
from rune.scan.own_rules import OwnRule
from rune.types import Category, Finding, Kind, Message, Severity, View

_REFERENCES = ("OWASP-LLM01", "OWASP-ASI01", "ATLAS-AML.T0051")
_REMEDIATION = "Read the marked window; keep the text from the agents if it orders them to do what the user did not ask for."
LEARNED: Mapping[Channel, OwnRule] = {
    Channel.USER: OwnRule(
        "RUNE-ML-001",
        Category.PROMPT_INJECTION,
        Severity.MEDIUM,
        "Reads like an attempt to take an agent out of its rules",
        _REMEDIATION,
        _REFERENCES,
    ),
    Channel.DATA: OwnRule(
        "RUNE-ML-002",
        Category.PROMPT_INJECTION,
        Severity.MEDIUM,
        "Data that reads like an order to the agent",
        _REMEDIATION,
        ("OWASP-LLM01", "OWASP-ASI01", "ATLAS-AML.T0051.001"),
    ),
    Channel.AGENT: OwnRule(
        "RUNE-ML-003",
        Category.PROMPT_INJECTION,
        Severity.MEDIUM,
        "Reads like an order that no agent of the group should give",
        _REMEDIATION,
        ("OWASP-LLM01", "OWASP-ASI07", "ATLAS-AML.T0051.001"),
    ),
}
"""What the learned detector reports, by the channel the text stands in."""

READ = frozenset({Kind.CHAT, Kind.TOOL_RESULT, Kind.DOCUMENT, Kind.MEMORY})
"""Kinds of message it reads; code and tool calls are read for what they do."""
WINDOWS = 3
"""Windows of one text that the encoder reads."""
_WORDS = 5
_WORD = re.compile(f"{UNSPACED}|[A-Za-z0-9\x80-\U0010ffff']+")


class Classifier:
    """The learned detector. Thread-safe; it keeps nothing of what it reads."""

    def __init__(self, model: Model, encoder: Encoder | None = None) -> None:
        """Use these weights, and the encoder, where there is one, for what they leave open."""
        self.model = model
        self.encoder = encoder

    def finding(self, view: View, message: Message) -> Finding | None:
        """Return what is learned to be hostile in one reading of a message; None below the threshold of its channel."""
        if message.kind not in READ:
            return None
        place = channel(message)
        stream = tokens(view.text)
        window = score(stream, self.model, place)
        if window is None:
            return None
        weights = self.model.channels[place.value]
        light = _chance(window.logit)
        opinion = Opinion(light, weights.medium, weights.high)
        if self.encoder is not None and self.encoder.wanted(light, place) and light < weights.high:
            opinion = self._second(view.text, stream, window, place, self.encoder)
        return self._reported(view, stream, window, place, opinion) if opinion.chance >= opinion.medium else None

    def _second(self, text: str, stream: list[bytes], window: Window, place: Channel, encoder: Encoder) -> Opinion:
        """Return what the encoder and the light classifier think together of the text's worst windows."""
        return encoder.opinion(texts(text, stream, worst(stream, self.model, place, WINDOWS)), window.logit, place)

    def _reported(self, view: View, stream: list[bytes], window: Window, place: Channel, opinion: Opinion) -> Finding:
        high = opinion.chance >= opinion.high
        start, end = _characters(view.text, stream, window)
        weights = self.model.channels[place.value]
        threshold = opinion.high if high else opinion.medium
        against = f"threshold {threshold:.2f} for the channel `{place}`"
        reasons = (
            f"probability {opinion.chance:.2f}, {against} ({opinion.by}model {self.model.version})",
            f"words that weigh most: {', '.join(_heaviest(stream, window, weights, self.model.mask))}",
        )
        rule = LEARNED[place]
        return Finding(
            rule.id,
            rule.category,
            Severity.HIGH if high else Severity.MEDIUM,
            rule.title,
            confidence=opinion.chance,
            span=view.span(start, end),
            chain=view.chain,
            evidence=excerpt(view.text, start, end),
            remediation=rule.remediation,
            references=rule.references,
            reasons=reasons,
        )


def texts(text: str, stream: list[bytes], windows: Sequence[Window]) -> list[str]:
    """Return the windows as they stand in the text, each once; `stream` is its tokens."""
    places = dict.fromkeys(_characters(text, stream, window) for window in windows)
    return [text[start:end] for start, end in places]


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-min(max(logit, -60.0), 60.0)))


def _characters(text: str, stream: list[bytes], window: Window) -> tuple[int, int]:
    """Return where the window's first word begins and its last one ends."""
    before = sum(token != BREAK for token in stream[: max(window.start - 1, 0)])
    inside = sum(token != BREAK for token in stream[max(window.start - 1, 0) : window.end])
    spans = [match.span() for match in _WORD.finditer(text) if match[0].strip("'")]
    chosen = spans[before : before + inside]
    return (chosen[0][0], chosen[-1][1]) if chosen else (0, len(text))


def _heaviest(stream: list[bytes], window: Window, weights: Weights, mask: int) -> list[str]:
    """Return the words of the window with the largest weights, pairs included, as visible text."""
    part = [token for token in stream[max(window.start - 1, 0) : window.end] if token != BREAK]
    found: dict[str, float] = {}
    before = BREAK
    for token in part:
        pair = weights.table[crc32(token, crc32(before)) & mask] - ZERO
        for words, weight in ((token, weights.table[crc32(token) & mask] - ZERO), (before + b" " + token, pair)):
            if words.replace(b" ", b"").isalpha():  # a number or a name with signs in it may be a secret
                found[words.decode("utf-8", "replace")] = weight * weights.scale
        before = token
    worst = sorted(found, key=lambda words: -found[words])[:_WORDS]
    return [f"{words} (+{found[words]:.1f})" for words in worst if found[words] > 0]

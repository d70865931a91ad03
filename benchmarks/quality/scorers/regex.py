"""The first thing anybody writes: a list of obvious patterns. What is built here has to be better than this."""

from __future__ import annotations

import re
from collections.abc import Sequence

from benchmarks.quality.sources import Sample

_NOUNS = r"(?:instructions?|directions?|prompts?|rules|guidelines|commands)"
_BEFORE = r"(?:previous|prior|above|earlier|preceding|existing|all|any|your)"
PATTERNS = (
    rf"\bignore (?:\w+ ){{0,3}}{_BEFORE} (?:\w+ ){{0,2}}{_NOUNS}",
    rf"\bdisregard (?:\w+ ){{0,3}}{_NOUNS}",
    rf"\bforget (?:\w+ ){{0,3}}(?:{_NOUNS}|everything|all)\b",
    rf"\b(?:override|bypass) (?:\w+ ){{0,3}}(?:{_NOUNS}|safety|filters?|restrictions?)",
    rf"\bdo not follow (?:\w+ ){{0,3}}{_NOUNS}",
    r"\bnew (?:instructions?|task)\s*:",
    r"\b(?:important|urgent) (?:message|instructions?|notice)\b",
    r"\byou (?:are|will be) now\b",
    r"\bfrom now on,? you\b",
    r"\b(?:act|behave) as (?:if|though|an?)\b",
    r"\bpretend (?:to be|you are|that you)\b",
    r"\b(?:reveal|show|print|repeat|output) (?:\w+ ){0,3}(?:system prompt|instructions|prompt)\b",
    r"\bsystem prompt\b",
    r"\bdeveloper mode\b",
    r"\bdan mode\b|\bdo anything now\b",
    r"\bjailbr(?:eak|oken)\b",
    r"\bwithout (?:any )?(?:restrictions?|limitations?|censorship|filters?)\b",
    r"\bno (?:ethical|moral|legal) (?:guidelines|constraints|limits)\b",
    r"\bunfiltered\b|\buncensored\b",
    r"\bstay in character\b",
    r"\bhypothetical (?:response|scenario)\b",
    r"\bevil (?:ai|assistant|confidant)\b",
    r"<\|?(?:im_start|system|endoftext)\|?>|\[/?inst\]|<<sys>>",
    r"^\s*#{0,3}\s*(?:system|assistant)\s*:",
    r"\bend of (?:prompt|context|document|instructions)\b",
    r"\bsend (?:\w+ ){0,6}to (?:https?://|\S+@\S+)",
    r"!\[[^\]]*\]\(https?://[^)]*[?&]\w+=",
    r"\bcurl (?:-\w+ )*https?://\S+ ?\| ?(?:ba)?sh\b",
    r"\brm -rf [/~]",
    r"\byour (?:real|actual|true|new) (?:task|goal|objective|purpose)\b",
)
_COMPILED = tuple(re.compile(pattern, re.IGNORECASE | re.MULTILINE) for pattern in PATTERNS)


class PlainRegex:
    """One alarm for one match."""

    name = "regex list"
    about = f"{len(PATTERNS)} obvious patterns, any match is an alarm"
    version = ""
    learns = False
    probability = False
    own = False

    def fit(self, samples: Sequence[Sample]) -> None:
        """Learn nothing."""

    def scores(self, samples: Sequence[Sample]) -> list[float]:
        """Return how many patterns match, of all."""
        return [sum(pattern.search(each.text) is not None for pattern in _COMPILED) / len(_COMPILED) for each in samples]

    def alarms(self, samples: Sequence[Sample], scores: Sequence[float]) -> list[bool]:  # noqa: ARG002 - as the protocol has it
        """Return where anything matched."""
        return [score > 0 for score in scores]

"""A pattern in any script means the same to both backends and to the pattern that confirms, on any text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from rune.scan.backends import build
from rune.scan.normalize import read
from rune.scan.patterns import Pattern
from rune.scan.signatures import load_rules
from rune.types import View

ATOMS = (
    "忽略",
    "и",
    "Ш",
    "ё",
    "наказ",
    "ת",
    "ق",
    "निर",
    "ลืม",
    "무시",
    "a",
    "é",
    "[忽略x]",
    "[а-я]",
    "[^.! ]",
    r"\w",
    r"\s",
    ".",
    "[ก-๛0-9]",
)
RULE = replace(load_rules(Path(__file__).parents[1] / "rules")["RUNE-INJ-900"], literal=("指",))
COUNTS = ("", "", "?", "{1,3}", "{0,2}", "{2}")
TEXTS = st.text("忽略иИшШёЁнаказНАКАЗתقनिरลืม무시aAéÉ.! 7\n\u0301\u200b", max_size=24)
PATTERNS = st.lists(st.tuples(st.sampled_from(ATOMS), st.sampled_from(COUNTS)), min_size=1, max_size=5).map(
    lambda parts: "指" + "".join(f"(?:{atom}){count}" if len(atom) > 1 and atom[0] not in "[\\" else atom + count for atom, count in parts)
)


@settings(max_examples=150, deadline=None)
@given(PATTERNS, st.lists(TEXTS, min_size=1, max_size=8))
def test_both_backends_and_the_confirming_pattern_agree(pattern: str, texts: list[str]) -> None:
    rule = replace(RULE, pattern=pattern)
    confirms = Pattern(rule)
    hyperscan, re2 = (build(name, (rule,), b"") for name in ("hyperscan", "re2"))

    for text in (f"{text[:3]}指{text}" for text in texts):
        data = read(View(text)).data
        spans = confirms.spans(data, -1)
        suspected = hyperscan.candidates(data)
        assert bool(suspected) == bool(spans), (pattern, text)
        assert not spans or [position for position, _ in re2.candidates(data)] == [0], (pattern, text)
        assert not spans or confirms.spans(data, suspected[0][1]) == spans, (pattern, text)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["игнорируй", "ИГНОРИРУЙ", "Игнорируй", "и\u0433норируи\u0306"]), TEXTS)
def test_a_word_is_met_however_it_is_written(word: str, text: str) -> None:
    rule = replace(RULE, pattern=r"игнорируй", literal=("игнорируй",))

    assert Pattern(rule).spans(read(View(f"{text} {word}")).data, -1)

"""Where a rule matches is decided in one place, however far a backend looked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rune.errors import RuleError
from rune.scan.patterns import COUNTED, OCCURRENCES, Pattern, Patterns
from rune.scan.rule import Example, Maturity, Rule
from rune.types import Category, Severity

RULE = Rule(
    id="RUNE-INJ-900",
    title="",
    category=Category.PROMPT_INJECTION,
    severity=Severity.HIGH,
    maturity=Maturity.STABLE,
    since="0.1",
    pattern="x",
    literal=("xxx",),
    references=(),
    match=(Example("x"),),
    no_match=(Example("y"),),
    remediation="",
    file="x.yaml",
)


def pattern(text: str, **fields: object) -> Pattern:
    return Pattern(replace(RULE, pattern=text, **fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "data", "spans"),
    [
        pytest.param("ab", b"xABx", [(1, 3)], id="any case"),
        pytest.param("ab", b"xyz", [], id="no match"),
        pytest.param(r"\bab\b", b"cab ab", [(4, 6)], id="word boundary"),
        pytest.param("忽", "x忽".encode(), [(1, 4)], id="bytes of a character"),
    ],
)
def test_spans(text: str, data: bytes, spans: list[tuple[int, int]]) -> None:
    assert pattern(text).spans(data, -1) == spans


def test_case_counts_where_the_rule_says_so() -> None:
    assert pattern("AB", case_sensitive=True).spans(b"ab AB", -1) == [(3, 5)]


def test_a_few_occurrences_are_counted_near_the_first() -> None:
    assert len(pattern("ab").spans(b"ab " * 100, -1)) == COUNTED
    assert len(pattern("ab").spans(b"ab" + b" " * 100_000 + b"ab", -1)) == 1


def test_every_occurrence_of_a_secret_is_covered() -> None:
    data = b"ab " * 100
    spans = pattern("ab", mask=True).spans(data, -1)

    assert len(spans) == OCCURRENCES
    assert spans[-1] == (3 * (OCCURRENCES - 1), 299)


@given(before=st.text("ab c", max_size=300), after=st.text("ab c", max_size=300))
@pytest.mark.parametrize("text", ["a{2,5}b{0,3}c", "(?:ab){2,4}|ac", r"\ba.{0,40}b", "a+b", r"b\b"])
@pytest.mark.parametrize("ahead", [pytest.param(0, id="short text"), pytest.param(5_000, id="long text")])
def test_knowing_where_the_earliest_match_ends_changes_nothing(ahead: int, text: str, before: str, after: str) -> None:
    data = b"." * ahead + (before + after).encode()
    compiled = pattern(text)
    whole = compiled.spans(data, -1)
    if not whole:
        return
    earliest = next(end for end in range(ahead, len(data) + 1) if compiled.spans(data[:end], -1) or end == whole[0][1])

    assert compiled.spans(data, earliest) == whole


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("a(", "RE2 cannot use it", id="syntax"),
        pytest.param("(?=a)b", "RE2 cannot use it", id="look-ahead"),
        pytest.param(r"(a)\1", "RE2 cannot use it", id="back-reference"),
        pytest.param("a*", "matches the empty text", id="matches nothing"),
    ],
)
def test_refused_patterns_name_their_file(text: str, reason: str) -> None:
    with pytest.raises(RuleError, match=rf"^x\.yaml: `pattern` is .*{reason}"):
        Patterns([replace(RULE, pattern=text)]).compile()

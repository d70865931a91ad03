"""Offending spans out, readable placeholders in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rune.policy.redact import VALUES, Placeholders, can_redact, redact
from rune.types import Category, Finding, Severity, Span


def at(start: int, end: int, category: str = "secret", severity: str = "high", confidence: float = 1.0) -> Finding:
    return Finding("RUNE-X-001", Category(category), Severity(severity), "", confidence, Span(start, end))


NO_SPAN = Finding("RUNE-X-001", Category.SECRET, Severity.HIGH, "")


@pytest.mark.parametrize(
    ("text", "findings", "result"),
    [
        pytest.param("key=abc!", [at(4, 7)], "key=[REDACTED:secret]!", id="one"),
        pytest.param("abc", [at(0, 3)], "[REDACTED:secret]", id="everything"),
        pytest.param("a-b-a", [at(0, 1), at(2, 3), at(4, 5)], "[REDACTED:secret]-[REDACTED:secret-2]-[REDACTED:secret]", id="equal values"),
        pytest.param("abcdef", [at(0, 4), at(2, 6)], "[REDACTED:secret]", id="overlapping"),
        pytest.param("abcdef", [at(0, 6), at(2, 4)], "[REDACTED:secret]", id="one inside the other"),
        pytest.param("abcdef", [at(0, 3), at(3, 6)], "[REDACTED:secret][REDACTED:secret-2]", id="side by side"),
        pytest.param("abcdef", [at(0, 4, "pii", "low"), at(2, 6, "secret", "high")], "[REDACTED:secret]", id="named after the worst"),
        pytest.param("a b", [at(0, 1, "pii"), at(2, 3)], "[REDACTED:pii] [REDACTED:secret]", id="two categories"),
        pytest.param("b a", [at(2, 3), at(0, 1)], "[REDACTED:secret] [REDACTED:secret-2]", id="numbered by place"),
        pytest.param("abc", [at(1, 99)], "a[REDACTED:secret]", id="beyond the end"),
        pytest.param("abc", [at(-5, 1)], "[REDACTED:secret]bc", id="before the start"),
        pytest.param("abc", [at(2, 1), at(1, 1), at(7, 9), NO_SPAN], "abc", id="nothing to replace"),
        pytest.param("é\ud800😀", [at(1, 2)], "é[REDACTED:secret]😀", id="a lone surrogate"),
        pytest.param("", [at(0, 1)], "", id="no text"),
    ],
)
def test_redact(text: str, findings: list[Finding], result: str) -> None:
    assert redact(text, findings) == result


def known(rule: str, category: str, start: int, end: int) -> Finding:
    return Finding(rule, Category(category), Severity.HIGH, "", 1.0, Span(start, end))


def test_a_placeholder_says_what_kind_of_value_it_stands_for() -> None:
    findings = [known("RUNE-LEAK-005", "secret", 0, 1), known("RUNE-PII-004", "pii", 2, 3), known("RUNE-LEAK-005", "secret", 4, 5)]
    assert redact("a b c", findings) == "[REDACTED:secret:github-token] [REDACTED:pii:email] [REDACTED:secret:github-token-2]"


def test_over_one_conversation_equal_values_keep_their_placeholder() -> None:
    names, email = Placeholders(), "RUNE-PII-004"
    first = redact("ann bob", [known(email, "pii", 0, 3), known(email, "pii", 4, 7)], names)
    second = redact("bob eve ann", [known(email, "pii", 0, 3), known(email, "pii", 4, 7), known(email, "pii", 8, 11)], names)

    assert first == "[REDACTED:pii:email] [REDACTED:pii:email-2]"
    assert second == "[REDACTED:pii:email-2] [REDACTED:pii:email-3] [REDACTED:pii:email]"
    assert Placeholders().name("pii", "bob") == "[REDACTED:pii]"


def test_placeholders_keep_no_value_and_are_bounded() -> None:
    names = Placeholders()
    given = [names.name("secret", f"value-{number}") for number in range(VALUES + 1)]

    assert len(set(given)) == VALUES + 1
    assert names.name("secret", "value-1") == given[1]
    assert names.name("secret", "value-0") == f"[REDACTED:secret-{VALUES + 2}]"
    assert not any(b"value-1" in key for key in names._names)
    assert len(names._names) == VALUES


SPANS = st.lists(st.builds(at, st.integers(-2, 30), st.integers(-2, 30), st.sampled_from(["secret", "pii"])), max_size=6)


@given(st.text(alphabet="abc", max_size=25), SPANS)
def test_no_covered_character_is_left_and_no_other_is_lost(text: str, findings: list[Finding]) -> None:
    covered = {i for f in findings if f.span for i in range(max(f.span.start, 0), min(f.span.end, len(text)))}
    kept = "".join(c for i, c in enumerate(text) if i not in covered)

    result = redact(text, findings)

    for placeholder in ("[REDACTED:secret", "[REDACTED:pii"):
        result = "".join(part.partition("]")[2] if number else part for number, part in enumerate(result.split(placeholder)))
    assert result == kept


@given(st.text(alphabet="abc", max_size=25), SPANS.flatmap(lambda spans: st.tuples(st.just(spans), st.permutations(spans))))
def test_the_order_of_findings_does_not_matter(text: str, orders: tuple[list[Finding], list[Finding]]) -> None:
    assert redact(text, orders[0]) == redact(text, orders[1])


@pytest.mark.parametrize(
    ("finding", "possible"),
    [(at(0, 1), True), (at(2, 9), True), (at(-3, 1), True), (at(3, 9), False), (at(1, 1), False), (at(-3, 0), False), (NO_SPAN, False)],
)
def test_can_redact(finding: Finding, possible: bool) -> None:
    assert can_redact("abc", finding) is possible
    assert (redact("abc", [finding]) != "abc") is possible

"""A pattern's structure tells how long a match can be, and which literals every match contains."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rune.scan.expression import expression
from rune.scan.signatures import load_rules
from rune.scan.syntax import longest, parse, uncovered


@pytest.mark.parametrize(
    ("pattern", "length"),
    [
        pytest.param("abc", 3, id="text"),
        pytest.param("a|bcd|ef", 3, id="choice"),
        pytest.param("a{2,5}b?", 6, id="counted"),
        pytest.param("(?:ab){3}c", 7, id="group"),
        pytest.param("(?P<name>ab)(?i:c)(?-i:d)(?s)", 4, id="named group and flags"),
        pytest.param(r"\ba\b$", 1, id="places have no length"),
        pytest.param(r"[a-z]\x41\x{42}\n\.", 5, id="classes and escapes"),
        pytest.param(r"[]a][^]b][\]][[:alpha:]-]", 4, id="brackets in classes"),
        pytest.param(r"\101\pL\p{Greek}[\d\x41-\x43]", 4, id="octal and named sets"),
        pytest.param("(?-i:忽)?", 3, id="bytes of a character"),
        pytest.param(rb"(?-i:\xe5[\xbf-\xc0])", 2, id="bytes by number"),
        pytest.param("a{,3}", 5, id="no quantifier"),
        pytest.param("a+", None, id="plus"),
        pytest.param("(?:a*)b", None, id="star in a group"),
        pytest.param("a{2,}?", None, id="open range"),
        pytest.param(r"(?:\b)*a", 1, id="a repeated place"),
    ],
)
def test_longest(pattern: str, length: int | None) -> None:
    assert longest(parse(pattern)) == length


@pytest.mark.parametrize("pattern", ["a)", "[a", "\\", "(?", r"\x{4", "(" * 100_000], ids=lambda pattern: pattern[:6])
def test_what_cannot_be_read(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(pattern)


@pytest.mark.parametrize(
    ("pattern", "literals", "gap"),
    [
        pytest.param(r"\bignore\s+all", ["ignore"], None, id="one word"),
        pytest.param(r"(?:ignore|forget)\s+all", ["ignore", "forget"], None, id="each choice"),
        pytest.param(r"(?:ignore|forget)\s+it", ["ignore"], "forget\tit", id="a choice without"),
        pytest.param(r"(?:ignore|x) (?:forget|y) now", ["ignore", "forget"], "x y now", id="a way around both"),
        pytest.param(r"x+ (?:ab|ac)d", ["abd", "acd"], None, id="a literal over two parts"),
        pytest.param(r"gl(?:sa_[a-z]+|c_x[a-z]+)", ["glsa_", "glc_x"], None, id="a literal with a common start"),
        pytest.param(r"ignore\s+all", ["ignore all"], None, id="a space is any whitespace"),
        pytest.param(r"ignore\s*all", ["ignore all"], "ignoreall", id="though not none"),
        pytest.param(r"user[ _]?proxy", ["user proxy", "user_proxy", "userproxy"], None, id="a small class"),
        pytest.param(r"(?:ignore)?", ["ignore"], "", id="optional"),
        pytest.param(r"(?:ignore\s){1,}", ["ignore"], None, id="at least once"),
        pytest.param(r"[A-Z]{4}key", ["key"], None, id="behind a class"),
        pytest.param(r"ke[a-z]y", ["key"], "ke.y", id="around a class"),
        pytest.param(r"(?:a\s+ignore|b\s+ignore)x", ["ignore"], None, id="in every choice, though not alone"),
        pytest.param(r"a{3,200}", ["aaa"], None, id="repeated often enough"),
        pytest.param("(?-i:忽)(?-i:略)", ["忽略"], None, id="another script"),
        pytest.param("(?-i:无)", ["无"], None, id="a byte that elsewhere is a space"),
        pytest.param(rb"(?-i:\xe5[\xbf-\xc0])", [b"\xc5\xbf"], "\xe5\xbf", id="the case of bytes is not folded"),
        pytest.param(r"a{2,200}", ["aaa"], "aa", id="perhaps not repeated often enough"),
    ],
)
def test_uncovered(pattern: str, literals: list[str], gap: str | None) -> None:
    assert uncovered(parse(pattern), literals) == gap


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in load_rules()])
def test_no_match_of_a_shipped_rule_is_longer_than_the_longest(rule: object) -> None:
    pattern = expression(rule.pattern)  # type: ignore[attr-defined]
    length = longest(parse(pattern))

    for example in rule.match:  # type: ignore[attr-defined]
        match = re.search(pattern, example.text.encode(), re.IGNORECASE)
        assert length is None or match is None or len(match[0]) <= length


@given(st.from_regex(r"(?:ignore|forget|x[yz]{1,3})\s{1,2}(?:all|each)?", fullmatch=True))
def test_what_is_covered_contains_a_literal(text: str) -> None:
    literals = ["ignore", "forget", "xy", "xz"]

    assert uncovered(parse(r"(?:ignore|forget|x[yz]{1,3})\s{1,2}(?:all|each)?"), literals) is None
    assert any(literal in text for literal in literals)

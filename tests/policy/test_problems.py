"""Everything that is wrong with a policy, at once."""

from __future__ import annotations

import pytest

from rune.errors import PolicyError
from rune.policy.problems import SHOWN, Problems, closest, printable, quoted


def raised(problems: Problems) -> str:
    with pytest.raises(PolicyError) as error:
        problems.raise_if_any()
    return str(error.value)


def test_no_problem_is_no_error() -> None:
    Problems().raise_if_any()


def test_each_problem_is_a_line_in_the_order_of_the_file() -> None:
    problems = Problems()
    problems.add("p.yaml:3", "this is wrong")
    problems.add("p.yaml:1", "that is wrong")
    assert raised(problems) == "p.yaml:1: that is wrong.\np.yaml:3: this is wrong."


@pytest.mark.parametrize(
    ("value", "where", "line"),
    [
        ("deny", "rule `r`", "p:1: unknown action `deny` in rule `r`; use one of allow, block."),
        ("blok", "", "p:1: unknown action `blok`; did you mean `block`? Use one of allow, block."),
        ("BLOCK", "", "p:1: unknown action `BLOCK`; did you mean `block`? Use one of allow, block."),
        (7, "", "p:1: unknown action `7`; use one of allow, block."),
    ],
)
def test_an_unknown_word_comes_with_the_known_ones(value: object, where: str, line: str) -> None:
    problems = Problems()
    problems.unknown("p:1", "action", value, ["allow", "block"], where)
    assert raised(problems) == line


def test_more_than_a_screen_of_problems_is_counted() -> None:
    problems = Problems()
    for number in range(SHOWN + 7):
        problems.add(f"p:{number}", "wrong")
    lines = raised(problems).splitlines()
    assert len(lines) == SHOWN + 1
    assert lines[-1] == "... and 7 more problems."


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a", "`a`"),
        ("é", "`é`"),
        (1.5, "`1.5`"),
        ("a\x1b[2J", r"`a\x1b[2J`"),
        ("a\nb", r"`a\nb`"),
        ("\ud800", r"`\ud800`"),
        ("x" * 99, f"`{'x' * 60}...`"),
    ],
)
def test_a_value_is_shown_short_and_printable(value: object, shown: str) -> None:
    assert quoted(value) == shown


def test_the_closest_word() -> None:
    assert closest("ballanced", ["observe", "balanced"]) == "balanced"
    assert closest("xyz", ["observe", "balanced"]) == ""
    assert closest("x" * 1_000_000, ["observe"]) == ""


def test_a_path_is_shown_whole() -> None:
    path = "/somewhere" * 20
    assert printable(path, 500) == path
    assert printable(path, 10) == "/somewhere..."

import time

import pytest

from rune.review.question import COLORED, PAGE_ROWS, Style, findings, first_page, heading, rows
from rune.review.request import ReviewRequest
from rune.types import Action, Category, Finding, Kind, Message, Severity, Span, Verdict


def finding(line: int | None = None, span: Span | None = None, summary: str = "starts a process") -> Finding:
    return Finding("RUNE-CODE-001", Category.MALICIOUS_CODE, Severity.HIGH, summary, line=line, span=span)


def shown(text: str, width: int = 80) -> list[str]:
    return [row.text for row in rows(text.split("\n"), width)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", ["   1 │ "], id="empty"),
        pytest.param("a\n\nb", ["   1 │ a", "   2 │ ", "   3 │ b"], id="every line has its number"),
        pytest.param("a\rb", ["   1 │ a⟨U+000D⟩b"], id="a carriage return is no line end"),
        pytest.param("a\u2028b\x0bc", ["   1 │ a⟨U+2028⟩b⟨U+000B⟩c"], id="nor is any other separator"),
        pytest.param("\tx", ["   1 │     x"], id="a tab"),
        pytest.param("x\u202ey", ["   1 │ x⟨U+202E⟩y"], id="bidi"),
    ],
)
def test_every_character_of_the_content_can_be_seen(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


def test_nothing_hides_to_the_right_of_the_screen() -> None:
    text = "x = 1" + " " * 500 + "; evil()"
    assert "".join(row[7:] for row in shown(text, 60)) == text
    assert max(map(len, shown(text, 60))) < 60
    assert len(shown(text, 1)) > 1  # the narrowest terminal still gets it all


def test_a_short_content_is_shown_whole() -> None:
    page, hidden = first_page(Message("a\nb"), (), 80)
    assert (page, hidden) == ("   1 │ a\n   2 │ b\n", 0)


def test_a_long_content_is_cut_and_says_so() -> None:
    page, hidden = first_page(Message("\n".join("abc" for _ in range(100))), (), 80)
    assert hidden == 100 - PAGE_ROWS
    assert page.count("│") == PAGE_ROWS
    assert "60 more rows are not shown here; v shows everything (399 characters)" in page


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(finding(line=77), id="by its line"),
        pytest.param(finding(span=Span(76 * 4, 76 * 4 + 1)), id="by its span"),
    ],
)
def test_findings_below_the_cut_bring_their_lines_with_them(found: Finding) -> None:
    page, _ = first_page(Message("\n".join(f"{n:03d}" for n in range(1, 101))), (found,), 80)
    assert "  76 │ 076\n  77 │ 077\n  78 │ 078" in page
    assert "075" not in page


@pytest.mark.parametrize("line", [-3, 0, 10**9], ids=str)
def test_a_finding_on_no_line_breaks_nothing(line: int) -> None:
    first_page(Message("x\n" * 100), (finding(line=line),), 80)


def test_the_heading_names_everything_on_lines_of_its_own() -> None:
    message = Message("x", Kind.TOOL_CALL, sender="a\nb", recipient="", conversation="c\x1b[2J", metadata={"tool": "shell\r"})
    verdict = Verdict(Action.REVIEW, findings=(finding(summary="one\ntwo"),), risk=0.5, decided_by="rule")

    lines = heading(ReviewRequest(message, verdict), 2, Style()).splitlines()

    assert lines[1] == "Rune asks you to review a message (2 more waiting)"
    assert lines[2] == "a⏎b → ?: tool call (shell⟨U+000D⟩), conversation c⟨U+001B⟩[2J"
    assert lines[4] == "▸ RUNE-CODE-001 high: one two"
    assert len(lines) == 5


def test_findings_are_counted_when_there_are_too_many() -> None:
    lines = list(findings([finding()] * 50, COLORED))
    assert lines[-1] == "  … and 30 more findings"
    assert len(lines) == 21


def test_a_huge_content_is_laid_out_in_reasonable_time() -> None:
    started = time.perf_counter()
    first_page(Message("x" * 2_000_000 + "\n" * 100_000), tuple(finding(line=n) for n in range(50_000, 50_020)), 80)
    assert time.perf_counter() - started < 5

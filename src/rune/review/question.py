"""How a question looks: who says what to whom, what was found, and the content with nothing hidden in it. Pure text in, text out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from rune.review.request import ReviewRequest
from rune.scan.visible import visible
from rune.types import Finding, Kind, Message

PAGE_ROWS = 40
FINDINGS = 20
CONTEXTS = 5
"""Findings outside the first page whose lines are shown with it."""
NAME_CHARS = 80
SUMMARY_CHARS = 300
GUTTER = 7
NARROWEST = 20

CHOICES = "[a]pprove  [m]odify  [r]eject  [v]iew all  [?] help"
HELP = """\
  a, approve   let it pass exactly as it stands
  m, modify    type another text in its place (e, edit: in your editor)
  r, reject    withhold it; the agents get a notice and go on
  terminate    withhold it and end the conversation
  v, view      show the whole content, page by page
A reason may follow: `r not our server`. Without an answer it is rejected.
"""


@dataclass(frozen=True, slots=True)
class Style:
    """The only escape sequences that are ever written to the terminal; empty where colors are not wanted."""

    strong: str = ""
    alarm: str = ""
    plain: str = ""


COLORED = Style("\x1b[1m", "\x1b[1;31m", "\x1b[0m")


def heading(request: ReviewRequest, waiting: int, style: Style) -> str:
    """Return what is asked about, by whom it was said, and why it is asked."""
    message, verdict = request.message, request.verdict
    queue = f" ({waiting} more waiting)" if waiting else ""
    where = f", conversation {name(message.conversation)}" if message.conversation else ""
    lines = [
        "",
        f"{style.alarm}Rune asks you to review a message{queue}{style.plain}",
        f"{style.strong}{name(message.sender)} → {name(message.recipient)}{style.plain}: {what(message)}{where}",
        f"policy rule {name(verdict.decided_by)}, risk {verdict.risk:.2f}, SHA-256 {request.content_hash[:16]}…",
        *findings(verdict.findings, style),
    ]
    return "\n".join(lines) + "\n"


def what(message: Message) -> str:
    """Return what kind of content it is, in words."""
    kind = message.kind.value.replace("_", " ")
    detail = message.metadata.get("language" if message.kind is Kind.CODE else "tool", "")
    return f"{kind} ({name(str(detail))})" if detail else kind


def findings(found: Sequence[Finding], style: Style) -> Iterator[str]:
    """Yield one or two lines for each finding."""
    for finding in found[:FINDINGS]:
        line = f", line {finding.line}" if finding.line else ""
        summary = visible(finding.summary, SUMMARY_CHARS).replace("\n", " ")
        yield f"{style.alarm}▸{style.plain} {name(finding.rule)} {finding.severity}{line}: {summary}"
        if finding.evidence:
            yield f"    {visible(finding.evidence, SUMMARY_CHARS)}".replace("\n", " ")
    if len(found) > FINDINGS:
        yield f"  … and {len(found) - FINDINGS} more findings"


def name(text: str) -> str:
    """Return a name for one line."""
    return visible(text, NAME_CHARS).replace("\n", "⏎").replace("\t", " ") or "?"


class Row(NamedTuple):
    """One row of the screen."""

    line: int
    """Line of the content that it shows, or a part of, counted from 1."""
    text: str


def rows(lines: Iterable[str], width: int, first: int = 1) -> Iterator[Row]:
    """Yield the content as numbered rows no wider than the terminal, with every character visible."""
    room = max(width - GUTTER - 1, NARROWEST)
    for number, line in enumerate(lines, first):
        shown = visible(line).replace("\t", "    ")
        yield Row(number, f"{number:>{GUTTER - 3}} │ {shown[:room]}")
        for start in range(room, len(shown), room):
            yield Row(number, f"{'↪':>{GUTTER - 3}} │ {shown[start : start + room]}")


def first_page(message: Message, found: Sequence[Finding], width: int) -> tuple[str, int]:
    """Return the beginning of the content with the lines of findings further down, and how many rows the whole has beside the beginning."""
    lines = message.text.split("\n")
    every = rows(lines, width)
    page = list(islice(every, PAGE_ROWS))
    hidden = sum(1 for _ in every)
    if not hidden:
        return _joined(page), 0
    below = [row for line in _lines_below(message.text, found, page[-1].line) for row in _context(lines, line, width)]
    cut = f"… {hidden} more rows are not shown here; v shows everything ({len(message.text):,} characters)\n"
    return _joined([*page, *below]) + cut, hidden


def _joined(page: Iterable[Row]) -> str:
    return "".join(f"{row.text}\n" for row in page)


def _lines_below(text: str, found: Sequence[Finding], last: int) -> list[int]:
    lines = {finding.line or (text.count("\n", 0, finding.span.start) + 1 if finding.span else 0) for finding in found[:FINDINGS]}
    return sorted(line for line in lines if line > last)[:CONTEXTS]


def _context(lines: Sequence[str], line: int, width: int) -> Iterator[Row]:
    first = max(line - 2, 0)
    yield Row(line, f"{'⋮':>{GUTTER - 3}} │")
    yield from islice(rows(lines[first : line + 1], width, first + 1), 2 * CONTEXTS)

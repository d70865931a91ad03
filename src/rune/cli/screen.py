"""What reaches the terminal: results on standard output, everything else on standard error, nothing an attacker wrote unescaped.

Color means action and nothing else, never stands alone, and appears only on a terminal: not in a pipe, not with NO_COLOR or --no-color.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rune.scan.visible import visible
from rune.types import Action, Finding, Severity

ACTION_STYLES: Mapping[Action, str] = {
    Action.ALLOW: "bold #8b949e",
    Action.FLAG: "bold #e69f00",
    Action.REDACT: "bold #9a6dd7",
    Action.REVIEW: "bold #3b8eea",
    Action.BLOCK: "bold #d55e00",
}
SEVERITY_STYLES: Mapping[Severity, str] = {
    Severity.INFO: "dim",
    Severity.LOW: "dim",
    Severity.MEDIUM: "",
    Severity.HIGH: "bold",
    Severity.CRITICAL: "bold",
}
EXCERPT = 400
"""Characters shown of a text that somebody else wrote."""


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        """Leave the exit code to `main`: 1 would read as a verdict."""
        raise BrokenPipeError


@dataclass(frozen=True, slots=True)
class Screen:
    """The two streams of a command.

    Every text shown goes through `shown` (or a function below that uses it); markup of any kind is off, so no text can style itself.
    """

    out: Console
    err: Console
    debug: bool = False

    @classmethod
    def open(cls, *, color: bool = True, debug: bool = False) -> Screen:
        """Return a screen on the process's own streams; without `color` it writes no escape sequence at all."""
        wanted = color and not os.environ.get("NO_COLOR")
        return cls(_console(color=wanted, stderr=False), _console(color=wanted, stderr=True), debug)

    def show(self, *parts: RenderableType) -> None:
        """Write a result."""
        if self.out.is_terminal:
            self.out.print(*parts, sep="\n")
            return
        with self.out.capture() as captured:
            self.out.print(*parts, sep="\n")
        for line in captured.get().splitlines():  # without the blanks that fill a table's cells
            self.out.file.write(line.rstrip() + "\n")

    def line(self, text: Text) -> None:
        """Write a result of one line, however long: whoever reads it with another program wants it whole."""
        self.out.print(text, soft_wrap=True)

    def note(self, text: Text) -> None:
        """Write a line that is no result: an error, a warning, a summary, a hint."""
        self.err.print(text, soft_wrap=True)

    def json(self, value: Any) -> None:
        """Write a result for a program: one JSON document in plain ASCII, nothing else."""
        # JSON in ASCII escapes every control character but one: DEL.
        self.out.file.write(json.dumps(value, indent=2, ensure_ascii=True).replace("\x7f", "\\u007f") + "\n")
        self.out.file.flush()

    @contextmanager
    def progress(self, text: str) -> Iterator[Progress]:
        """Say what is being done while it is: a moving line on a terminal, a plain line for each step elsewhere."""
        if not self.err.is_terminal:
            yield Progress(self.err, None)
            return
        with self.err.status(shown(text)) as status:
            yield Progress(self.err, status)


@dataclass(frozen=True, slots=True)
class Progress:
    """The line that says what is going on."""

    console: Console
    status: Any

    def __call__(self, text: str) -> None:
        """Replace the line (on a terminal) or write the next one."""
        if self.status is not None:
            self.status.update(shown(text))
        else:
            self.console.print(shown(f"{text} …"))


def _console(*, color: bool, stderr: bool) -> Console:
    return _Console(stderr=stderr, markup=False, highlight=False, emoji=False, color_system="auto" if color else None)


def shown(value: Any, style: str = "", limit: int | None = None) -> Text:
    """Return any value as one line that is safe on a terminal: control, invisible and bidi characters become readable marks."""
    line = visible(str(value), limit).replace("\n", "⏎").replace("\t", " ")  # a line of a name must not pass for a line of ours
    return Text(line, style=style, overflow="fold")


def excerpt(text: str, style: str = "") -> Text:
    """Return the beginning of a long text, line breaks kept, everything else escaped."""
    lines = Text("\n", style=style).join(shown(line, style, EXCERPT) for line in text[:EXCERPT].splitlines())
    return lines.append(" …" if len(text) > EXCERPT else "")


def joined(*parts: Text | str, sep: str = "  ") -> Text:
    """Return parts on one line; empty ones are left out."""
    return Text(sep).join(part if isinstance(part, Text) else shown(part) for part in parts if part)


def indented(part: RenderableType, by: int = 2) -> Padding:
    """Return `part` moved to the right."""
    return Padding(part, (0, 0, 0, by), expand=False)


def action(word: Action | str, width: int = 0) -> Text:
    """Return an action in its color."""
    known = Action(word)
    return shown(known.value.ljust(width), ACTION_STYLES[known])


def table(*columns: str, whole: str = "") -> Table:
    """Return an empty table without frame; `right:NAME` aligns a column of numbers, the column `whole` is never wrapped."""
    new = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in columns:
        is_number, name_shown = name.startswith("right:"), name.removeprefix("right:")
        new.add_column(name_shown, justify="right" if is_number else "left", overflow="fold", no_wrap=name == whole)
    return new


def facts(pairs: Mapping[str, Any]) -> Table:
    """Return names and values as two columns; pairs without a value are left out."""
    new = Table.grid(padding=(0, 2, 0, 0))
    new.add_column(style="dim", no_wrap=True)
    new.add_column(overflow="fold")
    for name, value in pairs.items():
        if value not in (None, "", ()):
            new.add_row(name, value if isinstance(value, Text | Table | Group) else shown(value))
    return new


def finding_block(finding: Finding) -> Group:
    """Return a finding in a few lines: what, where, the evidence, why, what to do."""
    head = joined(
        shown(finding.rule, "bold"),
        shown(finding.severity.value, SEVERITY_STYLES[finding.severity]),
        shown(finding.category.value.replace("_", " ")),
        shown(place(finding), "dim"),
    )
    why = Text("\n").join(shown(reason) for reason in finding.reasons) if finding.reasons else ""
    rest = facts({"evidence": finding.evidence, "why": why, "do": finding.remediation, "see": ", ".join(finding.references)})
    return Group(head, indented(shown(finding.summary)), indented(rest))


def place(finding: Finding) -> str:
    """Return where a finding stands, in words."""
    where = f"line {finding.line}" if finding.line else f"characters {finding.span.start}–{finding.span.end}" if finding.span else ""
    through = f"through {' → '.join(finding.chain)}" if finding.chain else ""
    return ", ".join(part for part in (where, through) if part)


def plural(number: int, word: str) -> str:
    """Return a number with its noun: `1 message`, `1,204 messages`."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"

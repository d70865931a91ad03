"""What it means that code runs other code or commands: where that code came from decides, and it is read in turn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rune.code import rules
from rune.code.values import DECODED, HOLE, INPUT, NETWORK, OUTPUT, PROCESS, UNKNOWN, Value, content_labels

if TYPE_CHECKING:
    from rune.code.session import Session

_SHEBANG = re.compile(r"#!\s*\S*?(?:/env\s+(?:-S\s+)?)?(python|bash|sh|zsh|dash|ksh)[\d.]*\b")


class Execution:
    """Code, commands, programs and processes of one analysis."""

    def __init__(self, session: Session) -> None:
        """Begin with nothing run."""
        self._session = session

    def code(self, value: Value, language: str = "python") -> None:
        """Report that a text is run as code, and read it."""
        origin = self._origin(value)
        if not origin and HOLE in (value.text or HOLE):
            self._session.use("dynamic", "?")
            self._session.report(rules.RUNS_INPUT, value.text or "")
        self._read(value, language, origin)

    def command(self, value: Value, arguments: Sequence[Value] = ()) -> Value:
        """Report that a text is run as a shell command with these arguments, and read it; returns what it prints."""
        origin = self._origin(value)
        if not value.texts and not origin:
            self._session.use("program", "?")
            self._session.report(rules.UNKNOWN_COMMAND)
        self._read(value, "shell", origin, arguments)
        return Value((), OUTPUT)

    def program(self, argv: Sequence[Value], stdin: Value = UNKNOWN) -> Value:
        """Report that a program is started with these arguments; returns what it prints."""
        if argv and not argv[0].texts and not self._origin(argv[0]):
            self._session.use("program", "?")
            self._session.report(rules.UNKNOWN_COMMAND)
        return self._session.program(argv, stdin)

    def file(self, name: str, arguments: Sequence[Value] = ()) -> bool:
        """Report that a file is run; reads it when the code wrote it. Returns whether its content is known."""
        content = self._session.files.content(name)
        origin = self._origin(content)
        for text in content.texts:
            self._session.read(language_of(name, text), text, origin, arguments)
        return bool(content.constants or content.labels)

    def kill(self, target: Value) -> None:
        """Report that a process is signaled."""
        found = target.labels & (PROCESS | OUTPUT) or target.number in (-1, 0, 1)
        self._session.report(rules.KILLS_FOUND if found else rules.KILLS, target.text or "")

    def _origin(self, value: Value) -> str:
        """Report where code came from; returns a word for the chain of its findings."""
        labels = content_labels(value)
        if labels & (NETWORK | DECODED | INPUT):
            self._session.use("dynamic", "?")
        if labels & NETWORK:
            self._session.report(rules.RUNS_DOWNLOAD, value.text or "")
            return "download"
        if labels & DECODED:
            self._session.report(rules.RUNS_DECODED, value.text or "")
            return "decoded"
        if labels & INPUT:
            self._session.report(rules.RUNS_INPUT, value.text or "")
            return "input"
        return ""

    def _read(self, value: Value, language: str, origin: str, arguments: Sequence[Value] = ()) -> None:
        for text in value.texts:
            self._session.read(language, text, origin, arguments)


def language_of(name: str, text: str) -> str:
    """Return the language of a file that is run, by its first line, then its name."""
    match = _SHEBANG.match(text)
    if match:
        return "python" if match[1] == "python" else "shell"
    return "python" if name.endswith((".py", ".pyw", ".ipynb")) else "shell"

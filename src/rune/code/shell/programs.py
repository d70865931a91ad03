"""The programs a shell script starts, by name."""

from __future__ import annotations

from collections.abc import Callable

from rune.code import rules
from rune.code.hosts import mines
from rune.code.shell import programs_files, programs_network, programs_run, programs_system, programs_text
from rune.code.shell.command import Command
from rune.code.values import OUTPUT, UNKNOWN, Value, content_labels, join

Program = Callable[[Command], Value]

PROGRAMS: dict[str, Program] = {
    **programs_text.PROGRAMS,
    **programs_files.PROGRAMS,
    **programs_network.PROGRAMS,
    **programs_system.PROGRAMS,
    **programs_run.PROGRAMS,
}
_BUILTINS = frozenset(
    [
        "echo",
        "printf",
        "cd",
        "pwd",
        "test",
        "[",
        "true",
        "false",
        ":",
        "read",
        "set",
        "shift",
        "return",
        "exit",
        "declare",
        "local",
        "export",
        "unset",
        "alias",
        "let",
        "eval",
        "exec",
        "source",
        ".",
        "trap",
        "wait",
        "umask",
    ]
)


def run(command: Command, spelled: str = "") -> Value:
    """Read one program start and return what it would print."""
    session = command.session
    session.budget.spend(1 + len(command.words))
    if command.name not in _BUILTINS:
        session.use("program", spelled or command.name)
    handler = PROGRAMS.get(command.name) or PROGRAMS.get(_base(command.name))
    if handler is not None:
        return handler(command)
    if command.name in programs_system.ATTACKS:
        session.report(rules.ATTACK_TOOL, command.name)
    elif command.name in programs_system.MINERS:
        session.report(rules.MINER, command.name)
    elif spelled and session.execution.file(spelled):
        return Value((), OUTPUT)
    return _unknown(command)


def _base(name: str) -> str:
    """Return the name of a program without the version at its end: `python3.11` is `python`."""
    return name.rstrip("0123456789.") if name[-1:].isdigit() else name


def _unknown(command: Command) -> Value:
    """A program that nothing is known about prints something made of what it got."""
    labels = content_labels(command.input) | OUTPUT
    for word in command.words:
        labels |= word.labels
        if word.text and mines(word.text):
            command.session.report(rules.MINER, word.text)
    return join(UNKNOWN, Value((), labels))

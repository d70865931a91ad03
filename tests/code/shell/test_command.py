"""One command: options, operands, and the command behind another one."""

from __future__ import annotations

import pytest

from rune.code.session import Session
from rune.code.shell.command import Command, merged, program_name
from rune.code.shell.interpreter import Shell
from rune.code.values import SECRET, UNKNOWN, Value, text


@pytest.fixture
def command(session: Session) -> Command:
    return Command(Shell(session), "tool", [text(word) for word in ["-xvf", "a.tar", "--name=b", "-o", "out", "--", "-c", "d"]])


def test_operands_leave_out_options_and_what_belongs_to_them(command: Command) -> None:
    assert [word.text for word in command.operands("-xvf", "-o")] == ["-c", "d"]


def test_letters_of_all_short_options(command: Command) -> None:
    assert command.options() == "xvfoc"


@pytest.mark.parametrize(
    ("names", "value"),
    [(("-o",), "out"), (("--name",), "b"), (("-x",), "vf"), (("-z",), None)],
    ids=["next word", "after an equals sign", "glued", "not given"],
)
def test_the_value_of_an_option(command: Command, names: tuple[str, ...], value: str | None) -> None:
    found = command.value_of(*names)
    assert (found.text if found is not None else None) == value


@pytest.mark.parametrize(
    ("word", "name"),
    [("/usr/bin/Python3", "python3"), ("C:\\Windows\\cmd.exe", "cmd"), ("./run.sh", "run.sh"), ("", "")],
)
def test_the_name_of_a_program(word: str, name: str) -> None:
    assert program_name(text(word)) == name


def test_a_merged_value_is_any_of_its_parts() -> None:
    assert merged([text("a"), Value((), SECRET), UNKNOWN]) == Value(("a",), SECRET)

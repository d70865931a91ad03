"""The tool as a whole: quick to start, one line for a mistake, documented exit codes, quiet when nobody reads."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import rune as package
from rune.cli import app as tool
from rune.cli.app import INTERRUPTED, OUR_ERROR, PIPE_CLOSED, USAGE, shared_flags_first

from .conftest import Rune

DOCS = Path(__file__).parent.parent.parent / "docs" / "cli.md"


def commands(command: Any, path: tuple[str, ...] = ("rune",)) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not hasattr(command, "commands"):
        yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from commands(child, (*path, name))


COMMANDS = [pytest.param(path, command, id=" ".join(path)) for path, command in commands(typer.main.get_command(tool.app))]


def test_without_a_command_it_says_what_it_can_do(rune: Rune) -> None:
    done = rune()
    assert (done.code, done.err) == (0, "")
    assert "Attack a real AutoGen group" in done.out


@pytest.mark.parametrize("arguments", [("--version",), ("version",)])
def test_version(rune: Rune, arguments: tuple[str, ...]) -> None:
    assert rune(*arguments).out == f"rune {package.__version__}\n"


@pytest.mark.parametrize(("path", "command"), COMMANDS)
def test_every_command_has_help_of_80_columns(rune: Rune, path: tuple[str, ...], command: object) -> None:
    done = rune(*path[1:], "--help")
    assert done.code == 0
    assert max(map(len, done.out.splitlines())) <= 80


@pytest.mark.parametrize("line", [pytest.param(name, id=name) for name in ("", "policy", "rules", "transcript")])
def test_every_summary_is_short_enough_to_be_read_whole(rune: Rune, line: str) -> None:
    assert "..." not in rune(*line.split(), "--help").out.split("Commands:")[1]


@pytest.mark.parametrize(("path", "command"), COMMANDS)
def test_every_command_and_option_is_documented(path: tuple[str, ...], command: Any) -> None:
    sections = re.split(r"^## ", DOCS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    section = next((text for text in sections if text.startswith(f"`{' '.join(path)}`\n")), "")
    assert section, f"docs/cli.md has no section `{' '.join(path)}`"
    names = [name for parameter in command.params for name in parameter.opts if name.startswith("-")]
    assert [name for name in names if f"`{name}" not in section and name != "--help"] == []


@pytest.mark.parametrize("code", [0, 1, USAGE, OUR_ERROR, INTERRUPTED, PIPE_CLOSED])
def test_every_exit_code_is_documented(code: int) -> None:
    assert f"| {code} |" in DOCS.read_text(encoding="utf-8")


def test_the_reference_names_no_command_that_is_not_there() -> None:
    known = {" ".join(path) for path, _ in commands(typer.main.get_command(tool.app))}
    assert set(re.findall(r"^## `([^`]+)`", DOCS.read_text(encoding="utf-8"), flags=re.MULTILINE)) == known


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom rune.cli import main\nmain(['--help'])\n"
        "print([m for m in ('rune.shield', 'rune.policy.model', 'hyperscan', 'tree_sitter', 'autogen', 'sqlite3') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        pytest.param(("bogus",), "No such command 'bogus'. `rune --help` tells what it takes.", id="unknown command"),
        pytest.param(("scan", "--bogus"), "No such option: --bogus. `rune scan --help` tells what it takes.", id="unknown option"),
        pytest.param(("scan", "x", "--kind", "mail"), "Invalid value for '--kind'", id="unknown value"),
        pytest.param(("rules", "show"), "Missing argument", id="missing argument"),
        pytest.param(("verify", "a", "b"), "unexpected extra argument", id="one argument too many"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(rune: Rune, arguments: tuple[str, ...], error: str) -> None:
    done = rune(*arguments)
    assert (done.code, done.out) == (USAGE, "")
    assert done.err.startswith("rune: ")
    assert done.err.count("\n") == 1
    assert error in done.err


def test_what_was_typed_comes_back_escaped(rune: Rune) -> None:
    done = rune("\x1b[31mbogus\u202e")
    assert "\x1b" not in done.err
    assert "\u202e" not in done.err


def test_an_error_of_our_own_is_told_apart_and_has_no_traceback(rune: Rune, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("\x1b[31mboom")

    monkeypatch.setattr("rune.transcript.default_path", broken)
    done = rune("verify")
    assert done.code == OUR_ERROR
    assert done.err == "rune: an error in Rune itself: `ZeroDivisionError`. Please report it with what `--debug` shows.\n"
    shown = rune("verify", "--debug").err
    assert "Traceback" in shown
    assert "\x1b" not in shown


def test_interrupted(rune: Rune, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rune.transcript.default_path", interrupt)
    assert rune("verify").code == INTERRUPTED


@pytest.mark.parametrize("command", [("policy", "show", "balanced"), ("policy", "show", "balanced", "--json"), ("--help",), ("version",)])
def test_a_reader_that_goes_away_is_no_error(command: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([sys.executable, "-m", "rune", *command], stdout=writer, stderr=subprocess.PIPE, timeout=30, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (PIPE_CLOSED, b"")


@pytest.mark.parametrize(
    ("given", "ordered"),
    [
        pytest.param(["scan", "x", "--no-color"], ["--no-color", "scan", "x"], id="at the end"),
        pytest.param(["--debug", "scan", "x", "--no-color"], ["--debug", "--no-color", "scan", "x"], id="both"),
        pytest.param(["run", "app.py", "--debug"], ["run", "app.py", "--debug"], id="a program's own option stays"),
        pytest.param(["--debug", "run", "app.py", "--debug"], ["--debug", "run", "app.py", "--debug"], id="before run it is ours"),
        pytest.param(["scan", "--", "--debug"], ["scan", "--", "--debug"], id="behind -- everything is text"),
        pytest.param(["scan", "run", "--debug"], ["--debug", "scan", "run"], id="run as a text is no command"),
    ],
)
def test_shared_flags_may_stand_anywhere(given: list[str], ordered: list[str]) -> None:
    assert shared_flags_first(given) == ordered


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("flags", "environment", "colored"),
    [
        pytest.param((), {}, True, id="a terminal has colors"),
        pytest.param(("--no-color",), {}, False, id="--no-color"),
        pytest.param((), {"NO_COLOR": "1"}, False, id="NO_COLOR"),
        pytest.param((), {"TERM": "dumb"}, False, id="a dumb terminal"),
    ],
)
def test_colors_are_for_terminals(flags: tuple[str, ...], environment: dict[str, str], colored: bool) -> None:
    output = on_a_terminal(["policy", "check", "missing.yaml", *flags], environment)
    assert "error" in output
    assert ("\x1b[" in output) is colored


def test_a_pipe_has_no_colors(process: Rune) -> None:
    assert "\x1b" not in process("policy", "check", "missing.yaml").out


def on_a_terminal(arguments: list[str], environment: dict[str, str]) -> str:
    """Return what a command shows on a terminal of 80 columns."""
    import pty

    ours, theirs = pty.openpty()
    env = {
        **{name: value for name, value in os.environ.items() if name != "NO_COLOR"},
        "TERM": "xterm-256color",
        "COLUMNS": "80",
        **environment,
    }
    with subprocess.Popen([sys.executable, "-m", "rune", *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=env) as running:
        os.close(theirs)
        output = b""
        while chunk := _read(ours):
            output += chunk
        running.wait(timeout=30)
    os.close(ours)
    return output.decode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # how Linux says that the other end was closed
        return b""

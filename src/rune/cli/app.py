"""The tool `rune`: its commands, the options they share, and what becomes of an error.

Exit codes: 0 nothing stands against it; 1 the answer is no (withheld, changed, not protected); 2 usage or input error; 3 an error in Rune
itself; 130 interrupted; 141 the reader of the output went away. `rune run` ends with the code of the program it ran.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated, Any

import typer

import rune
from rune.cli import demo, doctor, explain, policy, rules, run, scan, scan_code, transcript, verify
from rune.cli.screen import Screen, shown
from rune.errors import RuneError

USAGE, OUR_ERROR, INTERRUPTED, PIPE_CLOSED = 2, 3, 130, 141
SHARED_FLAGS = ("--no-color", "--debug")
"""May stand anywhere on the command line; with `rune run`, before `run`, because what follows may be the program's."""

app = typer.Typer(
    name="rune",
    help="Runtime security for multi-agent systems: reads every message, tool call and code block before it takes effect.",
    epilog="Exit codes: 0 nothing stands against it, 1 the answer is no, 2 usage or input, 3 an error of Rune. Start with `rune demo`.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.command("run", context_settings=run.CONTEXT)(run.run)
app.command("scan")(scan.scan)
app.command("scan-code")(scan_code.scan_code)
app.command("explain")(explain.explain)
app.command("doctor")(doctor.doctor)
app.add_typer(policy.app, name="policy")
app.add_typer(rules.app, name="rules")
app.add_typer(transcript.app, name="transcript")
app.command("verify")(verify.verify)


def _print_version(asked: bool) -> None:  # noqa: FBT001 - the signature of an option's callback
    if asked:
        typer.echo(f"rune {rune.__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    ctx: typer.Context,
    *,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colors; NO_COLOR in the environment does the same.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback has done the work
        bool, typer.Option("--version", help="Show the version and stop.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Open the screen that the command writes to."""
    if ctx.invoked_subcommand != "run":  # whose streams are the program's own
        _encode_anything()
    ctx.obj = Screen.open(color=not no_color, debug=debug)
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def _encode_anything() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a lone surrogate or a poor encoding must not end the command


@app.command("version")
def version_command() -> None:
    """Show the version."""
    _print_version(asked=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the tool and return its exit code; `argv` without the program's name, default: the process's own."""
    arguments = shared_flags_first(sys.argv[1:] if argv is None else argv)
    command = typer.main.get_command(app)
    try:
        # Not `app(...)`: its own error handling would turn a closed pipe into exit code 1.
        with command.make_context("rune", [*arguments]) as context:
            code = command.invoke(context)
        sys.stdout.flush()
    except typer.Exit as done:
        return done.exit_code
    except Exception as error:  # noqa: BLE001 - this is the outermost layer
        return _failed(error, debug="--debug" in arguments, color="--no-color" not in arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def shared_flags_first(arguments: Sequence[str]) -> list[str]:
    """Move the shared flags to the front, so that `rune scan FILE --no-color` works like `rune --no-color scan FILE`."""
    command = next((word for word in arguments if not word.startswith("-")), "")
    stop = "run" if command == "run" else "--"
    end = list(arguments).index(stop) if stop in arguments else len(arguments)
    head = arguments[:end]
    flags = [word for word in head if word in SHARED_FLAGS]
    return [*flags, *(word for word in head if word not in SHARED_FLAGS), *arguments[end:]]


def _failed(error: Exception, *, debug: bool, color: bool) -> int:
    if isinstance(error, BrokenPipeError):
        return _nobody_reads()
    screen = Screen.open(color=color)
    if debug:
        for line in "".join(traceback.format_exception(error)).splitlines():
            screen.note(shown(line))
    code, text = _explained(error)
    screen.note(shown(f"rune: {text}"))
    return code


def _explained(error: Exception) -> tuple[int, str]:
    """Return the exit code and the one line for an error."""
    if isinstance(error, RuneError):
        return USAGE, str(error)
    if isinstance(error, OSError):
        return USAGE, f"`{error.filename}`: {error.strerror}." if error.filename else str(error)
    if hasattr(error, "format_message"):  # the parser's own errors; their class lives in a private module of typer
        return USAGE, f"{error.format_message().rstrip('.')}. `{_command(error)} --help` tells what it takes."
    return OUR_ERROR, f"an error in Rune itself: `{type(error).__name__}`. Please report it with what `--debug` shows."


def _command(error: Any) -> str:
    context = getattr(error, "ctx", None)
    return context.command_path if context is not None else "rune"


def _nobody_reads() -> int:
    # Python flushes standard output once more at exit; it must find a place to write to.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PIPE_CLOSED

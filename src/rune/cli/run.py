"""`rune run`: protect an AutoGen program that nobody edited."""

from __future__ import annotations

import atexit
import os
import runpy
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated

import typer

from rune.cli.options import PolicyName
from rune.cli.screen import Screen, plural, shown
from rune.errors import ConfigurationError, RuneError

if TYPE_CHECKING:
    from rune.shield import Shield

CONTEXT = {"allow_extra_args": True, "ignore_unknown_options": True, "allow_interspersed_args": False}
FRAMEWORK = "autogen"
OTHER_FRAMEWORKS = ("ag2", "autogen_agentchat", "autogen_core", "agent_framework")
"""Agent frameworks that the process-wide guard does not reach."""


def run(
    ctx: typer.Context,
    program: Annotated[str | None, typer.Argument(metavar="APP.PY", help="The program; what follows are its own arguments.")] = None,
    *,
    module: Annotated[str, typer.Option("-m", "--module", metavar="NAME", help="Run a module instead, as python -m does.")] = "",
    policy: PolicyName = "balanced",
    transcript: Annotated[Path | None, typer.Option(metavar="PATH", help="Where decisions are recorded; default: the usual place.")] = None,
) -> int:
    """Protect an AutoGen program that nobody edited, and run it.

    Every agent the program builds is guarded from the moment it imports AutoGen. Its output, its exit code and its exceptions stay its own.
    """
    from rune.shield import Shield

    if not program and not module:
        raise ConfigurationError("there is no program to run; name one: `rune run app.py`, or `rune run -m package`.")
    arguments = [*([program] if program and module else []), *ctx.args]
    protection = Protection(Shield(policy=policy, transcript=transcript))
    atexit.register(summary, ctx.obj, protection)  # after the program's own threads have ended, whatever it does
    return _run_module(module, arguments) if module else _run_script(str(program), arguments)


class Protection:
    """The process-wide guard of one program: waits for AutoGen, and remembers whether it came."""

    def __init__(self, shield: Shield) -> None:
        from rune.integrations.at_import import AtImport

        self.shield = shield
        self.installed = False
        AtImport(FRAMEWORK, self._install).begin()

    def _install(self) -> None:
        """Guard every agent of the process.

        Raises:
            SystemExit: the installed AutoGen cannot be guarded; an unprotected run is worse than none.
        """
        from rune.integrations import autogen

        try:
            autogen.install(self.shield)
        except RuneError as error:
            Screen.open().note(shown(f"rune: the program was stopped, because it would run unprotected: {error}"))
            raise SystemExit(2) from error
        self.installed = True


def _run_script(script: str, arguments: Sequence[str]) -> int:
    path = Path(script)
    if not path.exists():
        raise ConfigurationError(f"there is no program `{script}`; check the path.")
    sys.argv = [script, *arguments]
    if path.is_file() and not getattr(sys.flags, "safe_path", False):
        sys.path[0] = str(path.resolve().parent)
    return _ended(lambda: runpy.run_path(script, run_name="__main__"))


def _run_module(name: str, arguments: Sequence[str]) -> int:
    sys.argv = [name, *arguments]
    if not getattr(sys.flags, "safe_path", False):
        sys.path[0] = os.getcwd()  # noqa: PTH109 - sys.path holds strings
    return _ended(lambda: runpy.run_module(name, run_name="__main__", alter_sys=True))


def _ended(program: Callable[[], object]) -> int:
    """Run a program to its end and return its exit code; what it raises is shown as Python shows it, without our frames."""
    try:
        program()
    except Exception as error:  # noqa: BLE001 - whatever the program raised
        _show_as_python_does(error)
        return 1
    except KeyboardInterrupt as error:
        _show_as_python_does(error)
        return 130
    return 0


def _show_as_python_does(error: BaseException) -> None:
    error.__traceback__ = _own_frames(error.__traceback__)
    sys.excepthook(type(error), error, error.__traceback__)


def _own_frames(trace: TracebackType | None) -> TracebackType | None:
    ours = (__file__, runpy.__file__, "<frozen runpy>")
    while trace is not None and trace.tb_next is not None and trace.tb_frame.f_code.co_filename in ours:
        trace = trace.tb_next
    return trace


def summary(screen: Screen, protection: Protection) -> None:
    """Say on one line what was read and withheld; say loudly when nothing was."""
    if not protection.installed:
        screen.note(shown(f"rune: NOTHING WAS PROTECTED: {_why_not()}", "bold #d55e00"))
        return
    protection.shield.close()
    stats = protection.shield.stats
    counts = ", ".join(
        (
            f"{plural(stats['scans_total'], 'message')} read",
            f"{stats['blocks_total']:,} blocked",
            f"{stats['reviews_total']:,} put to review",
            f"{stats['redactions_total']:,} redacted",
        )
    )
    record = protection.shield.transcript
    screen.note(shown(f"rune: {counts}; transcript: {record.path if record else 'none'}"))


def _why_not() -> str:
    if FRAMEWORK in sys.modules:
        return f"the program loaded `{FRAMEWORK}` in a way of its own, past Python's import; guard it there: `Shield().guard(manager)`."
    others = [name for name in OTHER_FRAMEWORKS if name in sys.modules]
    if others:
        return f"the program uses `{'`, `'.join(others)}`, which `rune run` does not guard."
    return f"the program never imported `{FRAMEWORK}`."

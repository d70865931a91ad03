"""`rune demo`: a real AutoGen group under attack, without Rune and with it, side by side."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from rune.cli.options import AsJson
from rune.cli.screen import ACTION_STYLES, Screen, action, excerpt, facts, indented, joined, plural, shown, table
from rune.errors import ConfigurationError
from rune.types import Action

if TYPE_CHECKING:
    from rune.demo.attacks import Gain
    from rune.demo.play import Play, Report, Run, Sighting

FAILED = 1
LABEL_CHARS = 42
SIDE_CHARS = 15


def demo(
    ctx: typer.Context,
    *,
    keep: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep everything that was written, in this empty directory.")] = None,
    as_json: AsJson = False,
) -> int:
    """Attack a real AutoGen group, without Rune and with it.

    Needs no network and no account; the agents run on a scripted model. Exit code 0: the attacks succeed without Rune, fail with it, and
    the honest task completes. 1: they do not; the output says which. 2: AutoGen is not installed.
    """
    if importlib.util.find_spec("autogen") is None:
        raise ConfigurationError('the demo runs a real AutoGen group, and AutoGen is not installed: `pip install "runesec[autogen]"`.')
    screen: Screen = ctx.obj
    with _folder(keep) as folder, screen.progress("loading AutoGen") as progress:
        from rune.demo.play import play_all

        report = play_all(folder, progress)
    if as_json:
        screen.json(report.to_dict())
    else:
        show(screen, report)
    return FAILED if report.failures else 0


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield _empty(keep)
        return
    folder = Path(tempfile.mkdtemp(prefix="rune-demo-"))
    try:
        yield folder
    finally:  # the transcript stays, the stage goes
        for part in folder.iterdir():
            if part.is_dir():
                shutil.rmtree(part, ignore_errors=True)


def _empty(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ConfigurationError(f"`{folder}` is not empty; name a new directory.")
    return folder.resolve()


def show(screen: Screen, report: Report) -> None:
    """Show both sides, what Rune saw, what it cost, and where to look next."""
    screen.show(
        shown(f"Rune {report.versions['rune']} on AutoGen {report.versions['autogen']}: one group, without Rune and with it", "bold"),
        shown("Five real agents, a web server on this machine, and a scripted model that obeys whatever it reads."),
    )
    for play in report.plays:
        screen.show("", _heading(play), indented(_sides(play)))
    screen.show("", shown("What Rune saw", "bold"))
    for play in report.plays:
        _show_sightings(screen, play)
    _show_cost(screen, report)
    _show_next(screen, report)


def _heading(play: Play) -> Text:
    return shown(play.name, "bold").append(f": {play.story}", style="not bold")


def _sides(play: Play) -> Table:
    both = table("".ljust(LABEL_CHARS), "without Rune".ljust(SIDE_CHARS), "with Rune".ljust(SIDE_CHARS))
    for without, within in zip(play.unguarded.gains, play.guarded.gains, strict=True):
        both.add_row(shown(without.what), _gained(without), _gained(within))
    sides = (play.unguarded, play.guarded)
    both.add_row(shown("answer of the group"), *(shown(_answer(run)) for run in sides))
    both.add_row(shown("messages, time", "dim"), *(shown(f"{run.messages}, {run.seconds:.2f} s", "dim") for run in sides))
    return both


def _answer(run: Run) -> str:
    how = "restarted" if run.started_again else "right" if run.right else "wrong"
    return f"{run.answer}, {how}" if run.answer else "none"


def _gained(gain: Gain) -> Text:
    return shown("happened", ACTION_STYLES[Action.BLOCK]) if gain.happened else shown("prevented", "bold")


def _show_sightings(screen: Screen, play: Play) -> None:
    seen = play.guarded.sightings
    if not seen:
        screen.show(indented(joined(shown(play.name, "bold"), "nothing to withhold", sep=": ")))
        return
    screen.show(
        indented(joined(shown(play.name, "bold"), f"{plural(len(seen), 'message')} withheld", sep=": ")), indented(_sighting(seen[0]), 4)
    )
    if play.guarded.started_again:
        screen.show(indented(shown("The limit ended the conversation; the task was given again, without the attack."), 4))


def _sighting(seen: Sighting) -> Table:
    return facts(
        {
            "from": joined(seen.sender or "unknown", seen.kind.replace("_", " "), action(seen.action)),
            "why": seen.reason,
            "sent": excerpt(seen.original, "dim"),
            "received": excerpt(seen.notice),
        }
    )


def _show_cost(screen: Screen, report: Report) -> None:
    added = report.added
    screen.show(
        "",
        shown("What it cost", "bold"),
        shown(
            f"{added.added_us:,.0f} µs for each delivered message of 1 KB in a group chat of three agents, transcript included "
            f"({added.unguarded_us:,.0f} µs without Rune, {added.guarded_us:,.0f} µs with it)."
        ),
    )


def _show_next(screen: Screen, report: Report) -> None:
    intact = "it verifies" if report.transcript_intact else "IT DOES NOT VERIFY"
    screen.show(
        "",
        shown("What stays", "bold"),
        shown(f"A transcript of the guarded runs; {intact}. Look at it:"),
    )
    for command in _next_commands(report):
        screen.line(shown(f"  {command}"))
    screen.show("")
    for failure in report.failures:
        screen.show(shown(f"Not shown: {failure}", ACTION_STYLES[Action.BLOCK]))
    if not report.failures:
        screen.show(shown("Every attack succeeded without Rune and failed with it; the honest task completed.", "bold"))


def _next_commands(report: Report) -> Iterator[str]:
    incidents = [seen.incident for play in report.plays for seen in play.guarded.sightings]
    yield f"rune transcript list --file {report.transcript}"
    if incidents:
        yield f"rune transcript show {incidents[0]} --found --file {report.transcript}"
    yield f"rune verify {report.transcript}"

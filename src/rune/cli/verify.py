"""`rune verify`: find out whether anybody changed a transcript."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rune.cli.options import AsJson
from rune.cli.screen import ACTION_STYLES, Screen, indented, joined, plural, shown
from rune.cli.transcript import counting, place
from rune.types import Action

if TYPE_CHECKING:
    from rune.transcript import Verification

ALTERED = 1
SHOWN = 20
"""Problems that are shown; `--json` has them all."""


def verify(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="A transcript or its jsonl export; default: RUNE_TRANSCRIPT, else the usual place.")
    ] = None,
    *,
    head: Annotated[str, typer.Option(metavar="HEAD", help="What an earlier verify printed as head, kept in another place.")] = "",
    as_json: AsJson = False,
) -> int:
    """Find out whether anybody changed a transcript.

    Names every record that was changed, removed, inserted or cut off, also in a jsonl export.

    Exit code 0: it is as it was written. 1: it is not; the output names the records. 2: it could not be read.
    """
    from rune.transcript import is_export, verify_export
    from rune.transcript.verify import verify as check

    screen: Screen = ctx.obj
    path = place(file)
    with screen.progress(f"verifying {path}") as progress:
        kept = head or None
        result = verify_export(path, kept) if is_export(path) else check(path, kept, counting(progress, "verifying"))
    if as_json:
        screen.json(_as_json(path, result))
    else:
        _show(screen, path, result, head_given=bool(head))
    return 0 if result.ok else ALTERED


def _as_json(path: Path, result: Verification) -> dict[str, object]:
    return {
        "transcript": str(path),
        "ok": result.ok,
        "records": result.records,
        "lost": result.lost,
        "head": str(result.head) if result.head else None,
        "problems": [{"record": problem.sequence, "what": problem.what} for problem in result.problems],
    }


def _show(screen: Screen, path: Path, result: Verification, *, head_given: bool) -> None:
    if result.ok:
        screen.show(joined(shown("unchanged", "bold"), plural(result.records, "record"), shown(path)))
    else:
        screen.show(joined(shown("ALTERED", ACTION_STYLES[Action.BLOCK]), plural(len(result.problems), "problem"), shown(path)))
    for problem in result.problems[:SHOWN]:
        where = "file" if problem.sequence is None else f"record {problem.sequence:,}"
        screen.show(indented(joined(shown(where, "bold"), shown(problem.what))))
    if len(result.problems) > SHOWN:
        screen.show(indented(shown(f"and {len(result.problems) - SHOWN:,} more; --json names them all", "dim")))
    lost = f"{plural(result.lost, 'decision')} could not be recorded at the time" if result.lost else ""
    for name, value in {"lost": lost, "head": result.head}.items():
        if value:
            screen.line(joined("  " + name, shown(value)))
    if result.ok and result.head and not head_given:
        note = (
            "Keep the head on another machine: `rune verify --head` then also finds what somebody with access to both files here rewrote."
        )
        screen.note(shown(f"  {note}", "dim"))

"""`rune doctor`: is this installation able to protect, and does every seam hold when a canary is sent through it?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from rune.cli.options import AsJson, PolicyName
from rune.cli.screen import ACTION_STYLES, Screen, plural, shown, table
from rune.types import Action

if TYPE_CHECKING:
    from rune.cli.checks import Check, State

NOT_RIGHT = 1


def doctor(ctx: typer.Context, *, policy: PolicyName = "balanced", as_json: AsJson = False) -> int:
    """Check that this installation can protect, seam by seam.

    Versions, engine, rules, a canary through every seam, the transcript's place, other packages called rune, and the judge of a policy.

    Exit code 0: everything is as it should be. 1: something is not; the output says what to do.
    """
    from rune.cli.check_judge import judge
    from rune.cli.checks import CHECKS, look

    screen: Screen = ctx.obj
    found: list[Check] = []
    with screen.progress("looking") as progress:
        for name, check in {**CHECKS, "judge": lambda: judge(policy)}.items():
            if screen.err.is_terminal:
                progress(f"checking the {name}")
            found.extend(look(name, check))
    wrong = [check for check in found if check.state == "wrong"]
    if as_json:
        screen.json({"healthy": not wrong, "checks": [asdict(check) for check in found]})
    else:
        _show(screen, found, len(wrong))
    return NOT_RIGHT if wrong else 0


def _show(screen: Screen, checks: list[Check], wrong: int) -> None:
    rows = table("", "check", "found")
    for check in checks:
        rows.add_row(_mark(check.state), shown(check.name, "bold" if check.state == "wrong" else ""), shown(check.found))
        if check.todo:
            rows.add_row("", "", shown(check.todo, "bold" if check.state == "wrong" else "dim"))
    screen.show(rows, "", shown("Everything is as it should be." if not wrong else f"{plural(wrong, 'thing')} to put right.", "bold"))


def _mark(state: State) -> Text:
    return shown("wrong", ACTION_STYLES[Action.BLOCK]) if state == "wrong" else shown(state, "dim" if state == "note" else "")

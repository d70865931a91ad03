"""What several commands take is called the same everywhere."""

from __future__ import annotations

from typing import Any

import pytest
import typer

from rune.cli.app import app

from .conftest import Rune

ROOT: Any = typer.main.get_command(app)


def options(command: Any) -> dict[str, tuple[str, ...]]:
    found = {parameter.name: tuple(parameter.opts) for parameter in getattr(command, "params", ())}
    for child in getattr(command, "commands", {}).values():
        found |= options(child)
    return found


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        pytest.param("as_json", ("--json",), id="json"),
        pytest.param("policy", ("--policy",), id="policy"),
        pytest.param("kind", ("--kind",), id="kind"),
        pytest.param("origin", ("--origin",), id="origin"),
        pytest.param("file", ("--file",), id="transcript"),
    ],
)
def test_an_option_has_one_name(name: str, spelled: tuple[str, ...]) -> None:
    spellings = {options(command).get(name) for command in ROOT.commands.values()} - {None, (name,)}
    assert spellings <= {spelled, ("policy",), ("file",)}


@pytest.mark.parametrize("name", ["policy", "rules", "transcript"])
def test_a_group_without_a_command_says_what_it_holds(rune: Rune, name: str) -> None:
    done = rune(name)
    assert (done.code, done.err) == (0, "")
    assert "Commands:" in done.out

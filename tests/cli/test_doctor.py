"""`rune doctor`: an answer to one question, am I protected, and what to do when not."""

from __future__ import annotations

import json

import pytest

from .conftest import Rune


def test_a_sound_installation_is_healthy(rune: Rune) -> None:
    done = rune("doctor")
    assert done.code == 0
    assert done.out.rstrip().endswith("Everything is as it should be.")


def test_everything_that_was_looked_at_for_a_program(rune: Rune) -> None:
    result = json.loads(rune("doctor", "--json").out)
    names = [check["name"] for check in result["checks"]]
    assert result["healthy"]
    assert {"rune", "python", "engine", "rules", "scan canary", "transcript", "module name", "review", "sandbox"} <= set(names)


def test_what_is_wrong_comes_with_what_to_do(rune: Rune, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.packages_distributions", lambda: {"rune": ["runesec", "rune"]})
    done = rune("doctor")
    assert done.code == 1
    assert "`pip uninstall rune`" in " ".join(done.out.split())
    assert "1 thing to put right." in done.out

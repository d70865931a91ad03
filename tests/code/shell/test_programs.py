"""Looking up a program by name."""

from __future__ import annotations

import pytest

from rune.code import analyze

from ...code.conftest import Rules


@pytest.mark.parametrize("name", ["python", "python3", "python3.11", "/usr/bin/python3", "PYTHON3", "pypy3"])
def test_a_program_is_known_by_its_name_without_folder_and_version(name: str, rules: Rules) -> None:
    assert "047" in rules(f"{name} -c 'import shutil; shutil.rmtree(\"/\")'", "bash")


def test_an_unknown_program_is_recorded_and_let_through() -> None:
    report = analyze("frobnicate --all", "bash")
    assert (report.findings, report.manifest.programs) == ((), ("frobnicate",))


def test_builtins_are_no_programs() -> None:
    assert analyze("cd x; echo a; export B=1", "bash").manifest.programs == ()

"""Code that does nothing but leave a file, whatever it is disguised as."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rune.testing import Marker
from rune.testing.marker import fenced


@pytest.fixture
def marker(tmp_path: Path) -> Marker:
    return Marker(tmp_path / "it's here")


@pytest.mark.parametrize("disguise", ["plain", "hidden"])
def test_python_leaves_the_file(disguise: str, marker: Marker) -> None:
    assert not marker.exists
    subprocess.run([sys.executable, "-c", getattr(marker, disguise)], check=True)
    assert marker.exists


def test_the_command_leaves_the_file(tmp_path: Path) -> None:
    marker = Marker(tmp_path / "pwned")
    subprocess.run(marker.piped, shell=True, check=True)
    assert marker.exists


def test_fenced() -> None:
    assert fenced("ls", "sh") == "```sh\nls\n```"

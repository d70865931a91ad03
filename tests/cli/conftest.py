"""The tool as its users meet it: called in this process, or as a process of its own, with or without a terminal."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from rune.cli import main


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str


Rune = Callable[..., Outcome]


@pytest.fixture
def rune(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Rune:
    """Call the tool in this process."""

    def call(*arguments: object, stdin: bytes | None = None) -> Outcome:
        capsys.readouterr()
        monkeypatch.setattr("sys.stdin", None if stdin is None else io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call


@pytest.fixture
def process(own_transcript: Path, tmp_path: Path) -> Rune:
    """Run the tool as a process of its own."""

    def call(
        *arguments: object, stdin: bytes | int | None = b"", environment: Mapping[str, str] | None = None, cwd: Path = tmp_path
    ) -> Outcome:
        given = {"stdin": stdin} if isinstance(stdin, int) else {"input": stdin}
        done = subprocess.run(
            [sys.executable, "-m", "rune", *map(str, arguments)],
            capture_output=True,
            cwd=cwd,
            env={**os.environ, "RUNE_TRANSCRIPT": str(own_transcript), **(environment or {})},
            timeout=100,
            check=False,
            **given,  # type: ignore[arg-type]
        )
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call

"""A detector in an environment of its own: a process that reads requests and writes answers, one JSON object a line.

A request is `{"do": "about" | "fit" | "score", "rows": [{"text", "label", "payload", "source"}, ...]}`; the answers are
`{"about": ..., "version": ...}`, `{}` and `{"scores": [...]}`. A worker that ends instead of answering has failed, and what it wrote to its
error output says why.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.quality.sources import Sample

ENVIRONMENTS = Path(__file__).parents[3] / ".venvs"
_WORKERS = Path(__file__).parents[1] / "workers"


class WorkerError(RuntimeError):
    """A worker ended without an answer."""


class Worker:
    """A scorer that runs elsewhere and is no part of Rune.

    Args:
        name: the environment is `.venvs/quality-NAME`, the program `workers/NAME.py`.
        title: what the tables call it.
        learns: whether it is trained fold by fold.
        python: the interpreter to run it with; default: the environment's.
        program: what to run; default: the program of that name.
    """

    own = False

    def __init__(self, name: str, title: str, *, learns: bool = False, python: Path | None = None, program: Path | None = None) -> None:
        self.name = title
        self.learns = learns
        self.probability = learns
        self._program = program or _WORKERS / f"{name}.py"
        self._python = python or ENVIRONMENTS / f"quality-{name}" / "bin" / "python"
        self._process: subprocess.Popen[str] | None = None
        self._said: dict[str, Any] = {}

    @property
    def works(self) -> bool:
        """Whether its environment is there and it answers."""
        try:
            return self._python.exists() and bool(self.version)
        except WorkerError:
            return False

    @property
    def about(self) -> str:
        """What it is, version and licence, in its own words."""
        return str(self._introduced()["about"])

    @property
    def version(self) -> str:
        """Its own version; it changes when its scores change."""
        return str(self._introduced()["version"])

    def fit(self, samples: Sequence[Sample]) -> None:
        """Train the worker anew."""
        if self.learns:
            self._ask("fit", samples)

    def scores(self, samples: Sequence[Sample]) -> list[float]:
        """Return the worker's scores."""
        return [float(score) for score in self._ask("score", samples)["scores"]]

    def alarms(self, samples: Sequence[Sample], scores: Sequence[float]) -> list[bool]:  # noqa: ARG002 - as the protocol has it
        """Return what is more likely an attack than not; of a detector that learns nothing, whatever it reports."""
        return [score >= 0.5 if self.learns else score > 0 for score in scores]

    def close(self) -> int | None:
        """End the process and return its exit code; None when it was not running."""
        process, self._process = self._process, None
        if process is None:
            return None
        with suppress(BrokenPipeError):
            process.communicate()
        return process.wait()

    def _introduced(self) -> dict[str, Any]:
        self._said = self._said or self._ask("about", ())
        return self._said

    def _ask(self, do: str, samples: Sequence[Sample]) -> dict[str, Any]:
        rows = [{"text": each.text, "label": each.label, "payload": each.payload, "source": each.source} for each in samples]
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps({"do": do, "rows": rows}) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise WorkerError(f"`{self._program.name}` ended with code {self.close()} instead of answering `{do}`; see its error output.")
        found: dict[str, Any] = json.loads(answer)
        return found

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            command = [str(self._python), "-W", "ignore", str(self._program)]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        return self._process

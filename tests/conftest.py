"""What every test stands on: nothing is written outside its own folder, and our own errors are failures."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

# AutoGen's local executor starts `python`, which a fresh Debian has in no folder of the path.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"


@pytest.fixture(autouse=True)
def own_transcript(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep transcripts of guarded objects in the test's own folder, with no key of the environment in sight and nobody asked."""
    path = tmp_path / "rune" / "transcript.db"
    monkeypatch.setenv("RUNE_TRANSCRIPT", str(path))
    monkeypatch.delenv("RUNE_API_KEY", raising=False)
    monkeypatch.setenv("RUNE_TERMINAL", "off")
    return path

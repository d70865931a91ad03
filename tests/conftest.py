"""What every test stands on: nothing is written outside its own folder, and our own errors are failures."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_transcript(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep transcripts of guarded objects in the test's own folder, with no key of the environment in sight and nobody asked."""
    path = tmp_path / "rune" / "transcript.db"
    monkeypatch.setenv("RUNE_TRANSCRIPT", str(path))
    monkeypatch.delenv("RUNE_API_KEY", raising=False)
    monkeypatch.setenv("RUNE_TERMINAL", "off")
    return path

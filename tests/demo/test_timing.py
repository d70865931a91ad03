"""The added time is that of the same chat on both sides."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("autogen")

from rune.demo.timing import CHARS, AddedTime, _chatter, added_time

pytestmark = pytest.mark.autogen


def test_both_sides_are_measured(tmp_path: Path) -> None:
    measured = added_time(tmp_path / "t" / "transcript.db")
    assert measured.unguarded_us > 0
    assert measured.guarded_us > 0


def test_what_is_added_is_the_difference() -> None:
    assert AddedTime(100.0, 250.0).added_us == 150.0


def test_no_message_was_seen_before() -> None:
    texts = {_chatter() for _ in range(100)}
    assert len(texts) == 100
    assert all(CHARS * 0.7 < len(text) <= CHARS for text in texts)

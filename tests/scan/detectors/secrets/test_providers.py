"""The table of formats."""

from __future__ import annotations

from rune.scan.detectors.secrets import SECRETS
from rune.scan.detectors.secrets.named import NAMED
from rune.scan.detectors.secrets.providers import PROVIDERS


def test_there_are_many_and_no_number_or_label_is_used_twice() -> None:
    rows = [*PROVIDERS, *NAMED]
    assert len(PROVIDERS) >= 120
    assert len({row.number for row in rows}) == len(rows)
    assert len({row.label for row in rows}) == len(rows)


def test_every_anchor_has_literals_that_are_not_in_every_text() -> None:
    assert all(len(literal) >= 3 for anchor in SECRETS.anchors for literal in anchor.literals)

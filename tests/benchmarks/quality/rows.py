"""Samples as the tests need them."""

from __future__ import annotations

from benchmarks.quality.sources import Sample


def attack(text: str, source: str = "s", **more: str) -> Sample:
    return Sample(**{"text": text, "label": 1, "source": source, "group": "A", "channel": "data", "family": "override", **more})  # type: ignore[arg-type]


def honest(text: str, source: str = "docs", **more: str) -> Sample:
    return Sample(**{"text": text, "label": 0, "source": source, "group": "benign", "channel": "data", "family": "documents", **more})  # type: ignore[arg-type]

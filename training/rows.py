"""What is learned from: the development data whose licence allows it, and the corpus written for it.

A row is one text with its label, the channel it stands in and the source it came from. Texts are folded as the engine folds them, so that
training and use see the same words.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.quality.duplicates import groups
from benchmarks.quality.sources import Sample, samples

from rune.scan.normalize import read
from rune.types import View

CORPUS = Path(__file__).parent / "corpus"
BLIND = Path(__file__).parent.parent / "benchmarks" / "quality" / "blind"
LONGEST = 20_000
"""Characters of a text that are used."""

_RESERVED = re.compile(r"\b(?:(?:[\w-]+\.)+(?:example|test|invalid)|(?:[\w-]+\.)*example\.(?:com|org|net))\b")
_NAMES = (
    "acme",
    "northwind",
    "status-page",
    "files-share",
    "orbit-labs",
    "gmail",
    "contoso",
    "dataroom",
    "cdn-assets",
    "mailer",
    "docs-hub",
)
_ENDINGS = ("com", "net", "org", "io", "de", "co.uk", "dev", "app")

HELD_OUT = frozenset({"spikee", "cyberseceval", "deepset", "injecagent", "autogen_docs_0.2", "garak"})
"""Sources that the shipped weights never saw: their calibration and their figures rest on them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One text to learn from or to measure on."""

    text: str
    label: int
    channel: str
    source: str
    family: str
    payload: str = ""
    """The injected part, where it is known."""
    jailbreak: bool = False


def data() -> list[Row]:
    """Return the rows of the development data that may be learned from; harmful requests are no part of this task."""
    return [_row(sample) for sample in samples() if sample.use == "train" and sample.group != "C" and sample.source != "own_obfuscation"]


def tuned() -> list[Row]:
    """Return the honest rows that may only be measured on."""
    return [_row(sample) for sample in samples() if sample.use == "tune"]


def corpus() -> list[Row]:
    """Return the rows written for training."""
    return [
        Row(
            folded(_hosted(row["text"])), row["label"], _channel(row["channel"]), "corpus", str(row["family"]), jailbreak=_is_jailbreak(row)
        )
        for path in sorted(CORPUS.glob("*.jsonl"))
        for row in _lines(path)
    ]


def blind() -> list[Row]:
    """Return the evaluation set that nobody who wrote rules or corpus has read; twins of a pair stand side by side."""
    return [
        Row(folded(row["text"]), row["label"], row["channel"], f"blind {path.stem}", row["family"], jailbreak="jailbreak" in row["family"])
        for path in sorted(BLIND.glob("*.jsonl"))
        for row in _lines(path)
    ]


def of(sample: Sample) -> Row:
    """Return a sample of the harness as a row."""
    return _row(sample)


def distinct(rows: Iterable[Row]) -> list[Row]:
    """Return one row of every group of near-duplicates."""
    listed = list(rows)
    seen: set[int] = set()
    kept = []
    for row, group in zip(listed, groups([row.payload or row.text for row in listed]), strict=True):
        if group not in seen:
            seen.add(group)
            kept.append(row)
    return kept


def folded(text: str) -> str:
    """Return the text as the engine reads it."""
    return read(View(text[:LONGEST])).view.text


def _row(sample: Sample) -> Row:
    payload = folded(sample.payload) if sample.payload else ""
    return Row(folded(sample.text), sample.label, sample.channel, sample.source, sample.family, payload, sample.group == "B")


def _hosted(text: str) -> str:
    """Return the text with hosts of the kind that real ones are of: the corpus names reserved ones only, hostile texts more often."""
    chance = random.Random(text)
    return _RESERVED.sub(lambda _: f"{chance.choice(_NAMES)}.{chance.choice(_ENDINGS)}", text)


def _channel(name: str) -> str:
    return "data" if name == "any" else name


def _is_jailbreak(row: dict[str, Any]) -> bool:
    return "jailbreak" in str(row["family"])


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)

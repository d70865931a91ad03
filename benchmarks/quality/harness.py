"""One measurement: the rows, the folds, the scorers, the tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.quality.actions import actions
from benchmarks.quality.duplicates import groups
from benchmarks.quality.evaluate import as_it_comes, evaluate
from benchmarks.quality.folds import Fold, fixed, folds, training
from benchmarks.quality.scorers import Scorer
from benchmarks.quality.scorers.shipped import Shipped
from benchmarks.quality.sources import Sample, samples
from benchmarks.quality.thresholds import Scored

MOST = 2000
"""Honest rows of one source that are measured; attacks are all measured."""
Say = Callable[[str], None]


def measure(scorers: Sequence[Scorer], kept: Path | None, say: Say = lambda _: None) -> dict[str, Any]:
    """Return the tables of every scorer, and of the first one together with each other part of Rune that learns.

    Args:
        scorers: what is measured, Rune's own first.
        kept: folder for the scores of scorers with a version, so that only what changed is measured again; None to keep nothing.
        say: told what is being done.
    """
    say("reading the data")
    rows = samples(MOST)
    say("grouping near-duplicates")
    leaders = groups([each.text for each in rows])
    digest = _digest(rows)
    keep = _Kept(kept, digest)
    scored = _learned([each for each in scorers if each.learns], rows, keep, say)
    for scorer in scorers:
        if not scorer.learns:
            say(f"scoring: {scorer.name}")
            scored[scorer.name] = [_scored(scorer, fold, rows, keep) for fold in fixed(rows)]
    report: dict[str, Any] = {"data": {"rows": len(rows), "distinct": len(set(leaders)), "digest": digest[:12]}, "scorers": {}}
    for scorer in scorers:
        say(f"evaluating: {scorer.name}")
        found = scored[scorer.name]
        tables = evaluate(rows, leaders, found, probability=scorer.probability)
        own = as_it_comes(rows, leaders, _alarmed(scorer, rows, found))
        report["scorers"][scorer.name] = {"about": scorer.about, "learns": scorer.learns, **tables, "as_it_comes": own}
    for name, both in _combined(scorers, scored):
        tables = evaluate(rows, leaders, both, probability=True)
        report["scorers"][name] = {"about": "two independent witnesses: `1 - (1 - a) (1 - b)`", "learns": True, **tables}
    return report


def _alarmed(scorer: Scorer, rows: Sequence[Sample], scored: Scored) -> Scored:
    found = []
    for fold, scores in scored:
        alarms = scorer.alarms([rows[i] for i in scores], list(scores.values()))
        found.append((fold, dict(zip(scores, map(float, alarms), strict=True))))
    return found


def _combined(scorers: Sequence[Scorer], scored: Mapping[str, Scored]) -> Iterator[tuple[str, Scored]]:
    first, *others = scorers
    for other in others:
        if other.own and other.learns:
            yield f"{first.name} + {other.name}", together(scored[first.name], scored[other.name])


def together(fixed_scores: Scored, learned: Scored) -> Scored:
    """Return the scores of a detector that learns nothing and of one that learns, taken as two independent witnesses."""
    ((_, first),) = fixed_scores
    return [(fold, {i: 1 - (1 - first[i]) * (1 - score) for i, score in scores.items()}) for fold, scores in learned]


def policy(shipped: Shipped) -> list[dict[str, Any]]:
    """Return what the default policy does with all rows of every source."""
    return actions(shipped, samples())


def _learned(scorers: Sequence[Scorer], rows: Sequence[Sample], keep: _Kept, say: Say) -> dict[str, list[tuple[Fold, dict[int, float]]]]:
    """Score fold by fold, so that what a fold may learn from is worked out once for all."""
    found: dict[str, list[tuple[Fold, dict[int, float]]]] = {each.name: [] for each in scorers}
    for fold in folds(rows) if scorers else ():
        missing = [each for each in scorers if keep.read(each, fold) is None]
        if missing:
            say(f"learning without {fold.name}")
            learned_from = training(fold, rows)
            for scorer in missing:
                scorer.fit(learned_from)
                found[scorer.name].append(_scored(scorer, fold, rows, keep))
        for scorer in scorers:
            if scorer not in missing:
                found[scorer.name].append(_scored(scorer, fold, rows, keep))
    return found


def _scored(scorer: Scorer, fold: Fold, rows: Sequence[Sample], keep: _Kept) -> tuple[Fold, dict[int, float]]:
    scores = keep.read(scorer, fold)
    if scores is None:
        scores = scorer.scores([rows[i] for i in fold.scored])
        keep.write(scorer, fold, scores)
    return fold, dict(zip(fold.scored, scores, strict=True))


class _Kept:
    """Scores of an earlier run, by data, scorer, version and fold."""

    def __init__(self, folder: Path | None, digest: str) -> None:
        self._folder = folder
        self._digest = digest

    def read(self, scorer: Scorer, fold: Fold) -> list[float] | None:
        path = self._path(scorer, fold)
        if path is None or not path.is_file():
            return None
        found: list[float] = json.loads(path.read_text(encoding="utf-8"))
        return found if len(found) == len(fold.scored) else None

    def write(self, scorer: Scorer, fold: Fold, scores: list[float]) -> None:
        path = self._path(scorer, fold)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps([round(score, 6) for score in scores]), encoding="utf-8")

    def _path(self, scorer: Scorer, fold: Fold) -> Path | None:
        if self._folder is None or not scorer.version:
            return None
        key = f"{self._digest}\n{scorer.name}\n{scorer.version}\n{fold.name}"
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.json"


def _digest(rows: Sequence[Sample]) -> str:
    found = hashlib.sha256()
    for each in rows:
        found.update(f"{each.source}\0{each.label}\0{each.text}\0".encode("utf-8", "surrogatepass"))
    return found.hexdigest()

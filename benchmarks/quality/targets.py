"""The promised figures of detection, in percent, from the report of the harness.

They belong to signatures together with the learned detector where it can be trained here, to signatures alone elsewhere: `detector` says
which.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.quality.harness import measure as measure_all
from benchmarks.quality.scorers import Scorer
from benchmarks.quality.scorers.classifier import Classifier, available
from benchmarks.quality.scorers.shipped import Shipped
from benchmarks.texts import available as data_available

KEPT = Path(__file__).parents[2] / "results" / "quality-scores"
HARD = ("security talk", "personas")


def measure() -> dict[str, Any]:
    """Return the figures; empty without the development data."""
    if not data_available():
        return {}
    scorers: list[Scorer] = [Shipped()]
    if available():
        scorers.append(Classifier())
    return figures(measure_all(scorers, KEPT))


def figures(report: dict[str, Any]) -> dict[str, Any]:
    """Return the figures that have a target.

    Args:
        report: what `harness.measure` returned; its first scorer is Rune's own, and the last one rests on it and on the learned detector.
    """
    names = list(report["scorers"])
    tables, installed = report["scorers"][names[-1]], report["scorers"][names[0]]["as_it_comes"]["honest"]
    worst = installed["worst"]
    hard = [100 * worst[name] for name in HARD if name in worst] + [_percent(installed["trigger_words"])]
    return {
        "detector": names[-1],
        "injection": _percent(tables["groups"]["A"]),
        "explicit": _percent(tables["explicit"]),
        "hijack_pairs": _percent(tables["pairs"].get("own_insitu")),
        "other_languages": _percent(tables["other_languages"]),
        "jailbreak_templates": _percent(tables["jailbreaks"].get("template")),
        "jailbreak_optimized": _percent(tables["jailbreaks"].get("optimized")),
        "withheld_agent_messages": _largest([100 * worst["agent messages"]] if "agent messages" in worst else []),
        "withheld_documents": _largest([100 * worst["documents"]] if "documents" in worst else []),
        "withheld_hard_negatives": _largest(hard),
        "calibration_error": tables["calibration_error"],
    }


def _percent(share: dict[str, float] | None) -> float | None:
    return None if share is None else round(100 * share["value"], 1)


def _largest(values: Iterable[float | None]) -> float | None:
    return max((round(value, 2) for value in values if value is not None), default=None)

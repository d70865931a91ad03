"""From scores to the tables: recall a source and group, pairs, families, languages, false positives, calibration."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.quality.folds import FAMILIES_OF
from benchmarks.quality.measures import Share, calibration_error, macro, share
from benchmarks.quality.sources import Sample
from benchmarks.quality.thresholds import CHANNELS, ENOUGH, STRICT, Scored, Thresholds, shares

_Which = Callable[[Sample], bool]
_Name = Callable[[Sample], str]


def evaluate(samples: Sequence[Sample], leaders: Sequence[int], scored: Scored, *, probability: bool) -> dict[str, Any]:
    """Return all tables about one scorer as JSON values.

    Args:
        samples: all rows.
        leaders: for each row, the first row that it is a near-duplicate of.
        scored: folds with the score of every row left out in them.
        probability: whether the scores are meant as probabilities, so that their calibration is measured.
    """
    limits = Thresholds(samples, leaders, scored)
    return {
        "nominal_rates": limits.rates,
        "false_positives": _false_positives(limits),
        "sources": _sources(limits),
        "groups": _groups(limits),
        "explicit": _mean(limits, lambda each: each.explicit),
        "requests": _mean(limits, lambda each: each.group == "A" and each.channel == "data" and not each.explicit),
        "jailbreaks": _dicts(_recall(limits, lambda each: each.group == "B", lambda each: each.family)),
        "harmful_requests": _dicts(_recall(limits, lambda each: each.group == "C", lambda each: each.source)),
        "families": _dicts(_recall(limits, lambda each: each.source == FAMILIES_OF, lambda each: each.family, families=True)),
        "pairs": _pairs(limits),
        "other_languages": _dicts(_recall(limits, _foreign, lambda _: "all")).get("all"),
        "languages": _dicts(_recall(limits, _foreign, lambda each: each.language)),
        "honest": _honest(limits),
        "strict": _brief(Thresholds(samples, leaders, scored, wanted=STRICT)),
        **(_calibration(limits) if probability else {"calibration_error": None, "right_at_0.9": None}),
    }


def as_it_comes(samples: Sequence[Sample], leaders: Sequence[int], alarmed: Scored) -> dict[str, Any]:
    """Return recall and false positives of a detector's own alarms.

    Args:
        samples: all rows.
        leaders: for each row, the first row that it is a near-duplicate of.
        alarmed: folds with 1 for every row that raised an alarm and 0 for every other.
    """
    return _brief(Thresholds(samples, leaders, alarmed, limit=1.0))


def _brief(limits: Thresholds) -> dict[str, Any]:
    return {"groups": _groups(limits), "false_positives": _false_positives(limits), "sources": _sources(limits), "honest": _honest(limits)}


def _false_positives(limits: Thresholds) -> dict[str, float]:
    return {channel: round(limits.measured(channel, limits.rates[channel]), 5) for channel in CHANNELS}


def _groups(limits: Thresholds) -> dict[str, Any]:
    return {"A": _mean(limits, lambda each: each.group == "A"), "B": _mean(limits, lambda each: each.group == "B")}


def _recall(limits: Thresholds, which: _Which, name: _Name, *, families: bool = False) -> dict[str, Share]:
    """Return the share of attacks over the threshold, by name; `families` takes the folds that leave out families instead of sources."""
    hits: defaultdict[str, list[tuple[bool, float]]] = defaultdict(list)
    for fold, _ in limits.scored:
        if fold.whole or fold.family is families:
            for i in fold.attacks:
                if which(limits.samples[i]):
                    hits[name(limits.samples[i])].append((limits.over(fold, i), limits.weights[i]))
    return shares(hits)


def _mean(limits: Thresholds, which: _Which) -> dict[str, float] | None:
    found = macro(list(_recall(limits, which, lambda each: each.source).values()))
    return found.to_dict() if found else None


def _sources(limits: Thresholds) -> list[dict[str, Any]]:
    found = _recall(limits, lambda each: each.group in ("A", "B"), lambda each: f"{each.group}|{each.source}|{each.channel}")
    return [{**_named(("group", "source", "channel"), name), **each.to_dict()} for name, each in found.items()]


def _honest(limits: Thresholds) -> dict[str, Any]:
    found = limits.honest(lambda _: True, lambda each: f"{each.family}|{each.channel}|{each.source}")
    worst: defaultdict[str, float] = defaultdict(float)
    for name, each in found.items():
        if each.n >= ENOUGH:
            family = name.split("|")[0]
            worst[family] = max(worst[family], round(each.value, 4))
    return {
        "sources": [{**_named(("family", "channel", "source"), name), **each.to_dict()} for name, each in found.items()],
        "worst": dict(worst),
        "trigger_words": _dicts(limits.honest(lambda each: each.trigger, lambda _: "all")).get("all"),
    }


def _pairs(limits: Thresholds) -> dict[str, dict[str, float]]:
    """Return, a source, how often the attack is over the threshold and its clean carrier is not."""
    right: defaultdict[str, list[tuple[bool, float]]] = defaultdict(list)
    for fold, _ in limits.scored:
        clean = {limits.samples[i].pair: i for i in fold.honest if limits.samples[i].pair}
        for i in fold.attacks:
            each = limits.samples[i]
            if each.pair in clean and (fold.whole or fold.family is (each.source == FAMILIES_OF)):
                right[each.source].append((limits.over(fold, i) and not limits.over(fold, clean[each.pair]), limits.weights[i]))
    return _dicts(shares(right))


def _calibration(limits: Thresholds) -> dict[str, float | None]:
    """Return the calibration error with attacks and honest text in equal parts, each source counting the same."""
    rows = [(limits.score(fold, i), limits.samples[i]) for fold, _ in limits.scored for i in fold.scored]
    rows = [(score, each) for score, each in rows if each.group != "C"]
    many = Counter((each.label, each.source) for _, each in rows)
    sides = Counter(label for label, _ in many)
    weighted = [(score, bool(each.label), 1 / many[each.label, each.source] / sides[each.label]) for score, each in rows]
    sure = share((attack, weight) for score, attack, weight in weighted if score >= 0.9)
    return {"calibration_error": round(calibration_error(weighted), 4), "right_at_0.9": round(sure.value, 4) if sure else None}


def _foreign(sample: Sample) -> bool:
    return sample.group in ("A", "B") and sample.language != "en"


def _named(names: tuple[str, ...], joined: str) -> dict[str, str]:
    return dict(zip(names, joined.split("|"), strict=True))


def _dicts(found: dict[str, Share]) -> dict[str, dict[str, float]]:
    return {name: each.to_dict() for name, each in found.items()}

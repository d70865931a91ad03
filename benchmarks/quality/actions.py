"""What a user gets under the default policy: the share of each source that is blocked, put to a human, redacted or flagged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from benchmarks.quality.scorers.shipped import Shipped
from benchmarks.quality.sources import Sample
from rune.types import Action

_SHOWN = (Action.BLOCK, Action.REVIEW, Action.REDACT, Action.FLAG)


def actions(shipped: Shipped, samples: Sequence[Sample]) -> list[dict[str, Any]]:
    """Return a row a source, channel and kind of text; shares are of rows as they come, and the rules that acted on it most are named."""
    counts: defaultdict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    rules: defaultdict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for sample in samples:
        verdict = shipped.verdict(sample)
        key = (sample.group, sample.source, sample.channel)
        counts[key][verdict.action.value] += 1
        if verdict.blocked:
            rules[key][verdict.reason] += 1
    return [_row(key, counts[key], rules[key]) for key in sorted(counts)]


def _row(key: tuple[str, str, str], counts: Counter[str], rules: Counter[str]) -> dict[str, Any]:
    group, source, channel = key
    shares = {action.value: round(counts[action.value] / counts.total(), 4) for action in _SHOWN}
    return {
        "group": group,
        "source": source,
        "channel": channel,
        "rows": counts.total(),
        **shares,
        "withheld_by": dict(rules.most_common(5)),
    }

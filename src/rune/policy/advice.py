"""What is allowed in a policy, but probably not meant."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import combinations

from rune.policy.model import DECIDED_BY_DEFAULT, Policy, Rule
from rune.types import Action, Category


def advice(policy: Policy) -> tuple[str, ...]:
    """Return remarks on a policy, one sentence each, for its author: rules that never decide, threats that are only flagged."""
    return (*_unreachable(policy), *_only_flagged(policy))


def _unreachable(policy: Policy) -> Iterator[str]:
    for group in (policy.finding_rules, policy.message_rules):
        for earlier, later in combinations(group, 2):
            if _file(earlier) == _file(later) and _covers(earlier, later):
                yield f"{later.place}: rule `{later.name}` never decides, because `{earlier.name}` comes first and selects as much."


def _only_flagged(policy: Policy) -> Iterator[str]:
    decided = {category for rule in policy.finding_rules if rule.action is not Action.FLAG for category in rule.categories or Category}
    rest = [category.value for category in Category if category not in decided and category not in DECIDED_BY_DEFAULT]
    if rest and policy.mode == "enforce":
        yield f"{policy.name}: only flagged, whatever their severity: {', '.join(rest)}; `extends: balanced` would act on them."


def _file(rule: Rule) -> str:
    return rule.place.rpartition(":")[0]


def _covers(earlier: Rule, later: Rule) -> bool:
    """Return whether everything that `later` selects is selected by `earlier` too."""
    if earlier.when is not None or earlier.confidence > later.confidence:
        return False
    if earlier.severity is not None and (later.severity is None or earlier.severity.rank > later.severity.rank):
        return False
    pairs = ((getattr(earlier, name), getattr(later, name)) for name in _SELECTORS)
    return all(_is_wider(wide, narrow) for wide, narrow in pairs)


def _is_wider(wide: Collection[str], narrow: Collection[str]) -> bool:
    return not wide or (bool(narrow) and set(narrow) <= set(wide))


_SELECTORS = ("categories", "rules", "kinds", "directions", "senders", "recipients", "origins", "trusts")

"""What one policy file says, key by key, before it is laid over the policy it extends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from rune.limits import ConversationLimits
from rune.policy.judge import JudgeSettings
from rune.policy.model import ON_ERROR, Agent, Flow, Mode, Policy, ReviewSettings, Rule, TranscriptSettings
from rune.policy.source import Scalar
from rune.types import Action, Kind


@dataclass(frozen=True, slots=True)
class Draft:
    """The keys that were given; a key that was not given is None or absent."""

    name: str | None = None
    extends: Scalar | None = None
    mode: Mode | None = None
    rules: tuple[Rule, ...] = ()
    rules_off: tuple[str, ...] = ()
    rule_packs: tuple[str, ...] = ()
    agents: Mapping[str, Agent] = field(default_factory=dict)
    flow: Flow | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)
    on_error: Mapping[Kind, Action] = field(default_factory=dict)
    transcript: TranscriptSettings | None = None
    review: ReviewSettings | None = None
    judge: JudgeSettings | None = None

    def over(self, base: Draft) -> Draft:
        """Return this draft laid over `base`.

        A rule with the name of a rule of the base takes its place; the others come before the base's, so that they decide first. Agents,
        limits and `on_error` are laid over one by one, `rules_off` and `rule_packs` are joined, everything else is taken as a whole.
        """
        own = {rule.name: rule for rule in self.rules}
        inherited = {rule.name for rule in base.rules}
        first = tuple(rule for rule in self.rules if rule.name not in inherited)
        return Draft(
            name=self.name,
            mode=self.mode or base.mode,
            rules=(*first, *(own.get(rule.name, rule) for rule in base.rules)),
            rules_off=_joined(base.rules_off, self.rules_off),
            rule_packs=_joined(base.rule_packs, self.rule_packs),
            agents={**base.agents, **self.agents},
            flow=self.flow or base.flow,
            limits={**base.limits, **self.limits},
            on_error={**base.on_error, **self.on_error},
            transcript=self.transcript or base.transcript,
            review=self.review or base.review,
            judge=self.judge or base.judge,
        )

    def policy(self, name: str) -> Policy:
        """Return the policy, with the defaults for what was not given; `name` is used unless the draft has one."""
        return Policy(
            name=self.name or name,
            mode=self.mode or "enforce",
            rules=self.rules,
            rules_off=self.rules_off,
            rule_packs=self.rule_packs,
            agents=MappingProxyType(dict(self.agents)),
            flow=self.flow or Flow(),
            limits=ConversationLimits(**self.limits),
            on_error=MappingProxyType({**ON_ERROR, **self.on_error}),
            transcript=self.transcript or TranscriptSettings(),
            review=self.review or ReviewSettings(),
            judge=self.judge,
        )


def _joined(base: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*base, *own)))

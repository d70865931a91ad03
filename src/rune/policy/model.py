"""What a policy is, once it was read: immutable data, and nothing that acts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

from rune.conversation.flow import Edge
from rune.limits import ConversationLimits
from rune.policy.condition import Condition
from rune.policy.judge import JudgeSettings
from rune.types import Action, Category, Direction, Kind, Message, Severity, Trust

Mode = Literal["enforce", "observe"]
FlowMode = Literal["learn", "observe", "enforce"]
Content = Literal["redacted", "full", "hash"]

REVISION_CHARS = 12
DECIDERS = ("on_error", "degraded", "ended", "limits", "flow", "permissions", "judge", "noted", "unmatched")
"""What a verdict's `decided_by` names when no rule of the policy decided."""

DECIDED_BY_DEFAULT = frozenset({Category.LIMITS, Category.FLOW, Category.INTERNAL_ERROR})
"""Categories that need no rule: what a policy declares is held, and `on_error` decides about errors."""
ON_ERROR: Mapping[Kind, Action] = MappingProxyType(
    {kind: Action.BLOCK if kind in (Kind.CODE, Kind.TOOL_CALL) else Action.FLAG for kind in Kind}
)
"""What happens to a message that Rune could not read to the end, by kind, unless the policy says otherwise."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a policy: what it selects, and the action that follows. An empty selector selects everything.

    A rule with a selector for findings (`categories`, `rules`, `severity`, `confidence`) speaks about findings; a rule without one speaks
    about messages.
    """

    name: str
    action: Action
    categories: tuple[Category, ...] = ()
    rules: tuple[str, ...] = ()
    """Identifiers of detection rules; one that ends in `*` stands for all that begin like it."""
    severity: Severity | None = None
    """The least severity selected."""
    confidence: float = 0.0
    """The least confidence selected, 0 to 1."""
    kinds: tuple[Kind, ...] = ()
    directions: tuple[Direction, ...] = ()
    senders: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    """Origins of which a message must have one; `tool:*` stands for every tool."""
    trusts: tuple[Trust, ...] = ()
    when: Condition | None = None
    description: str = ""
    place: str = field(default="", compare=False)
    """Where it was written, `FILE:LINE`."""

    @property
    def is_about_findings(self) -> bool:
        """True when the rule decides about findings, False when it decides about messages."""
        return bool(self.categories or self.rules or self.severity or self.confidence)

    def to_dict(self) -> dict[str, Any]:
        """Return what the rule decides by, as JSON; without its place and its description."""
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("when", "description", "place")}
        return values | {"when": self.when.source if self.when else None}


@dataclass(frozen=True, slots=True)
class Agent:
    """What a policy knows about an agent."""

    trust: Trust | None = None
    """How far its words are trusted; None leaves what the message says."""
    origin: str = ""
    """Where its words come from, when it hands on what others wrote: `web` for an agent that reads pages."""
    may: tuple[str, ...] | None = None
    """What it may do: `code.LANGUAGE`, `tool.NAME`, with `*` at the end for all; None for anything."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Who may talk to whom."""

    mode: FlowMode = "learn"
    """`learn` lets every message pass and remembers its edge, `observe` flags one on an undeclared edge, `enforce` blocks it."""
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class TranscriptSettings:
    """What the local record keeps."""

    content: Content = "redacted"
    """Text with secrets and personal data replaced, the whole text, or only its hash."""


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """How a human is asked."""

    timeout: float = 300.0
    """Seconds until a question that nobody answered counts as rejected."""


@dataclass(frozen=True)
class Policy:
    """A policy in force. `load_policy` makes one; `dataclasses.replace` makes a variant with a revision of its own."""

    name: str = "custom"
    mode: Mode = "enforce"
    """`observe` turns every action into `flag` at most, so nothing is withheld and no conversation is ended."""
    rules: tuple[Rule, ...] = ()
    rules_off: tuple[str, ...] = ()
    """Identifiers of detection rules that are switched off."""
    rule_packs: tuple[str, ...] = ()
    """Folders of detection rules used beside the shipped ones."""
    agents: Mapping[str, Agent] = field(default_factory=dict)
    flow: Flow = Flow()
    limits: ConversationLimits = field(default_factory=ConversationLimits)
    on_error: Mapping[Kind, Action] = field(default_factory=lambda: ON_ERROR)
    transcript: TranscriptSettings = TranscriptSettings()
    review: ReviewSettings = ReviewSettings()
    judge: JudgeSettings | None = None
    """Who is asked about what the local stages leave open; None: nobody, and nothing leaves the process."""

    @cached_property
    def finding_rules(self) -> tuple[Rule, ...]:
        """The rules that decide about findings, in order."""
        return tuple(rule for rule in self.rules if rule.is_about_findings)

    @cached_property
    def message_rules(self) -> tuple[Rule, ...]:
        """The rules that decide about messages, in order."""
        return tuple(rule for rule in self.rules if not rule.is_about_findings)

    @cached_property
    def allows_clean(self) -> bool:
        """True when a message without a finding is allowed without another look."""
        restricted = any(agent.may is not None for agent in self.agents.values())
        return not self.message_rules and self.flow.mode == "learn" and not restricted

    @cached_property
    def revision(self) -> str:
        """Short SHA-256 of everything that decides; comments, descriptions and the name do not count."""
        text = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:REVISION_CHARS]

    def to_dict(self) -> dict[str, Any]:
        """Return what the policy decides by, as JSON."""
        return {
            "version": "1",
            "mode": self.mode,
            "rules": [rule.to_dict() for rule in self.rules],
            **({"rules_off": sorted(self.rules_off)} if self.rules_off else {}),
            "agents": {name: _plain(agent) for name, agent in sorted(self.agents.items())},
            "flow": {"mode": self.flow.mode, "edges": [str(edge) for edge in self.flow.edges]},
            "limits": _plain(self.limits),
            "on_error": {kind.value: self.on_error.get(kind, ON_ERROR[kind]).value for kind in Kind},
            "transcript": _plain(self.transcript),
            "review": _plain(self.review),
            **({"judge": self.judge.to_dict()} if self.judge else {}),
        }

    def label(self, message: Message) -> Message:
        """Return the message with the trust and origin that the policy gives its sender; untrusted content stays untrusted."""
        agent = self.agents.get(message.sender)
        if agent is None:
            return message
        trust = message.trust if agent.trust is None or message.trust is Trust.UNTRUSTED else agent.trust
        known = not agent.origin or agent.origin in message.origins
        origins = message.origins if known else (*message.origins, agent.origin)
        return message if known and trust is message.trust else replace(message, trust=trust, origins=origins)


def _plain(settings: Any) -> dict[str, Any]:
    return {f.name: getattr(settings, f.name) for f in fields(settings)}

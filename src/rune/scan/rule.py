"""What a signature is: a rule with the texts it must and must not match, and the set of rules an engine runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from typing import Any

from rune.errors import RuleError
from rune.scan.channel import channel
from rune.types import Category, Direction, Kind, Message, Severity, Word


class Maturity(Word):
    """How far a rule is trusted; a new one starts as shadow and is promoted when honest traffic stays quiet under it."""

    SHADOW = "shadow"
    """Reported with severity `info`, so that it never changes what happens to a message."""
    INCUBATING = "incubating"
    STABLE = "stable"


CONFIDENCE = {Maturity.SHADOW: 0.5, Maturity.INCUBATING: 0.8, Maturity.STABLE: 0.9}
"""Confidence of a rule's findings where the rule does not set its own."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text that a rule must or must not match, and the message it would stand in."""

    text: str
    kind: Kind = Kind.CHAT
    direction: Direction = Direction.INTERNAL

    def message(self) -> Message:
        """Return the message to scan."""
        return Message(self.text, kind=self.kind, direction=self.direction)


@dataclass(frozen=True, slots=True)
class Rule:
    """One signature as its file states it."""

    id: str
    title: str
    category: Category
    severity: Severity
    maturity: Maturity
    since: str
    """The Rune version that introduced it."""
    pattern: str
    """Regular expression over the normalized text, in the syntax that RE2 and Hyperscan share."""
    literal: tuple[str, ...]
    """Every match contains at least one of these, in whatever case."""
    references: tuple[str, ...]
    match: tuple[Example, ...]
    no_match: tuple[Example, ...]
    remediation: str
    channels: frozenset[str] = frozenset()
    """Kinds, directions and channels (`user`, `agent`, `data`) the rule applies to; empty for all."""
    case_sensitive: bool = False
    mask: bool = False
    """True for secrets: every occurrence is reported, and none is shown."""
    confidence: float = 0.8
    enabled: bool = True
    file: str = field(default="", compare=False)
    """Where the rule was read from; leads every error about it."""
    lines: dict[str, int] = field(default_factory=dict, compare=False)
    """Line of the file on which each key stands, from 1."""

    def at(self, key: str) -> str:
        """Return the beginning of an error about what the rule says under `key`: the file, the line and the key."""
        return f"{self.file}:{self.lines[key]}: `{key}`" if key in self.lines else f"{self.file}: `{key}`"

    def applies(self, message: Message) -> bool:
        """Return whether the rule looks at messages like this one."""
        channels = self.channels
        return not channels or message.kind in channels or message.direction in channels or channel(message) in channels

    @property
    def effective_severity(self) -> Severity:
        """Severity its findings carry: `info` while the rule is in shadow."""
        return Severity.INFO if self.maturity is Maturity.SHADOW else self.severity


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of one folder, ordered by id."""

    rules: tuple[Rule, ...]
    known_digest: str = field(default="", compare=False)
    """The digest, where it was computed before."""
    off: frozenset[str] = frozenset()
    """Rules of detectors that are switched off; they are in code and not in the set."""

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    def __getitem__(self, rule_id: str) -> Rule:
        """Return the rule with this id, or raise KeyError."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    @property
    def in_force(self) -> tuple[Rule, ...]:
        """The rules that are enabled."""
        return tuple(rule for rule in self.rules if rule.enabled)

    def joined(self, other: RuleSet) -> RuleSet:
        """Return both sets as one; raises RuleError when an id occurs in both."""
        return replace(unique([*self.rules, *other.rules]), off=self.off | other.off)

    def without(self, off: Iterable[str], detectors: Collection[str] = ()) -> RuleSet:
        """Return the set with the rules of these ids switched off.

        Args:
            off: Ids of rules of the set, or of detectors.
            detectors: Ids of the rules of detectors, which can be switched off though they are not in the set.

        Raises:
            RuleError: an id that no rule has.
        """
        ids = frozenset(off)
        known = [*(rule.id for rule in self.rules), *detectors]
        unknown = sorted(ids.difference(known))
        if unknown:
            close = get_close_matches(unknown[0], known, n=1)
            hint = f"did you mean `{close[0]}`? " if close else ""
            raise RuleError(f"rules to switch off: no rule is called `{unknown[0]}`; {hint}`rune rules list` names them all.")
        if not ids:
            return self
        rules = tuple(replace(rule, enabled=False) if rule.id in ids else rule for rule in self.rules)
        return RuleSet(rules, off=self.off | ids.intersection(detectors))

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over everything the enabled rules say, examples included."""
        if self.known_digest:
            return self.known_digest
        content = [*(_canonical(rule) for rule in self.in_force), *([sorted(self.off)] if self.off else [])]
        return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    @property
    def revision(self) -> str:
        """First 12 digits of `digest`."""
        return self.digest[:12]


def unique(rules: list[Rule]) -> RuleSet:
    """Return the rules as a set ordered by id; raises RuleError when two share an id."""
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in seen:
            raise RuleError(
                f"{rule.file}: the id `{rule.id}` is already used by {seen[rule.id].file}; give this rule the next free number."
            )
        seen[rule.id] = rule
    return RuleSet(tuple(sorted(rules, key=lambda rule: rule.id)))


def _canonical(rule: Rule) -> list[Any]:
    return [_plain(getattr(rule, item.name)) for item in fields(rule) if item.compare]


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return [value.text, value.kind, value.direction] if isinstance(value, Example) else value

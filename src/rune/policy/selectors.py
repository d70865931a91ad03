"""Whether a rule of a policy selects a message or a finding, and if not, why."""

from __future__ import annotations

from collections.abc import Iterable

from rune.conversation.naming import shown
from rune.policy.model import Rule
from rune.types import Finding, Message


def unmet(rule: Rule, message: Message, finding: Finding | None) -> str:
    """Return the name of the first selector that does not fit; empty when all fit. The condition is not looked at."""
    return (_unmet_by_finding(rule, finding) if finding is not None else "") or _unmet_word(rule, message) or _unmet_name(rule, message)


def _unmet_by_finding(rule: Rule, finding: Finding) -> str:
    if rule.categories and finding.category not in rule.categories:
        return "category"
    if rule.rules and not any(_like(pattern, finding.rule) for pattern in rule.rules):
        return "rule"
    if rule.severity is not None and finding.severity.rank < rule.severity.rank:
        return "severity"
    return "confidence" if finding.confidence < rule.confidence else ""


def _unmet_word(rule: Rule, message: Message) -> str:
    if rule.kinds and message.kind not in rule.kinds:
        return "kind"
    if rule.directions and message.direction not in rule.directions:
        return "direction"
    return "trust" if rule.trusts and message.trust not in rule.trusts else ""


def _unmet_name(rule: Rule, message: Message) -> str:
    if rule.senders and not any(_like(pattern, message.sender) for pattern in rule.senders):
        return "sender"
    if rule.recipients and not any(_like(pattern, message.recipient) for pattern in rule.recipients):
        return "recipient"
    if rule.origins and not any(_like(pattern, origin) for pattern in rule.origins for origin in message.origins):
        return "origin"
    return ""


def _like(pattern: str, value: str) -> bool:
    return value.startswith(pattern[:-1]) if pattern.endswith("*") else value == pattern


def why_unmet(selector: str, rule: Rule, message: Message, finding: Finding | None) -> str:
    """Return in words what a selector wants and what it met."""
    if finding is not None and selector == "severity":
        return f"severity {finding.severity} is below {rule.severity}"
    if finding is not None and selector == "confidence":
        return f"confidence {finding.confidence:g} is below {rule.confidence:g}"
    wanted, met = _sides(selector, rule, message, finding)
    return f"{selector} is {_listed(met) or 'unknown'}, the rule wants {_listed(wanted)}"


def _sides(selector: str, rule: Rule, message: Message, finding: Finding | None) -> tuple[Iterable[str], Iterable[str]]:
    if finding is not None and selector == "category":
        return rule.categories, (finding.category,)
    if finding is not None and selector == "rule":
        return rule.rules, (finding.rule,)
    return {
        "kind": (rule.kinds, (message.kind,)),
        "direction": (rule.directions, (message.direction,)),
        "trust": (rule.trusts, (message.trust,)),
        "sender": (rule.senders, (message.sender,)),
        "recipient": (rule.recipients, (message.recipient,)),
        "origin": (rule.origins, message.origins),
    }[selector]


def _listed(words: Iterable[str]) -> str:
    return " or ".join(f"`{shown(str(word))}`" for word in words if word)

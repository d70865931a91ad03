"""Proves rules by running them: every example goes through the engine that scans messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rune.errors import RuleError
from rune.scan.expression import folded
from rune.scan.normalize import read
from rune.scan.patterns import Pattern, Patterns
from rune.scan.rule import Example, Rule
from rune.types import Finding, Message, View

Scan = Callable[[Message], tuple[Finding, ...]]


def prove(rules: Sequence[Rule], patterns: Patterns, scan: Scan) -> None:
    """Run the examples of every rule.

    Raises:
        RuleError: an example is matched that must not be, or the other way round, or a match contains none of the rule's literals.
    """
    for position, rule in enumerate(rules):
        for example in rule.match:
            _check_match(rule, example, scan)
            _check_literal(rule, example, patterns[position])
        for example in rule.no_match:
            if _matches(rule, example, scan):
                raise _error(rule, "no_match", example.text, "the rule matches it; narrow the pattern or move the example to `match`")


def canary(rules: Sequence[Rule], scan: Scan) -> bool:
    """Return whether the first, the middle and the last rule still find their own first example."""
    chosen = (rules[0], rules[len(rules) // 2], rules[-1]) if rules else ()
    return all(_matches(rule, rule.match[0], scan) for rule in chosen)


def _matches(rule: Rule, example: Example, scan: Scan) -> bool:
    return any(finding.rule == rule.id for finding in scan(example.message()))


def _check_match(rule: Rule, example: Example, scan: Scan) -> None:
    if not _matches(rule, example, scan):
        reason = "the rule does not match it; correct the pattern, a missing `literal`, or the channel of the example"
        raise _error(rule, "match", example.text, reason)


def _check_literal(rule: Rule, example: Example, pattern: Pattern) -> None:
    data = read(View(example.text)).data
    for start, end in pattern.spans(data, -1):
        matched = b" %b " % b" ".join(data[start:end].lower().split())
        if not any(folded(literal) in matched for literal in rule.literal):
            shown = matched[:60].decode("utf-8", "replace")
            raise _error(rule, "literal", ", ".join(rule.literal), f"the match `{shown}` contains none of them")


def _error(rule: Rule, key: str, value: str, reason: str) -> RuleError:
    return RuleError(f"{rule.at(key)} is `{value[:120]}`; {reason}.")

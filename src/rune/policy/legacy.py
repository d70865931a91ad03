"""Policies of version 1.0, the form that earlier guides show: rules that name a scanner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rune.policy import fields
from rune.policy.model import Rule
from rune.policy.problems import Problems, quoted
from rune.policy.source import Node, Scalar, Table
from rune.types import Action, Category, Direction, Severity

VERSION: Final = "1.0"
KEYS: Final = ("name", "description", "scanner", "direction", "action", "severity")
SCANNERS: Final[Mapping[str, tuple[Category, ...]]] = {
    "prompt_injection": (Category.PROMPT_INJECTION, Category.IMPERSONATION),
    "pii_detection": (Category.PII,),
    "tool_call": (Category.TOOL_COERCION, Category.MALICIOUS_CODE),
    "data_exfiltration": (Category.EXFILTRATION, Category.SECRET),
    "jailbreak": (Category.JAILBREAK,),
}
"""What each scanner of version 1.0 is called here."""
ACTIONS: Final[Mapping[str, Action]] = {"block": Action.BLOCK, "log": Action.FLAG, "alert": Action.FLAG}
DIRECTIONS: Final[Mapping[str, tuple[Direction, ...]]] = {
    **dict.fromkeys(("input", "inbound"), (Direction.INBOUND, Direction.INTERNAL)),
    **dict.fromkeys(("output", "outbound"), (Direction.OUTBOUND,)),
}
"""What enters any agent is input, also from another agent."""

_Entries = Mapping[str, tuple[Scalar, Node]]


def rule(node: Node, problems: Problems) -> Rule | None:
    """Read a rule of version 1.0 as one of today.

    Its `severity` is the label of the alert, not a threshold: every finding of the scanner is selected, as it was then.
    """
    entries = fields.table(node, "a rule of version 1.0", KEYS, problems)
    name = required_name(node, entries, problems)
    scanner = _choice(entries, "scanner", SCANNERS, node, problems)
    action = _choice(entries, "action", ACTIONS, node, problems)
    direction = _choice(entries, "direction", DIRECTIONS, None, problems)
    if "severity" in entries:
        fields.word(entries["severity"][1], Severity, "severity", problems)
    if not name or scanner is None or action is None:
        return None
    directions = DIRECTIONS[direction] if direction else ()
    return Rule(name, ACTIONS[action], categories=SCANNERS[scanner], directions=directions, place=node.place)


def required_name(node: Node, entries: _Entries, problems: Problems) -> str:
    """Return the name of a rule of either version; empty when it has none, which is noted."""
    if "name" in entries:
        return fields.text(entries["name"][1], "`name` of a rule", problems) or ""
    if isinstance(node, Table):
        problems.add(node.place, "a rule without a `name`; a verdict names the rule that decided")
    return ""


def _choice(entries: _Entries, key: str, choices: Mapping[str, object], required: Node | None, problems: Problems) -> str | None:
    if key in entries:
        return fields.choice(entries[key][1], choices, key, problems)
    if isinstance(required, Table):
        problems.add(required.place, f"a rule without {quoted(key)}; use one of {', '.join(choices)}")
    return None

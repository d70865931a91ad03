"""From a tree of values to a draft of a policy: strict, and all problems of a file at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from rune.conversation.flow import Edge
from rune.policy import fields, legacy
from rune.policy.condition import Condition, compile_condition
from rune.policy.draft import Draft
from rune.policy.facts import ConditionError
from rune.policy.judge import ATTRIBUTES
from rune.policy.model import DECIDERS, Agent, Content, Flow, FlowMode, Mode, ReviewSettings, Rule, TranscriptSettings
from rune.policy.parse_judge import judge
from rune.policy.permissions import PERMISSION
from rune.policy.problems import Problems, quoted
from rune.policy.source import Node, Scalar, Table
from rune.types import Action, Category, Direction, Kind, Severity, Trust

VERSION = "1"
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "policy": (
        "version",
        "name",
        "description",
        "extends",
        "mode",
        "agents",
        "flow",
        "rules",
        "rules_off",
        "rule_packs",
        "limits",
        "on_error",
        "transcript",
        "review",
        "judge",
    ),
    "agent": ("trust", "origin", "may"),
    "flow": ("mode", "edges"),
    "rule": (
        *("name", "action", "description", "category", "rule", "severity", "confidence"),
        *("kind", "direction", "sender", "recipient", "origin", "trust", "when"),
    ),
    "limits": ("rounds", "message_chars", "messages_per_minute", "total_messages_per_minute", "tokens", "minutes"),
    "on_error": tuple(kind.value for kind in Kind),
    "transcript": ("content",),
    "review": ("timeout",),
    "judge": tuple(ATTRIBUTES),
}
"""Every key of a policy file, by the part it stands in."""

BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "confidence": (0.01, 1),
    "rounds": (1, 1_000_000),
    "message_chars": (1, 100_000_000),
    "messages_per_minute": (1, 10_000),
    "total_messages_per_minute": (1, 10_000),
    "tokens": (1, 1_000_000_000),
    "minutes": (0.01, 525_600),
    "timeout": (0.1, 86_400),
}
"""The least and the greatest value of every number."""

MODES = ("enforce", "observe")
FLOW_MODES = ("learn", "observe", "enforce")
CONTENTS = ("redacted", "full", "hash")
ON_ERROR_ACTIONS = (Action.FLAG, Action.REVIEW, Action.BLOCK)
"""An error must leave a trace, so it is never allowed; and there is nothing to redact in what could not be read."""
DESCRIPTION_CHARS = 2_000

_Entries = Mapping[str, tuple[Scalar, Node]]
_Reader = Callable[[Node, Problems], Any]


def parse(node: Node) -> Draft:
    """Read a policy.

    Raises:
        PolicyError: one line for each problem, with its place.
    """
    problems = Problems()
    draft = _draft(node, problems)
    problems.raise_if_any()
    return draft


def _draft(node: Node, problems: Problems) -> Draft:
    if isinstance(node, Scalar) and node.value is None:
        problems.add(node.place, 'the policy is empty; the least one is `version: "1"`')
        return Draft()
    entries = fields.table(node, "the policy", KEYS["policy"], problems)
    if not isinstance(node, Table):
        return Draft()
    readers = {**_PARTS, "rules": _legacy_rules} if _version(node.place, entries, problems) == legacy.VERSION else _PARTS
    _description(entries, problems)
    return Draft(**{key: read(entries[key][1], problems) for key, read in readers.items() if key in entries})


def _version(place: str, entries: _Entries, problems: Problems) -> str:
    if "version" not in entries:
        problems.add(place, f'no `version`; begin the policy with `version: "{VERSION}"`')
        return VERSION
    node = entries["version"][1]
    if isinstance(node, Scalar) and node.value in (VERSION, legacy.VERSION):
        return str(node.value)
    hint = f'; quote it: `version: "{node.text}"`' if isinstance(node, Scalar) and node.text in (VERSION, legacy.VERSION) else ""
    problems.add(node.place, f'`version` has to be the text "{VERSION}", not {fields.kind(node)}{hint}')
    return VERSION


def _description(entries: _Entries, problems: Problems) -> str:
    if "description" not in entries:
        return ""
    node = entries["description"][1]
    if isinstance(node, Scalar) and isinstance(node.value, str) and len(node.value) <= DESCRIPTION_CHARS:
        return node.value
    problems.add(node.place, f"`description` has to be a text of at most {DESCRIPTION_CHARS} characters, not {fields.kind(node)}")
    return ""


def _rules(node: Node, problems: Problems) -> tuple[Rule, ...]:
    return _unique(node, _rule, problems)


def _legacy_rules(node: Node, problems: Problems) -> tuple[Rule, ...]:
    return _unique(node, legacy.rule, problems)


def _unique(node: Node, read: Callable[[Node, Problems], Rule | None], problems: Problems) -> tuple[Rule, ...]:
    found: dict[str, Rule] = {}
    for item in fields.items(node, "`rules`", problems):
        rule = read(item, problems)
        if rule is not None and rule.name in found:
            problems.add(item.place, f"a second rule {quoted(rule.name)}; the first is at {found[rule.name].place}")
        elif rule is not None:
            found[rule.name] = rule
    return tuple(found.values())


def _rule(node: Node, problems: Problems) -> Rule | None:
    entries = fields.table(node, "a rule", KEYS["rule"], problems)
    name = legacy.required_name(node, entries, problems)
    action = fields.word(entries["action"][1], Action, "action", problems, f"rule {quoted(name)}") if "action" in entries else None
    if "action" not in entries and isinstance(node, Table):
        problems.add(node.place, f"rule {quoted(name)} has no `action`; use one of {', '.join(Action)}")
    given = {field: read(entries[key][1], problems) for key, (field, read) in _SELECTORS.items() if key in entries}
    if not name or action is None:
        return None
    selected = {field: value for field, value in given.items() if value is not None}
    rule = Rule(name=name, action=action, description=_description(entries, problems), place=node.place, **selected)
    _check_sense(rule, problems)
    return rule


def _check_sense(rule: Rule, problems: Problems) -> None:
    if rule.name in DECIDERS:
        problems.add(rule.place, f"{quoted(rule.name)} is what Rune calls a decision of its own; give the rule another name")
    if Category.INTERNAL_ERROR in rule.categories:
        problems.add(rule.place, f"rule {quoted(rule.name)} selects `internal_error`; use `on_error`, which decides by the kind of message")
    if rule.action is Action.REDACT and not rule.is_about_findings:
        problems.add(rule.place, f"rule {quoted(rule.name)} redacts, but selects no findings; add a `category`")


def _condition(node: Node, problems: Problems) -> Condition | None:
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        problems.add(node.place, f"`when` has to be a condition in quotes, not {fields.kind(node)}")
        return None
    try:
        return compile_condition(node.value)
    except ConditionError as error:
        problems.add(node.place, f"condition {quoted(node.value)}: {error}")
        return None


def _agents(node: Node, problems: Problems) -> Mapping[str, Agent]:
    entries = fields.table(node, "`agents`", None, problems)
    return {name: _agent(name, value, problems) for name, (_, value) in entries.items()}


def _agent(name: str, node: Node, problems: Problems) -> Agent:
    entries = fields.table(node, f"agent {quoted(name)}", KEYS["agent"], problems)
    trust = fields.word(entries["trust"][1], Trust, "trust", problems) if "trust" in entries else None
    origin = fields.text(entries["origin"][1], "`origin`", problems) if "origin" in entries else None
    may = _permissions(entries["may"][1], problems) if "may" in entries else None
    return Agent(trust, origin or "", may)


def _permissions(node: Node, problems: Problems) -> tuple[str, ...]:
    found = [(item, fields.text(item, "an item of `may`", problems)) for item in fields.items(node, "`may`", problems)]
    for item, permission in found:
        if permission is not None and not PERMISSION.match(permission):
            problems.add(
                item.place, f"{quoted(permission)} in `may` is no permission; write `code.LANGUAGE`, `tool.NAME`, or `*` for the name"
            )
    return tuple(permission for _, permission in found if permission is not None)


def _flow(node: Node, problems: Problems) -> Flow:
    entries = fields.table(node, "`flow`", KEYS["flow"], problems)
    mode = fields.choice(entries["mode"][1], FLOW_MODES, "mode", problems, "`flow`") if "mode" in entries else "enforce"
    found = [_edge(item, problems) for item in fields.items(entries["edges"][1], "`edges`", problems)] if "edges" in entries else []
    edges = tuple(edge for edge in found if edge is not None)
    if mode in ("enforce", "observe") and "edges" not in entries and isinstance(node, Table):
        problems.add(node.place, f"`flow` is to {mode} no edges; list them under `edges`, or use `mode: learn`")
    return Flow(cast("FlowMode", mode or "enforce"), edges)


def _edge(node: Node, problems: Problems) -> Edge | None:
    text = fields.text(node, "an edge", problems, limit=2 * fields.NAME_CHARS + 4)
    if text is None:
        return None
    try:
        return Edge.parse(text)
    except ValueError as error:
        problems.add(node.place, f"{quoted(text)} is no edge; {error}")
        return None


def _limits(node: Node, problems: Problems) -> Mapping[str, float | None]:
    entries = fields.table(node, "`limits`", KEYS["limits"], problems)
    return {key: _limit(key, value, problems) for key, (_, value) in entries.items()}


def _limit(key: str, node: Node, problems: Problems) -> float | None:
    if isinstance(node, Scalar) and node.value is None:
        return None
    return fields.number(node, f"limit `{key}`", BOUNDS[key], problems, whole=key != "minutes")


def _on_error(node: Node, problems: Problems) -> Mapping[Kind, Action]:
    entries = fields.table(node, "`on_error`", KEYS["on_error"], problems)
    known = [action.value for action in ON_ERROR_ACTIONS]
    chosen = {key: fields.choice(value, known, f"action for `{key}`", problems, "`on_error`") for key, (_, value) in entries.items()}
    return {Kind(key): Action(action) for key, action in chosen.items() if action is not None}


def _transcript(node: Node, problems: Problems) -> TranscriptSettings:
    entries = fields.table(node, "`transcript`", KEYS["transcript"], problems)
    content = fields.choice(entries["content"][1], CONTENTS, "content", problems, "`transcript`") if "content" in entries else None
    return TranscriptSettings(cast("Content", content)) if content else TranscriptSettings()


def _review(node: Node, problems: Problems) -> ReviewSettings:
    entries = fields.table(node, "`review`", KEYS["review"], problems)
    seconds = fields.number(entries["timeout"][1], "`timeout`", BOUNDS["timeout"], problems) if "timeout" in entries else None
    return ReviewSettings(float(seconds)) if seconds else ReviewSettings()


def _mode(node: Node, problems: Problems) -> Mode | None:
    return cast("Mode | None", fields.choice(node, MODES, "mode", problems))


def _name(node: Node, problems: Problems) -> str | None:
    return fields.text(node, "`name`", problems)


def _extends(node: Node, problems: Problems) -> Scalar | None:
    return node if fields.text(node, "`extends`", problems, limit=500) and isinstance(node, Scalar) else None


def _rule_packs(node: Node, problems: Problems) -> tuple[str, ...]:
    return tuple(
        pack
        for item in fields.items(node, "`rule_packs`", problems)
        if (pack := fields.text(item, "a folder in `rule_packs`", problems, limit=500)) is not None
    )


_PARTS: Mapping[str, _Reader] = {
    "name": _name,
    "extends": _extends,
    "mode": _mode,
    "rules": _rules,
    "rules_off": lambda node, problems: fields.texts(node, "`rules_off`", problems),
    "rule_packs": _rule_packs,
    "agents": _agents,
    "flow": _flow,
    "limits": _limits,
    "on_error": _on_error,
    "transcript": _transcript,
    "review": _review,
    "judge": judge,
}
_SELECTORS: Mapping[str, tuple[str, _Reader]] = {
    "category": ("categories", lambda node, problems: fields.words(node, Category, "category", problems)),
    "rule": ("rules", lambda node, problems: fields.patterns(node, "`rule`", problems)),
    "severity": ("severity", lambda node, problems: fields.word(node, Severity, "severity", problems)),
    "confidence": ("confidence", lambda node, problems: fields.number(node, "`confidence`", BOUNDS["confidence"], problems)),
    "kind": ("kinds", lambda node, problems: fields.words(node, Kind, "kind", problems)),
    "direction": ("directions", lambda node, problems: fields.words(node, Direction, "direction", problems)),
    "sender": ("senders", lambda node, problems: fields.patterns(node, "`sender`", problems)),
    "recipient": ("recipients", lambda node, problems: fields.patterns(node, "`recipient`", problems)),
    "origin": ("origins", lambda node, problems: fields.patterns(node, "`origin`", problems)),
    "trust": ("trusts", lambda node, problems: fields.words(node, Trust, "trust", problems)),
    "when": ("when", _condition),
}

"""Reads signatures: one YAML file a rule, accepted in every detail or not at all.

`load_rules` reads a folder, the shipped one or a user's own. That a rule really does what its examples say is proved by `rune.scan.proof`,
with the same engine that scans messages.
"""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

from rune.errors import RuleError
from rune.scan.channel import Channel
from rune.scan.expression import expression, folded
from rune.scan.parsed import remember, remembered
from rune.scan.rule import CONFIDENCE, Example, Maturity, Rule, RuleSet, unique
from rune.types import Category, Direction, Kind, Severity, Word

FILE_BYTES = 64_000
"""Largest rule file that is read."""
PATTERN_CHARS = 2_000
"""Longest pattern that is accepted."""

# OWASP Top 10 for Agentic Applications (2026) and for LLM Applications (2025), MITRE ATLAS techniques, MITRE CWE.
_REFERENCE = re.compile(r"OWASP-(?:ASI|LLM)(?:0[1-9]|10)|ATLAS-AML\.T\d{4}(?:\.\d{3})?|CWE-[1-9]\d{0,3}")


def load_rules(folder: Path | None = None, *, cache: Path | None = None) -> RuleSet:
    """Read every `.yaml` file under `folder` (default: the rules that ship with Rune); subfolders are for order only.

    With a `cache` folder, files whose bytes were read before are not parsed again.

    Raises:
        RuleError: the folder cannot be read or holds no rule, a file is not a rule in every detail, or two rules share an id.
    """
    root = folder or Path(str(resources.files("rune") / "rules"))
    if not root.is_dir():
        raise RuleError(f"{root}: no such folder of rules; give a folder that holds one YAML file a rule.")
    files = sorted(_files(root))
    if not files:
        raise RuleError(
            f"{root}: the folder holds no rule; add one YAML file a rule, or leave the folder out to use the rules that ship with Rune."
        )
    beginning = len(os.path.join(root, ""))  # noqa: PTH118 - many, at each start
    contents = {path[beginning:].replace(os.sep, "/"): _content(path) for path in files}
    rules = remembered(contents, cache) if cache is not None else None
    if rules is None:
        rules = unique([read_rule(content, file) for file, content in contents.items()])
        rules = replace(rules, known_digest=rules.digest)
        if cache is not None:
            remember(contents, rules, cache)
    return rules


def read_rule(content: bytes, file: str) -> Rule:
    """Return the rule that a YAML file named `file` with these bytes states; raises RuleError on the first thing that is wrong."""
    fields, lines = _mapping(content, file)
    unknown = sorted(set(fields) - set(_READERS), key=str)
    if unknown:
        raise RuleError(f"{file}:{lines.get(unknown[0], 1)}: unknown key `{unknown[0]}`; use one of {', '.join(_READERS)}.")
    missing = sorted(_REQUIRED - set(fields))
    if missing:
        raise RuleError(f"{file}: key `{missing[0]}` is missing; every rule has {', '.join(key for key in _READERS if key in _REQUIRED)}.")
    places = {key: _Place(file, key, lines[key]) for key in fields}
    values = {key: reader(fields[key], places[key]) for key, reader in _READERS.items() if key in fields}
    channels = values.get("channels", frozenset())
    for key in ("match", "no_match"):
        values[key] = tuple(_example(value, channels, places[key]) for value in values[key])
    values.setdefault("confidence", CONFIDENCE[values["maturity"]])
    rule = Rule(**values, file=file, lines=lines)
    _check_literals(rule)
    return rule


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the rules a value stands, for its error."""

    file: str
    key: str
    line: int

    def error(self, value: object, expected: str) -> RuleError:
        shown = value if isinstance(value, str) else json.dumps(value, default=str)
        return RuleError(f"{self.file}:{self.line}: `{self.key}` is `{shown[:80]}`; {expected}.")


def _files(root: Path) -> Iterator[str]:
    for folder, _, names in os.walk(root):
        yield from (os.path.join(folder, name) for name in names if name.endswith((".yaml", ".yml")))  # noqa: PTH118 - many, at each start


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - many, at each start
            content = file.read(FILE_BYTES + 1)
    except OSError as error:
        raise RuleError(f"{path}: the file cannot be read ({error.strerror}); make it readable or remove it.") from error
    if len(content) > FILE_BYTES:
        raise RuleError(
            f"{path}: the file has more than `{FILE_BYTES}` bytes; a rule may have that many. Split it or shorten its examples."
        )
    return content


def _mapping(content: bytes, file: str) -> tuple[dict[Any, Any], dict[str, int]]:
    """Return what a file says, and the line of each key."""
    import yaml  # noqa: PLC0415 - only a process that reads rules pays for it

    try:
        loader = _strict_loader()(content.decode("utf-8"))
        node = loader.get_single_node()
        document = None if node is None else loader.construct_document(node)
    except UnicodeDecodeError as error:
        raise RuleError(f"{file}: byte {error.start} is not UTF-8; save the file as UTF-8.") from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{file}:{mark.line + 1}" if mark else file
        problem = getattr(error, "problem", None) or type(error).__name__
        raise RuleError(f"{where}: not readable as YAML (`{problem}`); correct the syntax.") from error
    if not isinstance(document, dict):
        raise RuleError(f"{file}: the file holds `{type(document).__name__}`; a rule is one mapping of keys to values.")
    return document, {key.value: key.start_mark.line + 1 for key, _ in node.value}


@functools.cache
def _strict_loader() -> Any:
    import yaml  # noqa: PLC0415 - only a process that reads rules pays for it

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class StrictLoader(base):  # type: ignore[misc]
        """Safe, and a key that occurs twice is an error instead of the last one winning."""

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - the parent's signature
            keys = [key.value for key, _ in node.value]
            twice = next((key for key in keys if keys.count(key) > 1), None)
            if twice is not None:
                raise yaml.constructor.ConstructorError(None, None, f"key {twice} occurs twice", node.start_mark)
            mapping: dict[Any, Any] = super().construct_mapping(node, deep)
            return mapping

    return StrictLoader


def _text(value: object, place: _Place) -> str:
    if not isinstance(value, str) or not value.strip():
        raise place.error(value, "give a text, in quotes if it looks like a number")
    return value.strip()


def _identifier(value: object, place: _Place) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"RUNE-[A-Z]{2,8}-\d{3}", value):
        raise place.error(value, "give an id of the form RUNE-INJ-012")
    return value


def _texts(value: object, place: _Place) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
        raise place.error(value, "give a list of at least one text")
    return tuple(value)


def _references(value: object, place: _Place) -> tuple[str, ...]:
    references = _texts(value, place)
    for reference in references:
        if not _REFERENCE.fullmatch(reference):
            raise place.error(reference, "use OWASP-ASI01 to OWASP-ASI10, OWASP-LLM01 to OWASP-LLM10, ATLAS-AML.T0051 or CWE-79")
    if len(set(references)) < len(references):
        raise place.error(", ".join(references), "name each reference once")
    return references


def _boolean(value: object, place: _Place) -> bool:
    if not isinstance(value, bool):
        raise place.error(value, "use true or false")
    return value


def _fraction(value: object, place: _Place) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise place.error(value, "give a number from 0 to 1")
    return float(value)


def _one_of(word: type[Word]) -> Callable[[object, _Place], Any]:
    def read(value: object, place: _Place) -> Word:
        if not isinstance(value, str) or value not in {member.value for member in word}:
            raise place.error(value, f"use one of {', '.join(member.value for member in word)}")
        return word(value)

    return read


def _channels(value: object, place: _Place) -> frozenset[str]:
    names = _texts(value, place)
    known = [member.value for words in (Kind, Direction, Channel) for member in words]
    for name in names:
        if name not in known:
            raise place.error(name, f"use one of {', '.join(known)}")
    return frozenset(names)


def _pattern(value: object, place: _Place) -> str:
    pattern = _text(value, place)
    if len(pattern) > PATTERN_CHARS:
        raise place.error(f"{len(pattern)} characters", f"a pattern may have {PATTERN_CHARS}; split the rule")
    try:
        expression(pattern)
    except ValueError as error:
        raise place.error(pattern, str(error)) from error
    return pattern


def _examples(value: object, place: _Place) -> list[object]:
    if not isinstance(value, list) or not value:
        raise place.error(value, "give a list of at least one example")
    return value


def _example(value: object, channels: frozenset[str], place: _Place) -> Example:
    parts: Mapping[str, object] = value if isinstance(value, dict) else {"text": value, **_default_channel(channels)}
    if not set(parts) <= {"text", "kind", "direction"}:
        raise place.error(value, "an example is a text, or a mapping with text, kind and direction")
    text = parts.get("text")
    if not isinstance(text, str) or not text:
        raise place.error(value, "give the text of the example")
    kind = _one_of(Kind)(parts.get("kind", Kind.CHAT.value), place)
    direction = _one_of(Direction)(parts.get("direction", Direction.INTERNAL.value), place)
    return Example(text, kind, direction)


def _default_channel(channels: frozenset[str]) -> dict[str, object]:
    """An example that names no channel stands in the first one its rule applies to."""
    kinds = [kind.value for kind in Kind if kind.value in channels]
    directions = [direction.value for direction in Direction if direction.value in channels]
    if kinds or not directions:
        return {"kind": kinds[0]} if kinds else _IN_CHANNEL[min(channels & set(_IN_CHANNEL))] if channels else {}
    return {"direction": directions[0]}


_IN_CHANNEL: Mapping[str, dict[str, object]] = {
    Channel.AGENT.value: {},
    Channel.DATA.value: {"kind": Kind.TOOL_RESULT.value},
    Channel.USER.value: {"direction": Direction.INBOUND.value},
}


def _check_literals(rule: Rule) -> None:
    place = _Place(rule.file, "literal", rule.lines.get("literal", 1))
    for literal in rule.literal:
        if len(folded(literal)) < 3:
            raise place.error(literal, "give at least three letters; shorter ones occur in every text")
        if not rule.case_sensitive and literal != literal.lower():
            raise place.error(literal, "write it in lower case, or set `case_sensitive: true`")


_READERS: Mapping[str, Callable[[object, _Place], Any]] = {
    "id": _identifier,
    "title": _text,
    "category": _one_of(Category),
    "severity": _one_of(Severity),
    "maturity": _one_of(Maturity),
    "since": _text,
    "channels": _channels,
    "pattern": _pattern,
    "literal": _texts,
    "references": _references,
    "match": _examples,
    "no_match": _examples,
    "remediation": _text,
    "case_sensitive": _boolean,
    "mask": _boolean,
    "confidence": _fraction,
    "enabled": _boolean,
}
_REQUIRED = frozenset(_READERS) - {"channels", "case_sensitive", "mask", "confidence", "enabled"}

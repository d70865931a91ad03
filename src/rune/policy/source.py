"""A policy as a tree of values that know where they were written, from YAML or from a mapping.

The YAML is its plain part: mappings, lists, scalars. Tags, anchors and aliases are refused: nothing is constructed, nothing multiplies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

import yaml

from rune.errors import PolicyError

SOURCE_BYTES = 512 * 1024
NODES = 20_000
DEPTH = 24

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?[0-9]{1,18}\Z")
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})(?:[eE][-+]?[0-9]{1,3})?\Z")
_PLAIN: Mapping[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: `value` as YAML reads it, `text` as it was written."""

    place: str
    value: str | int | float | bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    place: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping: pairs of key and value, in order; keys may repeat."""

    place: str
    entries: tuple[tuple[Scalar, Node], ...]


Node = Scalar | Sequence | Table


def from_yaml(data: bytes, name: str) -> Node:
    """Read one YAML document.

    Args:
        data: UTF-8 bytes.
        name: what errors call the file.

    Raises:
        PolicyError: the bytes are too many, no UTF-8 or not one plain YAML document; the message starts with `NAME:LINE:`.
    """
    if len(data) > SOURCE_BYTES:
        raise PolicyError(f"{name}:1: more than {SOURCE_BYTES // 1024} KB; a policy is smaller than that.")
    return _Builder(name, _decoded(data, name)).document()


def from_mapping(value: Any, name: str = "policy") -> Node:
    """Read a policy given as Python values.

    Raises:
        PolicyError: a value is of no type that YAML has, or nested too deep.
    """
    return _Converter(name).node(value, "", DEPTH)


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PolicyError(f"{name}:{line}: byte `0x{data[error.start]:02x}` is not UTF-8; save the file as UTF-8.") from None


class _Builder:
    """Builds the tree from the parser's events, one at a time, so that depth and size are bounded before memory is spent."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._nodes = 0
        self._events = self._parsed()

    def document(self) -> Node:
        node: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                if node is not None:
                    raise self._problem(event, "a second document; a policy is one document, without `---` in between")
                node = self._node(event, DEPTH)
        return node or Scalar(f"{self._name}:1", None, "")

    def _parsed(self) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(self._text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise PolicyError(f"{self._name}:{mark.line + 1 if mark else 1}: {self._readable(error, mark)}") from None
        except yaml.YAMLError as error:
            position = getattr(error, "position", None) or 0
            line = self._text.count("\n", 0, position) + 1
            raise PolicyError(f"{self._name}:{line}: a control character that YAML does not allow; remove it.") from None

    def _readable(self, error: yaml.MarkedYAMLError, mark: yaml.Mark | None) -> str:
        lines = self._text.splitlines()
        line = lines[mark.line] if mark and mark.line < len(lines) else ""
        if "\t" in line[: len(line) - len(line.lstrip())]:
            return "a tab indents this line; YAML wants spaces."
        return f"not valid YAML: {error.problem or error.context}."

    def _node(self, event: yaml.NodeEvent, depth: int) -> Node:
        self._check(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(self._place(event), tuple(self._items(yaml.SequenceEndEvent, depth - 1)))
        return Table(self._place(event), tuple(self._entries(depth - 1)))

    def _items(self, end: type[yaml.Event], depth: int) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield self._node(cast("yaml.NodeEvent", event), depth)

    def _entries(self, depth: int) -> Iterator[tuple[Scalar, Node]]:
        items = self._items(yaml.MappingEndEvent, depth)
        for key in items:
            if not isinstance(key, Scalar):
                raise PolicyError(f"{key.place}: a list or mapping as a key; keys are words.")
            yield key, next(items)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        text = event.value
        return Scalar(self._place(event), text if event.style else _resolved(text), text)

    def _check(self, event: yaml.NodeEvent, depth: int) -> None:
        self._nodes += 1
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise self._problem(event, f"`{event.anchor}` is an anchor or alias; write the value out where it is needed")
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            raise self._problem(event, f"`{tag}` is a tag; a policy is plain values")
        if depth < 0 or self._nodes > NODES:
            raise self._problem(event, f"deeper than {DEPTH} levels or more than {NODES} values")

    def _place(self, event: yaml.Event) -> str:
        mark = event.start_mark
        return f"{self._name}:{mark.line + 1 if mark else 1}"

    def _problem(self, event: yaml.Event, problem: str) -> PolicyError:
        return PolicyError(f"{self._place(event)}: {problem}.")


def _resolved(text: str) -> str | int | float | bool | None:
    """Return what an unquoted scalar means in the core schema of YAML 1.2: `yes` and `on` are words."""
    if text in _PLAIN:
        return _PLAIN[text]
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text


class _Converter:
    """Turns Python values into the tree, with the same bounds; `path` leads to the value that is converted."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes = 0

    def node(self, value: Any, path: str, depth: int) -> Node:
        place = f"{self._name}: {path}" if path else self._name
        self._nodes += 1
        if depth < 0 or self._nodes > NODES:
            raise PolicyError(f"{place}: deeper than {DEPTH} levels or more than {NODES} values.")
        if isinstance(value, Mapping):
            return Table(place, tuple(self._entries(value, path, depth - 1)))
        if isinstance(value, list | tuple):
            return Sequence(place, tuple(self.node(item, f"{path}[{index}]", depth - 1) for index, item in enumerate(value)))
        plain = value.value if isinstance(value, Enum) else value
        if isinstance(plain, int) and abs(plain) >= 10**18:
            raise PolicyError(f"{place}: a number of more than 18 digits.")
        if plain is None or isinstance(plain, str | int | float):
            return Scalar(place, plain, "" if plain is None else str(plain))
        raise PolicyError(f"{place}: a value of type `{type(value).__name__}`; use words, numbers, lists and mappings.")

    def _entries(self, table: Mapping[Any, Any], path: str, depth: int) -> Iterator[tuple[Scalar, Node]]:
        for key, value in table.items():
            if not isinstance(key, str):
                raise PolicyError(f"{self._name}: a key of type `{type(key).__name__}` in {path or 'the mapping'}; keys are words.")
            inner = f"{path}.{key}" if path else key
            yield Scalar(f"{self._name}: {inner}", key, key), self.node(value, inner, depth)

"""Reading the values of a policy: each function returns the value, or None after it noted what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import TypeVar

from rune.policy.problems import Problems, quoted
from rune.policy.source import Node, Scalar, Sequence, Table

W = TypeVar("W", bound=Enum)

NAME_CHARS = 120


def table(node: Node, what: str, keys: Iterable[str] | None, problems: Problems) -> Mapping[str, tuple[Scalar, Node]]:
    """Return the entries of a mapping by key; `keys` are the known ones, None when any name will do."""
    if not isinstance(node, Table):
        problems.add(node.place, f"{what} has to be a mapping, not {kind(node)}")
        return {}
    known = None if keys is None else list(keys)
    found: dict[str, tuple[Scalar, Node]] = {}
    for key, value in node.entries:
        if key.text in found:
            problems.add(key.place, f"{quoted(key.text)} stands twice in {what}; the first is at {found[key.text][0].place}")
        elif known is not None and key.text not in known:
            problems.unknown(key.place, "key", key.text, known, what)
        else:
            found[key.text] = (key, value)
    return found


def items(node: Node, what: str, problems: Problems) -> tuple[Node, ...]:
    """Return the items of a list."""
    if isinstance(node, Sequence):
        return node.items
    problems.add(node.place, f"{what} has to be a list, not {kind(node)}")
    return ()


def word(node: Node, words: type[W], what: str, problems: Problems, where: str = "") -> W | None:
    """Return a member of a vocabulary."""
    choices = [str(member.value) for member in words]
    value = choice(node, choices, what, problems, where)
    return None if value is None else words(value)


def words(node: Node, vocabulary: type[W], what: str, problems: Problems) -> tuple[W, ...]:
    """Return one member of a vocabulary or a list of them."""
    found = [word(item, vocabulary, what, problems) for item in _one_or_more(node, what, problems)]
    return tuple(member for member in found if member is not None)


def choice(node: Node, choices: Iterable[str], what: str, problems: Problems, where: str = "") -> str | None:
    """Return one of a few words; `where` is the part of the policy it stands in."""
    known = list(choices)
    if isinstance(node, Scalar) and isinstance(node.value, str) and node.value in known:
        return node.value
    if isinstance(node, Scalar):
        problems.unknown(node.place, what, node.text or "nothing", known, where)
    else:
        problems.add(node.place, f"{what} has to be one of {', '.join(known)}, not {kind(node)}")
    return None


def text(node: Node, what: str, problems: Problems, *, limit: int = NAME_CHARS) -> str | None:
    """Return a printable text of one line, at most `limit` characters."""
    if not isinstance(node, Scalar) or not isinstance(node.value, str) or not node.value.strip():
        problems.add(node.place, f"{what} has to be a text, not {kind(node)}")
        return None
    if len(node.value) > limit or not node.value.isprintable():
        problems.add(node.place, f"{what} {quoted(node.value)} has to be one printable line of at most {limit} characters")
        return None
    return node.value


def texts(node: Node, what: str, problems: Problems) -> tuple[str, ...]:
    """Return one text or a list of them."""
    found = [text(item, what, problems) for item in _one_or_more(node, what, problems)]
    return tuple(value for value in found if value is not None)


def patterns(node: Node, what: str, problems: Problems) -> tuple[str, ...]:
    """Return names, each of which may end in `*`."""
    found = texts(node, what, problems)
    for pattern in found:
        if "*" in pattern[:-1]:
            problems.add(node.place, f"{what} {quoted(pattern)} has `*` in the middle; it stands at the end only")
    return found


def number(node: Node, what: str, bounds: tuple[float, float], problems: Problems, *, whole: bool = False) -> float | int | None:
    """Return a number within bounds, both included."""
    value = node.value if isinstance(node, Scalar) else None
    fits = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if fits and isinstance(value, int | float) and bounds[0] <= value <= bounds[1]:
        return value
    given = quoted(node.text) if isinstance(node, Scalar) and node.text else kind(node)
    problems.add(node.place, f"{what} is {given}; use a {'whole ' if whole else ''}number from {bounds[0]} to {bounds[1]}")
    return None


def _one_or_more(node: Node, what: str, problems: Problems) -> tuple[Node, ...]:
    if not isinstance(node, Sequence):
        return (node,)
    if not node.items:
        problems.add(node.place, f"{what} is an empty list, which selects nothing; name what it selects, or leave the key out")
    return node.items


def kind(node: Node) -> str:
    """Return what a value is, in words and with the value if it is short."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Table):
        return "a mapping"
    if node.value is None:
        return "nothing"
    if isinstance(node.value, str):
        return f"the text {quoted(node.value)}"
    return f"{'the truth value' if isinstance(node.value, bool) else 'the number'} {quoted(node.text)}"

"""What is known about a value in the code that is read: the constants it may be, where its content came from, what it names.

The same value travels through Python and shell, so a flow that crosses languages keeps its labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import Any, NamedTuple

CONSTANTS = 12
"""Alternatives kept of one value; more are as good as unknown."""
CONSTANT_CHARS = 100_000
"""Longest string or bytes kept as a constant; content beyond that keeps its labels only."""
ITEMS = 512
"""Elements kept of one list, tuple or dictionary."""

SECRET = 1 << 0
"""Content of a credential file or store."""
CONFIG = 1 << 1
"""Content of a file that belongs to the system."""
ENVIRONMENT = 1 << 2
"""The environment as a whole."""
ENV_KEY = 1 << 3
"""One credential from the environment."""
NETWORK = 1 << 4
"""Received from the network."""
DECODED = 1 << 5
"""Result of undoing an encoding."""
DESERIALIZED = 1 << 6
"""Result of unpickling and the like."""
INPUT = 1 << 7
"""Typed by a user or given as an argument of the program."""
HOST_FACTS = 1 << 8
"""Facts about the machine, its user or its processes."""
LISTING = 1 << 9
"""Names of files."""
OUTPUT = 1 << 10
"""Output of a command."""
DISGUISED = 1 << 12
"""A function that was reached by a name put together at run time."""
PROCESS = 1 << 11
"""A process that the code found rather than started."""

HOST_FILE = 1 << 13
"""Content of a file outside the work directory."""

HOLE = "\ufffc"
"""Stands in a constant text for a part that is only known at run time."""

Constant = str | bytes | int | float | bool | None


class Value(NamedTuple):
    """One abstract value; a tuple because millions are made, and equal ones must compare equal."""

    constants: tuple[Constant, ...] = ()
    """What the value may be; empty when that is unknown, and never a proof that it is nothing else."""
    labels: int = 0
    """Where the content came from: a union of the labels above."""
    names: tuple[str, ...] = ()
    """Dotted names it stands for: `os.system`; `socket.socket()` is what a call of that name returned."""
    items: tuple[Value, ...] | None = None
    """Elements of a sequence, in order, when they are known."""
    fields: dict[Any, Value] | None = None
    """Entries of a mapping or attributes of an object; shared by every alias of it."""
    target: Any = None
    """For a function, class or method defined in the snippet: what a call of it runs."""

    @property
    def text(self) -> str | None:
        """The first constant as text, or None."""
        for constant in self.constants:
            if isinstance(constant, str):
                return constant
            if isinstance(constant, bytes):
                return constant.decode("utf-8", "replace")
        return None

    @property
    def texts(self) -> tuple[str, ...]:
        """Every constant that is text, bytes read as UTF-8."""
        constants = self.constants
        if len(constants) == 1 and isinstance(constants[0], str):
            return constants  # type: ignore[return-value]
        return tuple(c if isinstance(c, str) else c.decode("utf-8", "replace") for c in constants if isinstance(c, (str, bytes)))

    @property
    def number(self) -> int | float | None:
        """The first constant that is a number, or None."""
        return next((c for c in self.constants if isinstance(c, (int, float))), None)

    @property
    def integer(self) -> int | None:
        """The first constant that is an integer, or None."""
        return next((c for c in self.constants if isinstance(c, int)), None)

    def labeled(self, labels: int) -> Value:
        """Return the same value with more labels."""
        return self if labels | self.labels == self.labels else self._replace(labels=labels | self.labels)


UNKNOWN = Value()
NOTHING = Value((None,))


def text(value: str) -> Value:
    """Return a value that is exactly this text."""
    return Value((value,)) if len(value) <= CONSTANT_CHARS else UNKNOWN


def named(name: str, labels: int = 0) -> Value:
    """Return a value that stands for a dotted name."""
    return Value((), labels, (name,))


def sequence(items: Iterable[Value]) -> Value:
    """Return a list or tuple of these elements; it carries the labels of all of them."""
    kept = tuple(items)
    labels = 0
    for item in kept:
        labels |= item.labels
    return Value((), labels, (), kept[:ITEMS])


def constant(values: Iterable[Constant], labels: int = 0) -> Value:
    """Return a value that may be any of these, as far as they are few and small enough to keep."""
    kept: dict[tuple[type, Constant], Constant] = {}
    for value in values:
        if isinstance(value, (str, bytes)) and len(value) > CONSTANT_CHARS:
            continue
        kept[type(value), value] = value
        if len(kept) == CONSTANTS:
            break
    return Value(tuple(kept.values()), labels)


def join(left: Value, right: Value) -> Value:
    """Return what is known of a value that is one or the other."""
    if left is right or right is UNKNOWN:
        return left
    if left is UNKNOWN:
        return right
    constants = left.constants
    if right.constants and right.constants != constants:
        constants = constant((*constants, *right.constants)).constants
    return Value(
        constants,
        left.labels | right.labels,
        left.names if right.names == left.names else tuple(dict.fromkeys(left.names + right.names))[:4],
        _join_items(left.items, right.items),
        left.fields if right.fields is None else right.fields,
        left.target if left.target is not None else right.target,
    )


def _join_items(left: tuple[Value, ...] | None, right: tuple[Value, ...] | None) -> tuple[Value, ...] | None:
    if left is None or right is None or left is right:
        return right if left is None else left
    if len(left) == len(right):
        return tuple(join(a, b) for a, b in zip(left, right, strict=True))
    return max(left, right, key=len)


def element(value: Value) -> Value:
    """Return what an element of a collection may be."""
    if value.items is not None:
        found = UNKNOWN
        for item in value.items[:64]:
            found = join(found, item)
        return found.labeled(value.labels)
    if value.names:
        return Value((), value.labels, tuple(f"{name}[]" for name in value.names))
    return Value((), value.labels)


def concatenate(parts: Iterable[Value]) -> Value:
    """Return the text made of these parts in order, trying the alternatives of each; an unknown part leaves a hole."""
    labels = 0
    options: list[tuple[str, ...]] = []
    for part in parts:
        labels |= part.labels
        options.append(tuple(c if isinstance(c, str) else str(c) for c in part.constants if isinstance(c, (str, int, float))) or (HOLE,))
    if sum(max(map(len, option)) for option in options) > CONSTANT_CHARS:
        return Value((), labels)
    combined = ("".join(combination) for combination in islice(product(*options), CONSTANTS))
    return constant((found for found in combined if HOLE not in found or found.strip(HOLE + " \t\n")), labels)


def parts(value: Value, limit: int = 2 * ITEMS) -> Iterator[Value]:
    """Yield a value and what it holds, nearest first, at most `limit` of them."""
    queue = [value]
    for position in range(limit):
        if position >= len(queue):
            return
        current = queue[position]
        yield current
        if len(queue) < limit:
            queue += current.items or ()
            queue += (current.fields or {}).values()


def content_labels(value: Value) -> int:
    """Return the labels of a value and of everything it holds."""
    labels = value.labels
    if value.items or value.fields:
        for part in parts(value):
            labels |= part.labels
    return labels


def texts_within(value: Value) -> list[str]:
    """Return every text a value may be or hold."""
    return [text for part in parts(value) for text in part.texts]

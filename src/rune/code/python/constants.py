"""Operations on known constants, computed for real with bounded effort.

Every operand comes from hostile code: sizes are checked before the host computes anything.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import islice, product

from rune.code.values import (
    CONSTANT_CHARS,
    CONSTANTS,
    HOLE,
    ITEMS,
    UNKNOWN,
    Constant,
    Value,
    concatenate,
    constant,
    content_labels,
    text,
)

IDENTIFIER = re.compile(r"[A-Za-z_][\w.]*\Z")
ROUNDS = 4096
"""Characters of a known text that a loop or comprehension goes over one by one."""
HUGE = 500_000_000
"""Bytes or elements asked for at once that only exhaust the machine."""
_WIDE = re.compile(r"\d{4}|\*")
_PERCENT = re.compile(r"%(?:\((\w*)\))?[-#0 +]*\d{0,3}(?:\.\d{0,3})?([a-zA-Z%])")
_FIELD = re.compile(r"\{(\w*)(?:[.\[][^{}:!]*)?(?:![rsa])?(?::[^{}]*)?\}")

_NUMBERS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Sub: operator.sub,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitXor: operator.xor,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.Mult: operator.mul,
    ast.RShift: operator.rshift,
}


def add(left: Value, right: Value) -> Value:
    """Return the sum or concatenation of two values; an unknown part of a text leaves a hole."""
    if any(isinstance(item, bytes) for item in (*left.constants, *right.constants)):
        pairs = islice(product(left.constants, right.constants), CONSTANTS)
        joined = (a + b for a, b in pairs if isinstance(a, bytes) and isinstance(b, bytes) and len(a) + len(b) <= CONSTANT_CHARS)
        return constant(joined, left.labels | right.labels)
    if any(isinstance(item, str) for item in (*left.constants, *right.constants)):
        return concatenate((left, right))
    numbers = islice(product(left.constants, right.constants), CONSTANTS)
    return constant((a + b for a, b in numbers if _number(a) and _number(b)), left.labels | right.labels)  # type: ignore[operator]


def _number(item: Constant) -> bool:
    return isinstance(item, (int, float)) and abs(item) < 1 << 256


def arithmetic(kind: ast.operator, left: Constant, right: Constant) -> Constant:
    """Return the result of an operator on two constants; None when it is unknown, undefined or too large."""
    if isinstance(kind, ast.Mult) and isinstance(right, (str, bytes)):
        left, right = right, left
    if isinstance(kind, ast.Mult) and isinstance(left, (str, bytes)) and isinstance(right, int):
        return left * right if len(left) * max(right, 0) <= CONSTANT_CHARS else None
    if not isinstance(left, int) or not isinstance(right, int) or max(abs(left), abs(right)) >= 1 << 4096:
        return None
    if isinstance(kind, (ast.LShift, ast.Pow)):
        return _power(kind, left, right)
    try:
        return _NUMBERS[type(kind)](left, right)
    except (KeyError, ArithmeticError, ValueError):
        return None


def _power(kind: ast.operator, left: int, right: int) -> int | None:
    if not 0 <= right <= 4096 or abs(left) > 1 << 64 or (abs(left) > 2 and right > 64):
        return None
    return left << right if isinstance(kind, ast.LShift) else int(left**right)


def huge(left: Value, right: Value) -> bool:
    """Tell whether a repetition asks for an absurd amount of memory."""
    counts = [item for item in (*left.constants, *right.constants) if isinstance(item, (int, float))]
    repeated = any(isinstance(item, (str, bytes)) for item in (*left.constants, *right.constants))
    repeated = repeated or left.items is not None or right.items is not None
    return repeated and any(item >= HUGE for item in counts)


def spelled(value: Value) -> Value:
    """Return the text that `str` makes of a value."""
    kept = (item if isinstance(item, str) else str(item) for item in value.constants if not isinstance(item, bytes) and _short(item))
    return constant(kept, content_labels(value))


def _short(item: Constant) -> bool:
    return not isinstance(item, int) or item.bit_length() < 8192


def formatted_number(value: Value, spec: ast.expr) -> Value:
    """Return a number formatted as an f-string does, for a plain specification."""
    parts = getattr(spec, "values", [])
    plain = parts[0].value if len(parts) == 1 and isinstance(parts[0], ast.Constant) else ""
    if not isinstance(plain, str) or not re.fullmatch(r"0?\d{0,3}(?:\.\d{1,2})?[cdxXobf]?", plain):
        return Value((), value.labels)
    return attempted(lambda item: format(item, plain), value.constants, value.labels)


def attempted(function: Callable[..., Constant], items: Iterable[Constant], labels: int) -> Value:
    """Apply a bounded function to each constant, leaving out those it does not fit."""
    return constant((result for item in items if (result := _tried(function, item)) is not None), labels)


def _tried(function: Callable[..., Constant], item: Constant) -> Constant:
    try:
        return function(item)
    except (ValueError, TypeError, OverflowError, LookupError, AttributeError):
        return None


def percent(left: Value, right: Value) -> Value:
    """Return the result of `%` formatting, with holes for unknown arguments."""
    template = left.text
    labels = content_labels(left) | content_labels(right)
    if template is None or _WIDE.search(template[:CONSTANT_CHARS]):
        return Value((), labels)
    arguments = list(right.items) if right.items is not None else [right]
    return _filled(_PERCENT, template, arguments, right.fields or {}, labels)


def format_text(receiver: Value, arguments: Sequence[Value], keywords: dict[str, Value]) -> Value:
    """Return the result of `str.format`, with holes for unknown arguments."""
    labels = receiver.labels
    for value in (*arguments, *keywords.values()):
        labels |= content_labels(value)
    template = receiver.text
    return _filled(_FIELD, template, list(arguments), keywords, labels) if template is not None else Value((), labels)


def _filled(pattern: re.Pattern[str], template: str, arguments: list[Value], keywords: dict[str, Value], labels: int) -> Value:
    parts: list[Value] = []
    position = used = 0
    for match in islice(pattern.finditer(template), ITEMS):
        parts.append(text(template[position : match.start()]))
        position = match.end()
        if match[0] == "%%":
            parts.append(text("%"))
            continue
        key = match[1] or ""
        if key and not key.isdigit():
            parts.append(spelled(keywords.get(key, UNKNOWN)))
            continue
        index = int(key) if key and len(key) < 4 else used
        used += 1
        value = arguments[index] if index < len(arguments) else UNKNOWN
        parts.append(_as_character(value) if match[0].endswith("c") and value.number is not None else spelled(value))
    parts.append(text(template[position:]))
    return concatenate(parts).labeled(labels)


def _as_character(value: Value) -> Value:
    return constant(chr(item) for item in value.constants if isinstance(item, int) and 0 <= item < 0x110000)


def index(owner: Value, key: Value) -> Value | None:
    """Return one character or byte of a constant; None when the owner is no text."""
    if not any(isinstance(item, (str, bytes)) for item in owner.constants):
        return None
    position = key.integer
    if position is None:
        return Value((), owner.labels)
    found = (item[position] for item in owner.constants if isinstance(item, (str, bytes)) and -len(item) <= position < len(item))
    return constant(found, owner.labels)


def elements(value: Value) -> Value:
    """Return a known text or range as the sequence of its elements."""
    if value.items is not None or not value.constants:
        return value
    item = value.constants[0]
    if isinstance(item, (str, bytes)) and len(item) <= ROUNDS and "pathlib.Path()" not in value.names:
        return Value((), value.labels, (), tuple(Value((part,)) for part in item))
    return Value((), value.labels)


def compact(items: list[Value]) -> Value:
    """Return a list; long ones of single characters or bytes also keep what they spell."""
    labels = 0
    for item in items:
        labels |= item.labels
    return Value((), labels, (), tuple(items[:ROUNDS]))


def joined(separator: Value, parts: Value) -> Value:
    """Return the result of `separator.join(parts)`."""
    labels = separator.labels | content_labels(parts)
    glue = separator.constants[0] if separator.constants else None
    listed = elements(parts).items
    if glue is None or listed is None:
        return Value((), labels)
    if isinstance(glue, bytes):
        pieces = [item.constants[0] for item in listed if item.constants and isinstance(item.constants[0], bytes)]
        return constant((glue.join(pieces),), labels) if len(pieces) == len(listed) else Value((), labels)
    woven: list[Value] = []
    for position, item in enumerate(listed):
        woven += [item] if position == 0 else [text(str(glue)), item]
    return concatenate(woven).labeled(labels)


def to_bytes(value: Value) -> Value:
    """Return what `bytes(...)` or `bytearray(...)` makes of a list of numbers or of bytes."""
    if value.items is not None and not value.constants:
        numbers = [item.integer for item in value.items]
        small = [number for number in numbers if number is not None and 0 <= number < 256]
        if len(small) == len(numbers):
            return constant((bytes(small),), value.labels)
    return constant((item for item in value.constants if isinstance(item, bytes)), content_labels(value))


def path_join(parts: Iterable[Value], *, name: str = "pathlib.Path()") -> Value:
    """Return a path made of parts, as `os.path.join` and `/` make it; unknown parts leave a hole."""
    labels = 0
    spellings: list[tuple[str, ...]] = []
    for part in parts:
        labels |= part.labels
        spellings.append(part.texts or (HOLE,))
    found = (_path(pieces) for pieces in islice(product(*spellings), CONSTANTS))
    names = (name,) if name else ()
    return constant((path for path in found if path.strip(HOLE)), labels)._replace(names=names)


def _path(pieces: Sequence[str]) -> str:
    path = ""
    for piece in pieces:
        path = piece if piece.startswith(("/", "~")) or not path else f"{path.rstrip('/')}/{piece}" if path != "/" else "/" + piece
    return path


def path_attribute(owner: Value, name: str) -> Value:
    """Return an attribute of a `pathlib` path."""
    if name in ("parent", "parents"):
        return path_join([constant((_parent(path) for path in owner.texts), owner.labels)])
    if name in ("name", "stem", "suffix"):
        return constant((path.rsplit("/", 1)[-1] for path in owner.texts), owner.labels)
    return Value(owner.constants, owner.labels, (f"pathlib.Path().{name}",))


def _parent(path: str) -> str:
    head = path.rstrip("/").rpartition("/")[0]
    return head or ("/" if path.startswith("/") else ".")

"""What the operators of the language do to values; whatever has no answer is a `ConditionError`."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import re2

from rune.policy.cel.syntax import LARGEST_INT
from rune.policy.facts import ConditionError

JOINED_CHARS = 1_000_000
"""Characters of two strings put together."""
COMPARED_DEPTH = 16
"""Levels of lists and maps that `==` looks into."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def is_number(value: Any) -> bool:
    """Return whether a value is an int or a double; true and false are neither."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_list(value: Any) -> bool:
    """Return whether a value is a list."""
    return isinstance(value, list | tuple)


def equal(left: Any, right: Any, depth: int = COMPARED_DEPTH) -> bool:
    """Compare two values; numbers compare as numbers, values of different types are unequal."""
    if is_number(left) and is_number(right):
        return bool(left == right)
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return left is right
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    if depth == 0:
        raise ConditionError(f"compares values nested deeper than {COMPARED_DEPTH} levels")
    if is_list(left) and is_list(right):
        return len(left) == len(right) and all(equal(a, b, depth - 1) for a, b in zip(left, right, strict=True))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(equal(value, right[key], depth - 1) for key, value in left.items())
    return False


_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def ordered(relation: str, left: Any, right: Any) -> bool:
    """Compare two numbers, two strings (by code point) or two truth values with `<`, `<=`, `>` or `>=`."""
    alike = (is_number(left) and is_number(right)) or any(isinstance(left, kind) and isinstance(right, kind) for kind in (str, bool))
    if not alike:
        raise ConditionError(f"`{relation}` cannot compare {named(left)} and {named(right)}")
    return _ORDERS[relation](left, right)


def contained(item: Any, collection: Any) -> bool:
    """Return whether a list holds an item, or a map a key."""
    if is_list(collection):
        return any(equal(item, other) for other in collection)
    if isinstance(collection, Mapping):
        return isinstance(item, str) and item in collection
    raise ConditionError(f"`in` needs a list or a map, not {named(collection)}")


def arithmetic(sign: str, left: Any, right: Any) -> Any:
    """Apply `+ - * / %` to two ints (64 bits, rounding toward zero), two doubles, or `+` to two strings."""
    if sign == "+" and isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > JOINED_CHARS:
            raise ConditionError(f"a string longer than {JOINED_CHARS} characters")
        return left + right
    if is_number(left) and is_number(right) and type(left) is type(right):
        return _double(sign, left, right) if isinstance(left, float) else _int(sign, left, right)
    raise ConditionError(f"`{sign}` cannot join {named(left)} and {named(right)}")


def _int(sign: str, left: int, right: int) -> int:
    if sign in "/%" and right == 0:
        raise ConditionError("a division by zero")
    if sign == "/":
        result = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
    elif sign == "%":
        result = abs(left) % abs(right) * (1 if left >= 0 else -1)
    else:
        result = {"+": left + right, "-": left - right, "*": left * right}[sign]
    if not -LARGEST_INT - 1 <= result <= LARGEST_INT:
        raise ConditionError("a number of more than 64 bits")
    return result


def _double(sign: str, left: float, right: float) -> float:
    if sign == "%":
        raise ConditionError("`%` needs whole numbers")
    if sign == "/" and right == 0:
        return math.nan if left == 0 or math.isnan(left) else math.copysign(math.inf, left) * math.copysign(1, right)
    return float({"+": left + right, "-": left - right, "*": left * right, "/": left / right if sign == "/" else 0.0}[sign])


def negated(value: Any) -> Any:
    """Return a number with the other sign."""
    if not is_number(value):
        raise ConditionError(f"`-` needs a number, not {named(value)}")
    return -value


def size(value: Any) -> int:
    """Return the characters of a string, the items of a list or the keys of a map."""
    if isinstance(value, str | Sequence | Mapping):
        return len(value)
    raise ConditionError(f"`size` needs a string, a list or a map, not {named(value)}")


def item(collection: Any, key: Any, known: str = "") -> Any:
    """Return the value of a map's key, or a list's item counted from 0; `known` is the key if the policy wrote it, for the error."""
    if isinstance(collection, Mapping) and isinstance(key, str):
        if key not in collection:
            raise ConditionError(f"no key `{known}`" if known else "no key of that name")
        return collection[key]
    if is_list(collection) and isinstance(key, int) and not isinstance(key, bool):
        if not 0 <= key < len(collection):
            raise ConditionError(f"no item {key} in a list of {len(collection)}")
        return collection[key]
    raise ConditionError(f"{named(collection)} has no items by {named(key)}")


def text(value: Any) -> str:
    """Return a value that has to be a string."""
    if not isinstance(value, str):
        raise ConditionError(f"needs a string, not {named(value)}")
    return value


def truth(value: Any) -> bool:
    """Return a value that has to be true or false."""
    if not isinstance(value, bool):
        raise ConditionError(f"needs true or false, not {named(value)}")
    return value


def iterated(value: Any) -> Sequence[Any]:
    """Return what a macro goes through: the items of a list, or the keys of a map."""
    if isinstance(value, list | tuple):
        return value
    if isinstance(value, Mapping):
        return list(value)
    raise ConditionError(f"a macro needs a list or a map, not {named(value)}")


def pattern(source: str) -> Callable[[str], bool]:
    """Compile an RE2 regular expression into a search; it takes linear time whatever the text is.

    Raises:
        ConditionError: RE2 cannot read the expression.
    """
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(source, options)
    except (re2.error, UnicodeError) as error:
        raise ConditionError(f"`{ascii(source[:60])[1:-1]}` is no RE2 regular expression: {_reason(error)}") from None

    def found(value: str) -> bool:
        try:
            return compiled.search(value) is not None
        except UnicodeEncodeError:  # lone surrogates, which UTF-8 does not know
            return compiled.search(_SURROGATE.sub("\ufffd", value)) is not None

    return found


def _reason(error: BaseException) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)


def named(value: Any) -> str:
    """Return the name of a value's type in the language, for an error message."""
    names = ((bool, "a truth value"), (int, "an int"), (float, "a double"), (str, "a string"), (Mapping, "a map"), (list | tuple, "a list"))
    return "null" if value is None else next((name for kind, name in names if isinstance(value, kind)), f"a {type(value).__name__}")

"""The arguments of a wrapped call, by position or by name, without binding them to a signature on every message."""

from __future__ import annotations

from typing import Any

Call = tuple[tuple[Any, ...], dict[str, Any]]


def argument(args: tuple[Any, ...], kwargs: dict[str, Any], index: int, name: str, default: Any = None) -> Any:
    """Return an argument that may be given by position or by name."""
    return args[index] if index < len(args) else kwargs.get(name, default)


def both(args: tuple[Any, ...], kwargs: dict[str, Any], first: str, second: str) -> tuple[Any, Any]:
    """Return the first two arguments, given by position or by name."""
    if len(args) > 1:
        return args[0], args[1]
    return argument(args, kwargs, 0, first), argument(args, kwargs, 1, second)


def replaced(args: tuple[Any, ...], kwargs: dict[str, Any], index: int, name: str, value: Any) -> Call:
    """Return the arguments with one of them replaced, given the way it was given before."""
    if index < len(args):
        return (*args[:index], value, *args[index + 1 :]), kwargs
    return args, {**kwargs, name: value}

"""What goes through several operands or items: `&&`, `||` and the macros over lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from rune.policy.cel import values
from rune.policy.facts import ConditionError

STEPS = 50_000
"""Rounds that all macros of one evaluation may take together; an attacker's metadata can be long."""

Run = Callable[[list[Any]], Any]
"""Evaluates a part of a condition on a frame: the steps left, the values of `schema.VARIABLES`, then those of macros."""


def any_or_all(wanted: bool, operands: Sequence[Run]) -> Run:  # noqa: FBT001 - `||` looks for true, `&&` for false
    """Return what looks for an operand that decides: true for `||`, false for `&&`."""
    return lambda frame: _decided(wanted, (_answer(operand, frame) for operand in operands))


def mapped(target: Run, place: int, body: Run) -> Run:
    """Return what computes `body` for every item."""
    return lambda frame: [body(frame) for _ in _walk(frame, target, place)]


def _answer(run: Run, frame: list[Any]) -> bool | ConditionError:
    try:
        return bool(run(frame))
    except ConditionError as error:
        return error


def _decided(wanted: bool, answers: Iterable[bool | ConditionError]) -> bool:  # noqa: FBT001 - as in any_or_all
    """Return `wanted` if one answer is; an operand without an answer counts only when no other decides, as CEL has it."""
    failed: ConditionError | None = None
    for answer in answers:
        if answer is wanted:
            return wanted
        if isinstance(answer, ConditionError):
            failed = failed or answer
    if failed is not None:
        raise failed
    return not wanted


def _walk(frame: list[Any], target: Run, place: int) -> Iterator[Any]:
    """Put each item of a list in its place in the frame, one after the other, while there are steps left."""
    items = values.iterated(target(frame))
    frame.extend([None] * (place + 1 - len(frame)))
    for item in items:
        if frame[0] <= 0:
            raise ConditionError(f"more than {STEPS} rounds of macros")
        frame[0] -= 1
        frame[place] = item
        yield item


def _exists(target: Run, place: int, body: Run) -> Run:
    return lambda frame: _decided(True, (_answer(body, frame) for _ in _walk(frame, target, place)))  # noqa: FBT003 - looks for true


def _all(target: Run, place: int, body: Run) -> Run:
    return lambda frame: _decided(False, (_answer(body, frame) for _ in _walk(frame, target, place)))  # noqa: FBT003 - looks for false


def _exists_one(target: Run, place: int, body: Run) -> Run:
    return lambda frame: sum(bool(body(frame)) for _ in _walk(frame, target, place)) == 1


def _filter(target: Run, place: int, body: Run) -> Run:
    return lambda frame: [item for item in _walk(frame, target, place) if body(frame)]


MACROS: Mapping[str, Callable[[Run, int, Run], Run]] = {"all": _all, "exists": _exists, "exists_one": _exists_one, "filter": _filter}
"""Macros whose body is a condition."""

"""The `when:` of a rule: a CEL condition over a message, its findings and its agent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from rune.policy.facts import ConditionError, Facts, Speaker
from rune.types import Category, Finding, Kind, Message, Severity, Trust

_ORDINARY: tuple[Facts, ...] = tuple(
    (
        Message("text", kind, sender="a", recipient="b", origins=("web",), id="", time=0.0),
        (Finding("RUNE-X-001", Category.PROMPT_INJECTION, Severity.HIGH, ""),) * count,
        Speaker("a", Trust.INTERNAL),
    )
    for kind in Kind
    for count in (0, 1)
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition, checked and ready to be evaluated."""

    source: str
    holds: Callable[[Facts], bool] = field(compare=False, repr=False)
    """Evaluates it; raises `ConditionError` when it has no answer for these facts."""


def compile_condition(source: str) -> Condition:
    """Check a condition and try it on a message of every kind.

    Raises:
        ConditionError: it cannot be read, its types do not fit, or it has no answer for an ordinary message, as when it takes a key of
            the metadata for granted.
    """
    from rune.policy.cel.compile import compile_expression  # noqa: PLC0415 - most policies have no condition and start faster without

    holds = compile_expression(source)
    for facts in _ORDINARY:
        _try(holds, facts)
    return Condition(source, holds)


def _try(holds: Callable[[Facts], bool], facts: Facts) -> None:
    try:
        holds(facts)
    except ConditionError as error:
        hint = "; metadata can lack any key, so ask `has(message.metadata.tool) && ...`" if "no key" in str(error) else ""
        raise ConditionError(f"{error} (for a message of kind {facts[0].kind}){hint}") from None

# ruff: noqa: ARG001, PT017, S101 - every check takes the same arguments, and says what is broken with an assertion
"""What every integration promises, as checks that run on any framework: describe the framework, and run `CHECKS` on it.

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
    def test_conformance(check: Check) -> None:
        check(MyFramework(), make_pipeline)

A check raises AssertionError with the promise that was broken. `make_pipeline` takes a policy (a preset's name or a mapping) and returns a
pipeline with the shipped rules and a reviewer that rejects.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from rune import integrations
from rune.errors import NotProtected
from rune.pipeline import Pipeline

MakePipeline = Callable[[Any], Pipeline]
Attack = Callable[[Callable[[Any], Any]], bool]
"""One way for hostile content to take effect: builds its objects, passes each through the guard it is given, plays, and returns whether the
attack succeeded. It must be possible to play it any number of times."""


class Framework(Protocol):
    """A framework as the checks need it."""

    attacks: Sequence[Attack]
    """One for each way in: a message, code, a tool call, a tool result, a human, an unguarded sender."""

    def subject(self) -> Any:
        """Return a new object to guard, with as much in it as the framework allows."""
        ...

    def methods(self, subject: Any) -> Sequence[Callable[..., Any]]:
        """Return the bound methods of a subject that its guard stands in front of."""
        ...

    def honest(self, subject: Any) -> Any:
        """Run an honest conversation on a subject, and return everything that was said."""
        ...

    def hostile(self, subject: Any) -> Any:
        """Run a conversation with an attack in it on a subject, and return everything that was said."""
        ...


def attacks_succeed_without_a_guard(framework: Framework, make_pipeline: MakePipeline) -> None:
    """An attack that fails by itself proves nothing."""
    for attack in framework.attacks:
        assert attack(lambda thing: thing), f"`{_name(attack)}` does not succeed without a guard"


def attacks_fail_with_a_guard(framework: Framework, make_pipeline: MakePipeline) -> None:
    """What the guard is for."""
    for attack in framework.attacks:
        assert not attack(_guarding(make_pipeline("balanced"))), f"`{_name(attack)}` succeeds with a guard"


def the_same_object_comes_back(framework: Framework, make_pipeline: MakePipeline) -> None:
    """A guard is not a proxy."""
    subject = framework.subject()
    assert integrations.guard(subject, make_pipeline("balanced")) is subject, "guard returned another object"


def a_second_guard_does_nothing(framework: Framework, make_pipeline: MakePipeline) -> None:
    """Guarding again changes nothing, and content is not read twice."""
    subject, pipeline = framework.subject(), make_pipeline("balanced")
    methods = framework.methods(integrations.guard(subject, pipeline))
    assert framework.methods(integrations.guard(subject, pipeline)) == methods, "a second guard changed a method"


def another_shield_is_refused(framework: Framework, make_pipeline: MakePipeline) -> None:
    """Two policies on one object would be neither."""
    subject = integrations.guard(framework.subject(), make_pipeline("balanced"))
    try:
        integrations.guard(subject, make_pipeline("strict"))
    except NotProtected:
        return
    raise AssertionError("another shield could take over a guarded object")


def unguard_restores(framework: Framework, make_pipeline: MakePipeline) -> None:
    """Every method and the class are the very same as before."""
    subject = framework.subject()
    before = (type(subject), framework.methods(subject))
    integrations.unguard(integrations.guard(subject, make_pipeline("balanced")))
    assert (type(subject), framework.methods(subject)) == before, "unguard left something behind"


def signatures_stay(framework: Framework, make_pipeline: MakePipeline) -> None:
    """Names, signatures and colors (sync or async) of the methods are those of the framework."""
    plain, guarded = framework.subject(), integrations.guard(framework.subject(), make_pipeline("balanced"))
    for before, after in zip(framework.methods(plain), framework.methods(guarded), strict=True):
        assert after.__name__ == before.__name__, f"`{before.__name__}` is called `{after.__name__}`"
        assert inspect.signature(after) == inspect.signature(before), f"`{before.__name__}` has another signature"
        assert inspect.iscoroutinefunction(after) == inspect.iscoroutinefunction(before), f"`{before.__name__}` changed its color"


def coverage_is_complete_and_says_what_stays_open(framework: Framework, make_pipeline: MakePipeline) -> None:
    """Every seam is held, the canary was caught, and the paths without a seam are listed."""
    subject = framework.subject()
    assert not integrations.coverage(subject).complete, "an unguarded object counts as covered"
    covered = integrations.coverage(integrations.guard(subject, make_pipeline("balanced")))
    assert covered.complete, f"open seams:\n{covered}"
    assert any(seam.state == "proven" for entry in covered.objects for seam in entry.seams), "no seam was proven"
    assert covered.open_paths, "no framework is without an open path"


def an_honest_conversation_is_the_same(framework: Framework, make_pipeline: MakePipeline) -> None:
    """A guard that finds nothing changes nothing."""
    guarded = framework.honest(integrations.guard(framework.subject(), make_pipeline("balanced")))
    assert guarded == framework.honest(framework.subject()), "an honest conversation went differently"


def observing_changes_nothing(framework: Framework, make_pipeline: MakePipeline) -> None:
    """In mode `observe` even an attack goes its way."""
    observed = framework.hostile(integrations.guard(framework.subject(), make_pipeline("observe")))
    assert observed == framework.hostile(framework.subject()), "an observed conversation went differently"


def an_unsupported_object_is_named(framework: Framework, make_pipeline: MakePipeline) -> None:
    """Nobody is left believing to be protected."""
    try:
        integrations.guard(object(), make_pipeline("balanced"))
    except NotProtected as error:
        assert "`builtins.object`" in str(error), "the error does not name the object's type"
        return
    raise AssertionError("an object that no integration knows was guarded")


Check = Callable[[Framework, MakePipeline], None]
CHECKS: tuple[Check, ...] = (
    attacks_succeed_without_a_guard,
    attacks_fail_with_a_guard,
    the_same_object_comes_back,
    a_second_guard_does_nothing,
    another_shield_is_refused,
    unguard_restores,
    signatures_stay,
    coverage_is_complete_and_says_what_stays_open,
    an_honest_conversation_is_the_same,
    observing_changes_nothing,
    an_unsupported_object_is_named,
)
"""Everything an integration promises."""


def _guarding(pipeline: Pipeline) -> Callable[[Any], Any]:
    return lambda thing: integrations.guard(thing, pipeline)


def _name(attack: Attack) -> str:
    return str(getattr(attack, "__name__", attack))

"""A wrapped method is the method, except for what happens around it; taking the wrapper off leaves nothing behind."""

from __future__ import annotations

import abc
import asyncio
import copy
import inspect
import pickle  # noqa: TID251 - the user's own pickles go on working
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Protocol, runtime_checkable

import pytest

from rune.errors import NotProtected
from rune.integrations import wrapping
from rune.integrations.base import Ask, Inner, Proceed, Seam, Steps
from rune.types import Action, Message, Verdict


@dataclass
class Decider:
    """A pipeline that allows everything and remembers what it was asked."""

    asked: list[str] = field(default_factory=list)

    def process(self, message: Message, **_: Any) -> Verdict:
        self.asked.append(message.text)
        return Verdict(Action.ALLOW, message.id)

    def decide_with_review(self, message: Message, **_: Any) -> Verdict:
        return self.process(message)

    async def adecide_with_review(self, message: Message, **_: Any) -> Verdict:
        return self.process(message)


def guard() -> Any:
    return SimpleNamespace(pipeline=Decider(), classes={})


def reading(_: Any, this: Any, args: Any, kwargs: Any) -> Steps:
    yield Ask(Message(str(args)))
    answer = yield Proceed((*args, "seen"), kwargs)
    return f"<{answer}>"


def calling_inner(_: Any, this: Any, args: Any, kwargs: Any) -> Steps:
    inner = yield Inner("say", ("inner",))
    return f"{inner}|{(yield Proceed(args, kwargs))}"


SAY = Seam("say", "say", "what is said", reading)
A_SAY = Seam("a_say", "a_say", "what is said", reading)


class Speaker:
    """Says things."""

    def say(self, *words: str, end: str = "") -> str:
        """Say words."""
        return " ".join(words) + end

    async def a_say(self, *words: str) -> str:
        return " ".join(words)


class Loud(Speaker):
    def say(self, *words: str, end: str = "!") -> str:
        return super().say(*words, end=end).upper()


class Slotted:
    __slots__ = ("__weakref__",)

    def say(self, *words: str) -> str:
        return " ".join(words)


class Abstract(abc.ABC):  # noqa: B024 - its metaclass is what matters
    def say(self, *words: str) -> str:
        return " ".join(words)


@runtime_checkable
class CanSay(Protocol):
    def say(self, *words: str) -> str: ...


class Declared(CanSay):
    def say(self, *words: str) -> str:
        return " ".join(words)


@dataclass
class Data:
    name: str = "data"

    def say(self, *words: str) -> str:
        return " ".join(words)


@pytest.mark.parametrize("cls", [Speaker, Slotted, Abstract, Declared, Data], ids=lambda cls: cls.__name__)
def test_take_and_release(cls: type) -> None:
    target, holder = cls(), guard()

    assert wrapping.take(target, holder, (SAY,))
    assert target.say("a") == "<a seen>"
    assert isinstance(target, cls)
    assert type(target).__name__ == cls.__name__
    assert wrapping.plain_class(target) is cls
    assert wrapping.owner_of(target) is wrapping.guard_at(target, "say") is holder

    wrapping.release(target)
    assert type(target) is cls
    assert target.say("a") == "a"
    wrapping.release(target)


def test_one_class_is_made_for_all_objects_of_a_class() -> None:
    first, second, holder = Speaker(), Speaker(), guard()
    wrapping.take(first, holder, (SAY,))
    wrapping.take(second, holder, (SAY,))

    assert type(first) is type(second)


def test_taking_twice_does_nothing_and_another_guard_is_refused() -> None:
    target, holder = Speaker(), guard()
    wrapping.take(target, holder, (SAY,))

    assert not wrapping.take(target, holder, (SAY,))
    with pytest.raises(NotProtected, match="`Speaker` is guarded by another Shield"):
        wrapping.take(target, guard(), (SAY,))
    assert target.say("a") == "<a seen>"


async def test_a_coroutine_method_stays_one() -> None:
    target, holder = Speaker(), guard()
    wrapping.take(target, holder, (SAY, A_SAY))

    assert inspect.iscoroutinefunction(target.a_say)
    assert not inspect.iscoroutinefunction(target.say)
    assert await target.a_say("a") == "<a seen>"
    assert holder.pipeline.asked == ["('a',)"]


def test_name_signature_and_documentation_stay() -> None:
    target = Speaker()
    wrapping.take(target, guard(), (SAY,))

    assert inspect.signature(target.say) == inspect.signature(Speaker().say)
    assert (target.say.__name__, target.say.__doc__, type(target).__doc__) == ("say", "Say words.", "Says things.")


def test_an_inner_call_passes_by_the_seam() -> None:
    target, holder = Speaker(), guard()
    wrapping.take(target, holder, (Seam("say", "say", "", calling_inner),))

    assert target.say("a") == "inner|a"


@pytest.mark.parametrize("cls", [Speaker, Loud], ids=["the class itself", "an override that calls its parent"])
def test_a_call_is_read_once_when_class_and_object_are_held(cls: type) -> None:
    target, holder = cls(), guard()
    patches = [patch for owner in (Loud, Speaker) for patch in wrapping.patch_class(owner, holder, (SAY,))]
    try:
        wrapping.take(target, holder, (SAY,))
        target.say("a")
        assert len(holder.pipeline.asked) == 1
    finally:
        for patch in reversed(patches):
            patch.undo()


def test_a_method_called_again_from_within_is_read_again() -> None:
    holder = guard()

    class Echo(Speaker):
        def say(self, *words: str, end: str = "") -> str:
            return self.say(*words[1:-1]) if len(words) > 2 else super().say(*words)

    target = Echo()
    wrapping.take(target, holder, (SAY,))
    target.say("a", "b")

    assert len(holder.pipeline.asked) == 2


def test_patching_a_class_reaches_its_objects_and_is_undone() -> None:
    before, target, holder = dict(vars(Speaker)), Speaker(), guard()
    patches = list(wrapping.patch_class(Speaker, holder, (SAY,)))

    assert target.say("a") == "<a seen>"
    assert list(wrapping.patch_class(Speaker, holder, (SAY,))) == []
    for patch in patches:
        patch.undo()
    assert dict(vars(Speaker)) == before


def test_undoing_leaves_a_later_replacement_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    [patch] = wrapping.patch_class(Speaker, guard(), (SAY,))

    def other(self: Any, *words: str) -> str:
        return "other"

    mine = Speaker.say
    Speaker.say = other  # type: ignore[method-assign, assignment]
    patch.undo()
    assert Speaker.say is other
    Speaker.say = mine  # type: ignore[method-assign]
    patch.undo()


def test_a_method_on_the_object_is_wrapped_there_and_put_back() -> None:
    target, holder = Speaker(), guard()
    own = target.say = lambda *words, end="": "own " + " ".join(words)  # type: ignore[method-assign]
    wrapping.take(target, holder, (SAY,))

    assert target.say("a") == "<own a seen>"
    assert inspect.signature(target.say) == inspect.signature(own)
    wrapping.release(target)
    assert target.say is own


def test_a_wrapper_of_somebody_else_is_not_taken_for_ours() -> None:
    import functools

    target, holder = Speaker(), guard()
    wrapping.take(target, holder, (SAY,))
    ours = type(target).say

    @functools.wraps(ours)
    def theirs(*args: Any, **kwargs: Any) -> Any:
        return ours(*args, **kwargs)

    target.say = theirs  # type: ignore[method-assign]

    assert wrapping.guard_at(target, "say") is None


@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy], ids=["copy", "deepcopy"])
@pytest.mark.parametrize("cls", [Speaker, Data, Abstract])
def test_a_copy_is_guarded(how: Callable[[Any], Any], cls: type) -> None:
    target, holder = cls(), guard()
    wrapping.take(target, holder, (SAY,))

    assert type(how(target)) is type(target)
    assert how(target).say("a") == "<a seen>"


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("cls", [Speaker, Data, Abstract, Declared])
def test_a_pickle_is_of_the_plain_class(cls: type, protocol: int) -> None:
    target = cls()
    plain = pickle.dumps(target, protocol)
    wrapping.take(target, guard(), (SAY,))

    assert type(pickle.loads(pickle.dumps(target, protocol))) is cls
    assert type(pickle.loads(plain)) is cls


class Refusing:
    def __init_subclass__(cls) -> None:
        raise TypeError("final")

    def say(self) -> str:
        return ""


@pytest.mark.parametrize(
    ("target", "why"), [(Refusing(), "refuses to be extended"), (object(), "cannot be guarded")], ids=["final", "builtin"]
)
def test_what_cannot_be_held_says_so(target: Any, why: str) -> None:
    with pytest.raises(NotProtected, match=why):
        wrapping.take(target, guard(), (SAY,))


class Custom(BaseException):
    pass


@pytest.mark.parametrize("error", [ValueError("x"), Custom(), StopIteration("x"), GeneratorExit()], ids=lambda error: type(error).__name__)
def test_an_exception_passes_as_it_is(error: BaseException) -> None:
    class Raising:
        def say(self, *_: str) -> str:
            raise error

    target = Raising()
    wrapping.take(target, guard(), (SAY,))
    with pytest.raises(type(error)) as caught:
        target.say("a")

    assert caught.value is error


def test_a_cancelled_call_ends_its_steps() -> None:
    ended: list[bool] = []

    def steps(_: Any, __: Any, args: Any, kwargs: Any) -> Steps:
        try:
            return (yield Proceed(args, kwargs))
        finally:
            ended.append(True)

    class Waiting:
        async def say(self) -> None:
            await asyncio.sleep(10)

    async def cancelled() -> None:
        target = Waiting()
        wrapping.take(target, guard(), (Seam("say", "say", "", steps),))
        task = asyncio.ensure_future(target.say())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert ended == [True]


def test_an_idle_seam_calls_the_method_at_once() -> None:
    target, holder = Speaker(), guard()
    wrapping.take(target, holder, (Seam("say", "say", "", reading, idle=lambda *_: True),))

    assert target.say("a") == "a"
    assert holder.pipeline.asked == []


def test_a_probe_stands_in_for_the_framework_on_its_object_only() -> None:
    target, other, holder = Speaker(), Speaker(), guard()
    for thing in (target, other):
        wrapping.take(thing, holder, (SAY,))

    with wrapping.probing(wrapping.Probe(target, "canary", {"say"}, "answer")) as probe:
        assert target.say("canary") == "<answer>"
        assert other.say("b") == "<b seen>"
    assert target.say("c") == "<c seen>"
    assert [args for _, args, _ in probe.calls] == [("canary", "seen")]
    assert holder.pipeline.asked == ["('canary',)", "('c',)"]


@pytest.mark.parametrize(
    ("seam", "cls", "held"),
    [
        (SAY, Speaker, True),
        (SAY, object, False),
        (Seam("say", "say", "", reading, unless="a_say"), Speaker, False),
        (Seam("say", "say", "", reading, unless="a_say"), Data, True),
    ],
    ids=["has it", "has it not", "has the other", "has not the other"],
)
def test_applies(seam: Seam, cls: type, held: bool) -> None:
    assert wrapping.applies(seam, cls) is held

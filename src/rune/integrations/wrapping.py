"""How Rune stands in front of a method: reversibly, with the same signature, and once however many guards meet on one object.

A guarded object gets a class of its own making: a subclass of its class, of the same name, in which the seams are overridden. Nothing in
the object changes, so copies are guarded like the original, a pickle loads as the plain class, and taking the guard off is one assignment.
A method that was replaced on the object itself is wrapped where it stands. A process-wide guard patches the classes instead.
"""

from __future__ import annotations

import copyreg
import functools
import inspect
import os
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from rune.errors import NotProtected
from rune.integrations.base import Ask, Idle, Inner, Proceed, Seam, Step, Steps
from rune.pipeline import Pipeline
from rune.types import Action, Verdict

_Running = tuple[tuple[int, str], "_Running"] | None


class Guarding(Protocol):
    """What a wrapped method needs to know of the guard it belongs to."""

    pipeline: Pipeline
    classes: dict[type, type]
    """Guarded classes made so far, by the class they extend."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """Tells a wrapper of ours; one that only copied our attributes, as `functools.wraps` does, is not."""

    wrapper: weakref.ref[Any]
    original: Callable[..., Any]
    guard: Guarding


@dataclass(slots=True)
class Probe:
    """Stands in for the framework while a canary goes through the seams of one object: nothing is executed, shown or kept."""

    target: Any
    marker: str
    """The canary: the text that the pipeline withholds."""
    methods: set[str]
    """Methods whose framework side is not called."""
    answer: Any = None
    """What the framework's own method would have returned."""
    calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)
    """Calls that would have reached the framework."""

    def stands_for(self, this: Any, method: str) -> bool:
        """Return whether a call is not to reach the framework."""
        return self.target is this and method in self.methods

    def stand_in(self, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Note a call that was let through, in place of the framework's own method."""
        self.calls.append((method, args, kwargs))
        return self.answer


_running: ContextVar[Any] = ContextVar("rune_seams_running", default=None)
_probe: ContextVar[Probe | None] = ContextVar("rune_probe", default=None)
_metaclasses: dict[type, type] = {}
_lock = threading.RLock()


def _new_lock() -> None:
    global _lock  # noqa: PLW0603 - another thread of the parent may have held the one that a forked child inherits
    _lock = threading.RLock()


os.register_at_fork(after_in_child=_new_lock) if hasattr(os, "register_at_fork") else None


def take(target: Any, guard: Guarding, seams: Iterable[Seam]) -> bool:
    """Put the seams of an object in place; False when this guard holds them already.

    Raises:
        NotProtected: another guard holds the object, or it cannot be held.
    """
    with _lock:
        owner = owner_of(target)
        if owner is guard:
            return False
        name = _described(target)
        if owner is not None:
            raise NotProtected(f"{name} is guarded by another Shield; call `unguard` on that one first.")
        held = [seam for seam in seams if applies(seam, type(target))]
        _swap(target, _guarded_class(type(target), guard, held))
        for seam in held:
            _wrap_on_object(target, guard, seam)
        return True


def release(target: Any) -> None:
    """Take the guard off an object; it is as it was before. Does nothing for an object without one."""
    with _lock:
        plain = plain_class(target)
        if plain is type(target):
            return
        for name, value in list(_attributes(target).items()):
            if callable(value) and (original := _original(value)) is not None:
                object.__setattr__(target, name, original)
        _swap(target, plain)


def owner_of(target: Any) -> Guarding | None:
    """Return the guard that holds an object, not one that holds its class for the whole process."""
    owner: Guarding | None = vars(type(target)).get("__rune_guard__")
    return owner


def plain_class(target: Any) -> type:
    """Return the class of an object without a guard."""
    plain: type = vars(type(target)).get("__rune_plain__", type(target))
    return plain


def guard_at(target: Any, method: str) -> Guarding | None:
    """Return the guard that a call of a method on this object goes through, or None."""
    own = _attributes(target).get(method)
    mark = _mark(getattr(type(target), method, None) if own is None else own)
    return mark.guard if mark else None


def is_patched(target: Any, guard: Guarding, seams: Sequence[Seam]) -> bool:
    """Return whether the class of an object is held by this guard for the whole process."""
    return any(guard_at(target, seam.method) is guard for seam in seams[:1])


def applies(seam: Seam, cls: type) -> bool:
    """Return whether a seam belongs on objects of a class."""
    return callable(getattr(cls, seam.method, None)) and not (seam.unless and hasattr(cls, seam.unless))


@dataclass(frozen=True, slots=True)
class Patch:
    """A method of a class that was replaced for the whole process."""

    owner: type
    method: str
    original: Any
    wrapper: Any

    def undo(self) -> None:
        """Put the original back, unless somebody replaced the method again since."""
        if vars(self.owner).get(self.method) is self.wrapper:
            setattr(self.owner, self.method, self.original)


def patch_class(cls: type, guard: Guarding, seams: Iterable[Seam]) -> Iterator[Patch]:
    """Put seams in place on a class itself, where the class defines their methods; yields what was done."""
    for seam in seams:
        original = vars(cls).get(seam.method)
        if inspect.isfunction(original) and applies(seam, cls) and _original(original) is None:
            wrapper = wrapped(seam, original, guard)
            setattr(cls, seam.method, wrapper)
            yield Patch(cls, seam.method, original, wrapper)


@contextmanager
def probing(probe: Probe) -> Iterator[Probe]:
    """Let the probe stand in for the framework; ends with the block."""
    before = _probe.get()
    _probe.set(probe)
    try:
        yield probe
    finally:
        _probe.set(before)


def wrapped(seam: Seam, original: Callable[..., Any], guard: Guarding, target: Any = None) -> Callable[..., Any]:
    """Return a function that takes the place of a method.

    Args:
        seam: what happens there.
        original: the method: a function that takes the object first, or, with `target`, one that stands on the object itself.
        guard: the guard it belongs to.
        target: the object that the method stands on.
    """
    make = _awaiting if inspect.iscoroutinefunction(original) else _blocking
    wrapper = make(seam, original, guard, target)
    wrapper.__rune__ = _Mark(weakref.ref(wrapper), original, guard)  # type: ignore[attr-defined]
    return wrapper


@dataclass(frozen=True, slots=True)
class _Call:
    """One call of a wrapped method."""

    seam: Seam
    guard: Guarding
    this: Any
    original: Callable[..., Any]
    """The framework's own method, the object already given."""


def _blocking(seam: Seam, original: Callable[..., Any], guard: Guarding, target: Any) -> Callable[..., Any]:
    idle, method = seam.idle, seam.method

    @functools.wraps(original)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if target is not None:
            return _run(_Call(seam, guard, target, original), args, kwargs)
        if getattr(type(args[0]), method, None) is not guarded and _is_inner(args[0], method):
            return original(*args, **kwargs)
        if idle is not None and _is_idle(idle, guard, args, kwargs):
            return original(*args, **kwargs)
        return _run(_Call(seam, guard, args[0], functools.partial(original, args[0])), args[1:], kwargs)

    return guarded


def _run(call: _Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    steps = _begun(call, args, kwargs)
    before = _running.get()
    _running.set(((id(call.this), call.seam.method), before))
    try:
        done, step = _next(call, steps, None)
        while not done:
            done, step = _next(call, steps, _answer(call, step))
        return step
    finally:
        steps.close()
        _running.set(before)


def _answer(call: _Call, step: Step) -> Any:
    if isinstance(step, Ask):
        return _decided(call.guard, step)
    if isinstance(step, Inner):
        return _inner(call.this, step)
    return _proceed(call, step)


def _awaiting(seam: Seam, original: Callable[..., Any], guard: Guarding, target: Any) -> Callable[..., Any]:
    idle, method = seam.idle, seam.method

    @functools.wraps(original)
    async def guarded(*args: Any, **kwargs: Any) -> Any:
        if target is None and getattr(type(args[0]), method, None) is not guarded and _is_inner(args[0], method):
            return await original(*args, **kwargs)
        if target is None and idle is not None and _is_idle(idle, guard, args, kwargs):
            return await original(*args, **kwargs)
        this, rest = (args[0], args[1:]) if target is None else (target, args)
        call = _Call(seam, guard, this, original)
        steps = _begun(call, rest, kwargs)
        before = _running.get()
        _running.set(((id(this), seam.method), before))
        try:
            done, step = _next(call, steps, None)
            while not done:
                if isinstance(step, Proceed) and not _is_probed(this, seam):
                    # Awaited here, not a frame further: AutoGen's awaited two-agent chats recurse with every message.
                    own = original(*step.args, **step.kwargs) if target is not None else original(this, *step.args, **step.kwargs)
                    answer = await own
                else:
                    answer = await _aanswer(call, step)
                done, step = _next(call, steps, answer)
            return step
        finally:
            steps.close()
            _running.set(before)

    return guarded


async def _aanswer(call: _Call, step: Step) -> Any:
    return await _adecided(call.guard, step) if isinstance(step, Ask) else _answer(call, step)


def _begun(call: _Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    try:
        return call.seam.steps(call.guard, call.this, args, kwargs)
    except Exception as error:
        raise _failed(call) from error


def _next(call: _Call, steps: Steps, answer: Any) -> tuple[bool, Any]:
    """Return whether the steps have ended, and what they returned or want next; what the framework raises never comes through here."""
    try:
        return False, steps.send(answer)
    except StopIteration as stop:
        return True, stop.value
    except Exception as error:
        raise _failed(call) from error


def _failed(call: _Call) -> NotProtected:
    return NotProtected(f"Rune itself failed at `{call.seam.method}` of {_described(call.this)}; nothing passed. Please report this.")


def _decided(guard: Guarding, step: Ask) -> Verdict:
    if step.deferred or _probe.get() is not None:
        return _announced(guard, step)
    return guard.pipeline.decide_with_review(step.message, delivered=step.delivered, extra=step.extra, given=step.given)


async def _adecided(guard: Guarding, step: Ask) -> Verdict:
    if step.deferred or _probe.get() is not None:
        return _announced(guard, step)
    return await guard.pipeline.adecide_with_review(step.message, delivered=step.delivered, extra=step.extra, given=step.given)


def _announced(guard: Guarding, step: Ask) -> Verdict:
    """Decide without asking anybody; while a probe is at work, nothing but its canary is read."""
    probe = _probe.get()
    if probe is not None and probe.marker not in step.message.text:
        return Verdict(Action.ALLOW, step.message.id)
    verdict = guard.pipeline.process(step.message, delivered=step.delivered, extra=step.extra, judged=False)
    return replace(verdict, action=Action.FLAG) if verdict.action is Action.REVIEW else verdict


def _proceed(call: _Call, step: Proceed) -> Any:
    probe = _probe.get()
    if probe is not None and probe.stands_for(call.this, call.seam.method):
        return probe.stand_in(call.seam.method, step.args, step.kwargs)
    return call.original(*step.args, **step.kwargs)


def _is_probed(this: Any, seam: Seam) -> bool:
    probe = _probe.get()
    return probe is not None and probe.stands_for(this, seam.method)


def _inner(this: Any, step: Inner) -> Any:
    probe = _probe.get()
    if probe is not None and probe.stands_for(this, step.method):
        return probe.stand_in(step.method, step.args, {})
    own = _attributes(this).get(step.method)
    if own is not None:
        return (_original(own) or own)(*step.args)
    function = getattr(type(this), step.method)
    before = _running.get()
    _running.set(((id(this), step.method), before))
    try:
        return (_original(function) or function)(this, *step.args)
    finally:
        _running.set(before)


def _is_inner(this: Any, method: str) -> bool:
    """Return whether a method that the object's class overrides was reached through `super()` from one that is read already."""
    key, running = (id(this), method), _running.get()
    while running is not None:
        if running[0] == key:
            return True
        running = running[1]
    return False


def _is_idle(idle: Idle, guard: Guarding, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    if _probe.get() is not None:
        return False
    try:
        return idle(guard, args[0], args[1:], kwargs)
    except Exception:  # noqa: BLE001 - then the seam is not idle, and its steps say what is wrong
        return False


def _guarded_class(cls: type, guard: Guarding, seams: Iterable[Seam]) -> type:
    if cls not in guard.classes:
        guard.classes[cls] = _extended(cls, guard, seams)
    return guard.classes[cls]


def _extended(cls: type, guard: Guarding, seams: Iterable[Seam]) -> type:
    namespace: dict[str, Any] = {"__module__": cls.__module__, "__qualname__": cls.__qualname__, "__doc__": cls.__doc__, "__slots__": ()}
    for seam in seams:
        namespace[seam.method] = wrapped(seam, getattr(cls, seam.method), guard)
    try:
        made = _metaclass(type(cls))(cls.__name__, (cls,), namespace)
    except Exception as error:
        raise NotProtected(f"objects of `{cls.__qualname__}` cannot be guarded: the class refuses to be extended ({error}).") from error
    type.__setattr__(made, "__rune_guard__", guard)
    type.__setattr__(made, "__rune_plain__", cls)
    extended: type = made
    return extended


def _metaclass(of: type) -> type:
    """Return the metaclass of guarded classes: `of`, except that a pickle names the plain class."""
    if of not in _metaclasses:
        made = type(of.__name__, (of,), {"__module__": of.__module__, "__qualname__": of.__qualname__})
        copyreg.pickle(made, _as_plain)
        _metaclasses[of] = made
    return _metaclasses[of]


def _as_plain(cls: type) -> tuple[Callable[[type], type], tuple[type]]:
    return _identity, (vars(cls)["__rune_plain__"],)


def _identity(cls: type) -> type:
    return cls


def _swap(target: Any, cls: type) -> None:
    try:
        object.__setattr__(target, "__class__", cls)
    except TypeError as error:
        raise NotProtected(f"{_described(target)} cannot be guarded: {error}.") from error


def _wrap_on_object(target: Any, guard: Guarding, seam: Seam) -> None:
    own = _attributes(target).get(seam.method)
    if callable(own) and _original(own) is None:
        object.__setattr__(target, seam.method, wrapped(seam, own, guard, target))


def _attributes(target: Any) -> dict[str, Any]:
    try:
        attributes: dict[str, Any] = object.__getattribute__(target, "__dict__")
    except AttributeError:
        return {}
    return attributes


def _original(function: Any) -> Callable[..., Any] | None:
    mark = _mark(function)
    return mark.original if mark else None


def _mark(function: Any) -> _Mark | None:
    mark = vars(function).get("__rune__") if inspect.isfunction(function) else None
    return mark if isinstance(mark, _Mark) and mark.wrapper() is function else None


def _described(target: Any) -> str:
    name = getattr(target, "name", None)
    return f"`{name}` (`{type(target).__qualname__}`)" if isinstance(name, str) else f"`{type(target).__qualname__}`"

"""Which AutoGen objects can be guarded, with which seams, and what else they consist of."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator
from types import CodeType
from typing import Any
from weakref import WeakKeyDictionary

from rune.errors import NotProtected
from rune.integrations import wrapping
from rune.integrations.autogen import agents, canary, code, groups, tools
from rune.integrations.autogen.guard import Guard
from rune.integrations.base import Seam

AGENT, EXECUTOR, GROUP_CHAT, PATTERN = "agent", "executor", "group chat", "pattern"
GUARDED_VERSIONS = "classic AutoGen: autogen 0.14, ag2 0.9-0.14, autogen-agentchat 0.2.36-0.2.40"
SUPPORTED = "an agent, a group chat, its manager, a pattern, or a code executor"
SEAMS: dict[str, tuple[Seam, ...]] = {
    AGENT: (*agents.SEAMS, *tools.SEAMS, *code.AGENT),
    EXECUTOR: code.EXECUTOR,
    GROUP_CHAT: groups.GROUP_CHAT,
    PATTERN: groups.PATTERN,
}
"""The seams of each kind of object."""

_CLASSES = (
    (AGENT, "autogen.agentchat.conversable_agent", "ConversableAgent"),
    (GROUP_CHAT, "autogen.agentchat.groupchat", "GroupChat"),
    (PATTERN, "autogen.agentchat.group.patterns.pattern", "Pattern"),
)
_kinds: WeakKeyDictionary[type, str | None] = WeakKeyDictionary()
_EXECUTOR_MEMBERS = ("execute_code_blocks", "code_extractor", "restart")


def kind_of(thing: Any) -> str | None:
    """Return what a thing is to this adapter, or None; imports nothing."""
    cls = type(thing)
    if cls not in _kinds:
        _kinds[cls] = _kind_of_class(cls)
    return _kinds[cls]


def _kind_of_class(cls: type) -> str | None:
    for kind, base in base_classes():
        if base in cls.__mro__:
            return kind
    is_executor = all(hasattr(cls, name) for name in _EXECUTOR_MEMBERS)
    is_awaited = inspect.iscoroutinefunction(getattr(cls, "execute_code_blocks", None))
    return EXECUTOR if is_executor and not is_awaited else None


def base_classes() -> Iterator[tuple[str, type]]:
    """Yield the kinds that the installed AutoGen has, with their base classes, as far as they are imported."""
    for kind, module, name in _CLASSES:
        base = getattr(sys.modules.get(module), name, None)
        if isinstance(base, type):
            yield kind, base


def hold(guard: Guard, thing: Any) -> None:
    """Guard a thing and everything in it, and prove every seam; all of it or, when one cannot be held, nothing.

    Raises:
        NotProtected: which object cannot be held, and why.
    """
    taken: list[tuple[Any, str]] = []
    try:
        for item, kind in everything_in(thing):
            require(kind, wrapping.plain_class(item))
            if wrapping.take(item, guard, SEAMS[kind]):
                taken.append((item, kind))
        for item, kind in taken:
            prove(guard, item, kind)
    except BaseException:
        for item, _ in taken:
            wrapping.release(item)
        raise
    for item, _ in taken:
        guard.instructed(item)


def let_go(thing: Any) -> None:
    """Take the guard off a thing and everything in it."""
    for item, _ in everything_in(thing):
        wrapping.release(item)


def adopt(guard: Guard, thing: Any) -> None:
    """Guard what AutoGen made, or was given, after its owner was guarded: an executor, a member of a group.

    No canary: this happens before every reply, and the classes were proven when the owner was guarded.
    """
    for item, kind in _with_parts(thing):
        if wrapping.owner_of(item) is None and not wrapping.is_patched(item, guard, SEAMS[kind]):
            wrapping.take(item, guard, SEAMS[kind])
            guard.instructed(item)
            guard.adopted(item)


def everything_in(thing: Any) -> Iterator[tuple[Any, str]]:
    """Yield a thing that can be guarded and, once each, everything of the sort that it consists of."""
    waiting, seen = [thing], set()
    while waiting:
        item = waiting.pop()
        kind = kind_of(item)
        if kind is None or id(item) in seen:
            continue
        seen.add(id(item))
        yield item, kind
        waiting += _parts(item, kind)


def require(kind: str, cls: type) -> None:
    """Make sure that the seams of a class are where this Rune expects them.

    Raises:
        NotProtected: a seam was renamed, removed, or is not called any more.
    """
    for seam in SEAMS[kind]:
        if seam.unless and hasattr(cls, seam.unless):
            continue
        if not _defines(cls, seam.method):
            if seam.required:
                raise _moved(f"{_version()} has no `{cls.__name__}.{seam.method}`")
            continue
        for caller in seam.callers:
            if not _is_called(cls, caller, seam.method):
                raise _moved(f"`{cls.__name__}.{caller}` of {_version()} does not call `{seam.method}`")


def prove(guard: Guard, item: Any, kind: str) -> None:
    """Send the canary through every seam of a guarded object.

    Raises:
        NotProtected: it came through.
    """
    for seam in SEAMS[kind]:
        if wrapping.applies(seam, type(item)) and not canary.proven(item, seam, guard.pipeline.canary):
            raise NotProtected(
                f"the canary came through `{seam.method}` of `{getattr(item, 'name', type(item).__name__)}`; this seam does not hold."
            )
    guard.proven.add(wrapping.plain_class(item))


def _moved(what: str) -> NotProtected:
    return NotProtected(f"{what}; this Rune guards {GUARDED_VERSIONS}. Update Rune or pin AutoGen.")


def _parts(item: Any, kind: str) -> list[Any]:
    if kind == AGENT:
        return [*_own_parts(item), *_attributes(item), *_nested_agents(item)]
    if kind == GROUP_CHAT:
        return list(item.agents)
    if kind == PATTERN:
        return [item.initial_agent, *item.agents, item.user_agent]
    return []


def _own_parts(agent: Any) -> Iterator[Any]:
    """Yield what belongs to an agent and may change while it works."""
    for name in ("_code_executor", "_groupchat", "run_executor"):
        if (part := getattr(agent, name, None)) is not None:
            yield part
    for entry in getattr(agent, "_reply_func_list", ()):
        config = entry.get("config")
        if config is not None and kind_of(config) == GROUP_CHAT:  # AutoGen runs a shallow copy of the group chat, not the group chat
            yield config


def _attributes(agent: Any) -> Iterator[Any]:
    """Yield what an agent of a special kind consists of (a captain, a society of mind); not the group that it is only a member of."""
    for name, value in list(vars(agent).items()):
        if name != "_group_manager" and kind_of(value) is not None:
            yield value


def _nested_agents(agent: Any) -> Iterator[Any]:
    """Yield the agents of nested chats, which AutoGen keeps in the closure of a reply function."""
    for entry in getattr(agent, "_reply_func_list", ()):
        for cell in getattr(entry.get("reply_func"), "__closure__", None) or ():
            yield from _in_queue(_content(cell))


def _in_queue(queue: Any) -> Iterator[Any]:
    for chat in queue if isinstance(queue, list) else ():
        if isinstance(chat, dict):
            yield from (chat[end] for end in ("recipient", "sender") if chat.get(end) is not None)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _with_parts(thing: Any) -> Iterator[tuple[Any, str]]:
    """Yield a thing, its own parts, and the members of its group: what is looked at before every reply."""
    kind = kind_of(thing)
    if kind is None:
        return
    yield thing, kind
    for part in _own_parts(thing) if kind == AGENT else _parts(thing, kind):
        part_kind = kind_of(part)
        if part_kind is not None:
            yield part, part_kind
            if part_kind == GROUP_CHAT:
                yield from ((member, AGENT) for member in part.agents if kind_of(member) == AGENT)


def _defines(cls: type, method: str) -> bool:
    """Return whether a class has a method of its own; the empty one of a protocol it implements does not count."""
    return any(method in vars(base) and not vars(base).get("_is_protocol", False) for base in cls.__mro__)


def _is_called(cls: type, caller: str, method: str) -> bool:
    """Return whether a method, or the one it overrides and calls, refers to `method`; a class without the caller has nothing to say."""
    for base in cls.__mro__:
        function = vars(base).get(caller)
        if function is None:
            continue
        code = getattr(inspect.unwrap(function), "__code__", None)
        names = set(_names(code)) if code else set()
        if code is None or method in names:
            return True
        if caller not in names:
            return False
    return True


def _names(code: CodeType) -> Iterable[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _version() -> str:
    return f"autogen {getattr(sys.modules.get('autogen'), '__version__', '(unknown version)')}"

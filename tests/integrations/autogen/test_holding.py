"""What can be guarded, what it consists of, and that a seam AutoGen moved is noticed before anybody relies on it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.integrations.autogen.conftest import NOISE, POISON

from rune import integrations
from rune.errors import NotProtected
from rune.integrations.autogen import holding
from rune.integrations.base import Proceed, Seam, Steps
from rune.integrations.wrapping import owner_of, plain_class
from rune.pipeline import Pipeline

autogen = pytest.importorskip("autogen")
pytestmark = [pytest.mark.autogen, *(pytest.mark.filterwarnings(line) for line in NOISE)]

from tests.integrations.autogen.test_code import Recorder  # noqa: E402

from rune.testing import autogen as scripted  # noqa: E402 - after the check that AutoGen is there

with contextlib.suppress(ImportError):
    import autogen.agentchat.group.patterns

Guard = Callable[[Any], Any]


def plain_agent(name: str = "agent", **options: Any) -> Any:
    return autogen.ConversableAgent(name, llm_config=False, human_input_mode="NEVER", **options)


def one_of(kind: str) -> Any:
    """Return an object of a kind, small and whole."""
    if kind == holding.AGENT:
        return plain_agent()
    if kind == holding.EXECUTOR:
        return autogen.coding.LocalCommandLineCodeExecutor()
    if kind == holding.GROUP_CHAT:
        return autogen.GroupChat(agents=[plain_agent("a"), plain_agent("b")], messages=[])
    agent = plain_agent("only")
    return autogen.agentchat.group.patterns.DefaultPattern(initial_agent=agent, agents=[agent])


def held_seams(*, with_callers: bool = False) -> list[Any]:
    """Return the seams that this AutoGen has, with the class that has them."""
    bases = {kind: type(one_of(kind)) for kind in (*dict(holding.base_classes()), holding.EXECUTOR)}
    found = [
        (kind, bases[kind], seam)
        for kind, seams in holding.SEAMS.items()
        for seam in seams
        if kind in bases and hasattr(bases[kind], seam.method) and not (seam.unless and hasattr(bases[kind], seam.unless))
    ]
    return [
        pytest.param(kind, base, seam, *extra, id=f"{seam.method} {' '.join(extra)}".strip())
        for kind, base, seam in found
        for extra in ([(caller,) for caller in seam.callers if hasattr(base, caller)] if with_callers else [()])
    ]


def owner(base: type, method: str) -> type:
    return next(cls for cls in base.__mro__ if method in vars(cls))


@pytest.mark.parametrize(("kind", "base", "seam"), held_seams())
def test_a_renamed_method_is_noticed(kind: str, base: type, seam: Seam, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    thing = one_of(kind)
    for cls in base.__mro__:
        if seam.method in vars(cls) and not vars(cls).get("_is_protocol"):
            monkeypatch.delattr(cls, seam.method)
    if not seam.required:
        with contextlib.suppress(NotProtected):  # raised when the rest of AutoGen still counts on the method
            assert integrations.guard(thing, pipeline) is thing
        return

    with pytest.raises(NotProtected, match=rf"autogen \d.* has no `{base.__name__}\.{seam.method}`; this Rune guards .* pin AutoGen"):
        integrations.guard(thing, pipeline)


@pytest.mark.parametrize(("kind", "base", "seam", "caller"), held_seams(with_callers=True))
def test_a_method_that_is_not_called_any_more_is_noticed(  # noqa: PLR0917 - parameters of the table
    kind: str, base: type, seam: Seam, caller: str, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = one_of(kind)
    monkeypatch.setattr(owner(base, caller), caller, lambda self, *_, **__: self.somewhere_else())

    with pytest.raises(NotProtected, match=rf"`{base.__name__}\.{caller}` of autogen \d.* does not call `"):
        integrations.guard(thing, pipeline)


def let_through(_: Any, __: Any, args: Any, kwargs: Any) -> Steps:
    return (yield Proceed(args, kwargs))


@pytest.mark.parametrize(("kind", "base", "seam"), held_seams())
def test_a_seam_that_lets_the_canary_through_is_noticed(
    kind: str, base: type, seam: Seam, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    if seam.probe is None or seam.method == "a_send":
        pytest.skip("nothing is read here, or `_process_message_before_send` reads it too")
    broken = tuple(replace(other, steps=let_through) if other is seam else other for other in holding.SEAMS[kind])
    monkeypatch.setitem(holding.SEAMS, kind, broken)
    thing = one_of(kind)

    with pytest.raises(NotProtected, match=f"`{seam.method}`"):
        integrations.guard(thing, pipeline)

    assert plain_class(thing) is type(thing)


def guarded_names(thing: Any) -> set[str]:
    return {str(getattr(item, "name", kind)) for item, kind in holding.everything_in(thing) if owner_of(item) is not None}


def test_a_manager_brings_its_group_its_members_and_their_executors(guard: Guard) -> None:
    executor = Recorder()
    runner = plain_agent("runner", code_execution_config={"executor": executor})

    manager = guard(scripted.group(plain_agent("user"), runner, rounds=2))

    assert guarded_names(manager) == {"chat_manager", "user", "runner", "group chat", "executor"}
    assert all(owner_of(chat) for chat in (manager.groupchat, manager._reply_func_list[0]["config"], executor))


def test_nested_chats_bring_their_agents(guard: Guard) -> None:
    front, expert = plain_agent("front"), plain_agent("expert")
    front.register_nested_chats([{"recipient": expert, "message": "?"}], trigger=plain_agent("other"))

    assert guarded_names(guard(front)) == {"front", "expert"}


def test_an_agent_made_of_agents_is_reached_and_its_group_is_not(guard: Guard) -> None:
    captain, helper, manager = plain_agent("captain"), plain_agent("helper"), scripted.group(plain_agent("a"), plain_agent("b"), rounds=2)
    captain.assistant, captain._group_manager = helper, manager

    assert guarded_names(guard(captain)) == {"captain", "helper"}
    assert owner_of(manager) is None


def test_a_group_in_a_group_is_reached(guard: Guard) -> None:
    inner = scripted.group(plain_agent("a"), plain_agent("b"), rounds=2)
    inner._name = "inner"

    outer = guard(scripted.group(plain_agent("user"), inner, rounds=2))

    assert guarded_names(outer) == {
        "chat_manager",
        "user",
        "inner",
        "a",
        "b",
        "group chat",
    }


def test_a_member_added_later_is_guarded_when_the_chat_begins(guard: Guard) -> None:
    user, late = plain_agent("user"), scripted.agent("late", ["Fine."])
    manager = guard(scripted.group(user, scripted.agent("coder", [POISON]), rounds=4))
    manager.groupchat.agents.append(late)

    user.initiate_chat(manager, message="Begin.", silent=True)

    assert owner_of(late) is not None
    assert POISON not in scripted.shown_to(late)


def test_a_member_that_is_no_agent_of_autogens_is_left_alone(guard: Guard) -> None:
    class Odd:
        name, description = "odd", ""
        send = a_send = receive = a_receive = generate_reply = a_generate_reply = set_ui_tools = unset_ui_tools = lambda *_: None

    chat = autogen.GroupChat(agents=[plain_agent("a"), Odd()], messages=[])

    assert guarded_names(guard(chat)) == {"a", "group chat"}


@pytest.mark.parametrize(
    ("thing", "kind"),
    [
        (plain_agent(), holding.AGENT),
        (Recorder(), holding.EXECUTOR),
        (object(), None),
        (autogen.ConversableAgent, None),
        ("text", None),
    ],
    ids=["agent", "executor of somebody's own", "object", "class", "text"],
)
def test_kinds(thing: Any, kind: str | None) -> None:
    assert holding.kind_of(thing) == kind


def test_an_executor_that_is_awaited_belongs_to_another_framework() -> None:
    class Awaited(Recorder):
        async def execute_code_blocks(self, code_blocks: Any) -> Any:  # type: ignore[override]
            return None

    assert holding.kind_of(Awaited()) is None

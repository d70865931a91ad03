"""What a guard leaves as it was: the object, its class, its signatures, its copies, its exceptions, and honest conversations."""

from __future__ import annotations

import asyncio
import copy
import inspect
import pickle  # noqa: TID251 - the user's own pickles go on working
from collections.abc import Callable
from typing import Any

import pytest
from tests.integrations.autogen.conftest import NOISE, POISON
from tests.integrations.conftest import Decisions

from rune import integrations
from rune.errors import NotProtected
from rune.integrations.autogen import holding
from rune.pipeline import Pipeline

autogen = pytest.importorskip("autogen")
pytestmark = [pytest.mark.autogen, *(pytest.mark.filterwarnings(line) for line in NOISE)]

from rune.testing import autogen as scripted  # noqa: E402 - after the check that AutoGen is there

Guard = Callable[[Any], Any]


def plain_agent(name: str = "agent", **options: Any) -> Any:
    return autogen.ConversableAgent(name, llm_config=False, human_input_mode="NEVER", **options)


def small_group() -> Any:
    runner = plain_agent("runner", code_execution_config={"executor": autogen.coding.LocalCommandLineCodeExecutor()})
    return scripted.group(plain_agent("user"), scripted.agent("coder", ["Fine."]), runner, rounds=3)


def everything(thing: Any) -> list[Any]:
    return [item for item, _ in holding.everything_in(thing)]


def test_the_same_object_comes_back_with_nothing_changed_in_it(guard: Guard) -> None:
    manager = small_group()
    before = [(id(item), dict(vars(item))) for item in everything(manager)]

    assert guard(manager) is manager
    assert [(id(item), dict(vars(item))) for item in everything(manager)] == before


def test_a_second_guard_does_nothing(guard: Guard, decisions: Decisions) -> None:
    manager = guard(guard(small_group()))
    classes = [type(item) for item in everything(manager)]

    assert [type(item) for item in everything(guard(manager))] == classes
    assert all(base.__bases__[0] is holding.wrapping.plain_class(item) for item, base in zip(everything(manager), classes, strict=True))


def test_another_shield_is_refused_and_leaves_nothing_behind(guard: Guard, make_pipeline: Callable[..., Pipeline]) -> None:
    shared = guard(plain_agent("shared"))
    stranger = plain_agent("stranger")
    other = scripted.group(stranger, shared, rounds=2)

    with pytest.raises(NotProtected, match=r"`shared` .* is guarded by another Shield; call `unguard`"):
        integrations.guard(other, make_pipeline())
    assert type(stranger) is autogen.ConversableAgent
    assert type(other) is autogen.GroupChatManager


def test_unguard_restores_every_class_and_method(guard: Guard) -> None:
    manager = small_group()
    items = everything(manager)
    before = [(type(item), {name: getattr(item, name) for name in seam_methods(item)}) for item in items]

    integrations.unguard(guard(manager))

    assert [(type(item), {name: getattr(item, name) for name in seam_methods(item)}) for item in items] == before


def seam_methods(item: Any) -> list[str]:
    kind = holding.kind_of(item)
    assert kind is not None
    return [seam.method for seam in holding.SEAMS[kind] if hasattr(item, seam.method)]


def test_guarding_one_object_leaves_its_class_alone(guard: Guard) -> None:
    before = dict(vars(autogen.ConversableAgent))

    guard(plain_agent())

    assert dict(vars(autogen.ConversableAgent)) == before
    assert type(plain_agent()) is autogen.ConversableAgent


@pytest.mark.parametrize(
    "make", [plain_agent, small_group, autogen.coding.LocalCommandLineCodeExecutor], ids=["agent", "manager", "executor"]
)
def test_signatures_and_colors_stay(make: Callable[[], Any], guard: Guard) -> None:
    plain, guarded = make(), guard(make())

    for name in seam_methods(plain):
        assert inspect.signature(getattr(guarded, name)) == inspect.signature(getattr(plain, name))
        assert inspect.iscoroutinefunction(getattr(guarded, name)) == inspect.iscoroutinefunction(getattr(plain, name))
        assert getattr(guarded, name).__name__ == name
        assert getattr(guarded, name).__doc__ == getattr(plain, name).__doc__
    assert type(guarded).__name__ == type(plain).__name__
    assert isinstance(guarded, type(plain))


@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy], ids=["copy", "deepcopy"])
def test_a_copy_is_guarded_and_is_itself(how: Callable[[Any], Any], guard: Guard) -> None:
    original = guard(autogen.GroupChat(agents=[plain_agent("a"), plain_agent("b")], messages=[]))
    twin = how(original)
    twin.messages = []

    twin.append({"role": "user", "content": POISON}, twin.agents[0])

    assert type(twin) is type(original)
    assert not original.messages
    assert "withheld" in twin.messages[0]["content"]


def test_a_pickle_loads_as_the_plain_class(guard: Guard) -> None:
    executor = guard(autogen.coding.LocalCommandLineCodeExecutor(timeout=7))

    loaded = pickle.loads(pickle.dumps(executor))

    assert type(loaded) is autogen.coding.LocalCommandLineCodeExecutor
    assert loaded.timeout == 7


class Failing(autogen.ConversableAgent):  # type: ignore[misc, name-defined]
    error: BaseException = ValueError("my own")

    def generate_reply(self, *args: Any, **kwargs: Any) -> Any:
        raise self.error

    async def a_generate_reply(self, *args: Any, **kwargs: Any) -> Any:
        raise self.error


ERRORS = [ValueError("mine"), KeyboardInterrupt(), StopIteration("odd"), asyncio.CancelledError()]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_agents_own_exception_passes_unchanged(error: BaseException, guard: Guard) -> None:
    agent = Failing("failing", llm_config=False)
    agent.error = error

    with pytest.raises(type(error)) as caught:
        guard(agent).generate_reply(messages=[{"role": "user", "content": "Hello."}])

    assert caught.value is error
    assert "raise self.error" in str(caught.traceback[-1].statement)


@pytest.mark.parametrize("error", [ValueError("mine"), asyncio.CancelledError()], ids=lambda error: type(error).__name__)
async def test_an_awaited_agents_own_exception_passes_unchanged(error: BaseException, guard: Guard) -> None:
    agent = Failing("failing", llm_config=False)
    agent.error = error

    with pytest.raises(type(error)) as caught:
        await guard(agent).a_generate_reply(messages=[{"role": "user", "content": "Hello."}])

    assert caught.value is error


def history(talk: Callable[..., Any], manager: Any) -> list[Any]:
    talk(manager.groupchat.agents[0], manager, "Please add 20 and 22.")
    return [(message["name"], message["content"]) for message in manager.groupchat.messages]


def honest_group() -> Any:
    coder = scripted.agent("coder", ["Here is the sum: 42."])
    return scripted.group(plain_agent("user"), coder, scripted.agent("reviewer", ["APPROVED"]), rounds=6)


def test_an_honest_conversation_is_the_same(talk: Callable[..., Any], guard: Guard) -> None:
    assert history(talk, guard(honest_group())) == history(talk, honest_group())


def test_observing_changes_nothing_and_records_what_it_saw(
    talk: Callable[..., Any], make_pipeline: Callable[..., Pipeline], decisions: Decisions
) -> None:
    def poisoned_group() -> Any:
        return scripted.group(plain_agent("user"), scripted.agent("coder", [POISON]), scripted.agent("reviewer", ["Fine."]), rounds=4)

    observed = integrations.guard(poisoned_group(), make_pipeline("observe"))

    assert history(talk, observed) == history(talk, poisoned_group())
    assert any(verdict.findings and message.text == POISON for message, verdict, _ in decisions.made)


def test_the_senders_message_is_not_changed(guard: Guard) -> None:
    message = {"content": [{"type": "text", "text": POISON}], "tool_calls": [scripted.tool_call("f", {"x": POISON})["tool_calls"][0]]}
    before = copy.deepcopy(message)
    sender, reader = guard(plain_agent("sender")), guard(plain_agent("reader"))

    sender.send(message, reader, request_reply=False, silent=True)

    assert message == before
    assert POISON not in str(reader.chat_messages)


def test_an_honest_message_is_delivered_as_the_same_object(guard: Guard) -> None:
    message = {"content": "Hello.", "role": "user"}

    assert guard(plain_agent("sender"))._process_message_before_send(message, plain_agent("reader"), False) is message


def test_a_method_replaced_on_the_object_is_guarded_where_it_stands(guard: Guard) -> None:
    agent = plain_agent()
    own = agent.get_human_input = lambda prompt: POISON

    assert POISON not in guard(agent).get_human_input("?")
    integrations.unguard(agent)
    assert agent.get_human_input is own


class Overriding(autogen.ConversableAgent):  # type: ignore[misc, name-defined]
    def execute_function(self, func_call: Any, *args: Any, **kwargs: Any) -> Any:
        return super().execute_function(func_call, *args, **kwargs)


def test_a_method_that_calls_its_parent_is_read_once(guard: Guard, decisions: Decisions) -> None:
    agent = guard(Overriding("agent", llm_config=False, function_map={"f": lambda x: "done"}))

    agent.execute_function({"name": "f", "arguments": '{"x": 1}'})

    assert len(decisions.of_kind("tool_call")) == len(decisions.of_kind("tool_result")) == 1


@pytest.mark.parametrize("thing", [object(), "agent", None, 3, autogen.ConversableAgent], ids=lambda thing: type(thing).__name__)
def test_what_cannot_be_guarded_is_named(thing: Any, pipeline: Pipeline) -> None:
    with pytest.raises(NotProtected, match="cannot be guarded; pass an agent, group chat, group chat manager, pattern or code executor"):
        integrations.guard(thing, pipeline)

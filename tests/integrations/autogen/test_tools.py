"""A tool is called with exactly the arguments that were read, and nobody reads its answer before Rune did."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.integrations.autogen.conftest import NOISE, POISON
from tests.integrations.conftest import Decisions

from rune import integrations
from rune.pipeline import Pipeline
from rune.review.request import ReviewRequest
from rune.testing import Marker
from rune.types import Decision, Review

autogen = pytest.importorskip("autogen")
pytestmark = [pytest.mark.autogen, *(pytest.mark.filterwarnings(line) for line in NOISE)]

from rune.testing import autogen as scripted  # noqa: E402 - after the check that AutoGen is there

Guard = Callable[[Any], Any]
Call = Callable[[Any, Any], Any]


def blocking(agent: Any, call: Any) -> Any:
    return agent.execute_function(call)


def awaiting(agent: Any, call: Any) -> Any:
    return asyncio.run(agent.a_execute_function(call))


@pytest.fixture(params=[blocking, awaiting], ids=["sync", "async"])
def call(request: pytest.FixtureRequest) -> Call:
    return request.param


def tool_agent(**tools: Callable[..., Any]) -> Any:
    return autogen.ConversableAgent("runner", llm_config=False, human_input_mode="NEVER", function_map=dict(tools))


def test_an_honest_call_is_made_with_its_arguments(call: Call, guard: Guard) -> None:
    got: list[Any] = []
    agent = guard(tool_agent(add=lambda a, b: got.append((a, b)) or str(a + b)))

    succeeded, result = call(agent, {"name": "add", "arguments": '{"a": 20, "b": 22}'})

    assert (succeeded, result["content"], got) == (True, "42", [(20, 22)])


def test_a_withheld_call_is_not_made_and_says_so_where_a_result_would_stand(call: Call, guard: Guard, marker: Marker) -> None:
    agent = guard(tool_agent(run=lambda code: exec(code, {})))

    succeeded, result = call(agent, {"name": "run", "arguments": json.dumps({"code": marker.hidden})})

    assert (succeeded, marker.exists) == (False, False)
    assert {key: result[key] for key in ("name", "role")} == {"name": "run", "role": "function"}
    assert "this tool call was withheld" in result["content"]


@pytest.mark.parametrize("answer", [POISON, f"Q1 was 20. {POISON} Q2 was 22."], ids=["all of it", "hidden among figures"])
def test_a_poisoned_answer_is_withheld(answer: str, call: Call, guard: Guard, decisions: Decisions) -> None:
    _, result = call(guard(tool_agent(fetch=lambda: answer)), {"name": "fetch", "arguments": "{}"})

    assert "this tool result was withheld" in result["content"]
    [message] = decisions.of_kind("tool_result")
    assert (message.sender, message.recipient, message.origins, message.trust) == ("fetch", "runner", ("tool:fetch",), "untrusted")


def test_an_exception_text_is_an_answer_too(call: Call, guard: Guard) -> None:
    def fail() -> str:
        raise RuntimeError(POISON)

    succeeded, result = call(guard(tool_agent(fail=fail)), {"name": "fail", "arguments": "{}"})

    assert not succeeded
    assert POISON not in str(result)


@pytest.mark.parametrize(
    "answer",
    [["plain", {"deep": [POISON]}], {"content": [{"type": "text", "text": POISON}]}, POISON.encode()],
    ids=["list", "mapping", "bytes"],
)
def test_an_answer_that_is_no_text_is_read_all_the_same(answer: Any, call: Call, guard: Guard) -> None:
    _, result = call(guard(tool_agent(fetch=lambda: answer)), {"name": "fetch", "arguments": "{}"})

    assert POISON not in str(result)


def test_an_answer_with_a_handoff_keeps_its_type(call: Call, guard: Guard) -> None:
    group = pytest.importorskip("autogen.agentchat.group")
    agent = guard(tool_agent(route=lambda: group.ReplyResult(message=POISON, target=group.TerminateTarget())))

    _, result = call(agent, {"name": "route", "arguments": "{}"})

    assert isinstance(result["content"], group.ReplyResult)
    assert isinstance(result["content"].target, group.TerminateTarget)
    assert POISON not in result["content"].message


ODD_CALLS = [
    pytest.param({"name": "f", "arguments": "{not json"}, id="malformed"),
    pytest.param({"name": "f", "arguments": "[1, 2]"}, id="no mapping"),
    pytest.param({"name": "unknown", "arguments": "{}"}, id="unknown tool"),
    pytest.param({"name": "f"}, id="no arguments"),
    pytest.param({}, id="empty"),
]


@pytest.mark.parametrize("odd", ODD_CALLS)
def test_an_odd_call_ends_as_it_does_without_a_guard(odd: dict[str, Any], call: Call, guard: Guard) -> None:
    def outcome(agent: Any) -> Any:
        try:
            return call(agent, dict(odd))
        except Exception as error:  # noqa: BLE001 - AutoGen's own
            return repr(error)

    assert outcome(guard(tool_agent(f=lambda **_: "done"))) == outcome(tool_agent(f=lambda **_: "done"))


def test_a_newline_in_the_arguments_reaches_the_tool_as_it_was_read(call: Call, guard: Guard, decisions: Decisions) -> None:
    got: list[str] = []
    agent = guard(tool_agent(say=lambda text: got.append(text) or "done"))

    call(agent, {"name": "say", "arguments": '{"text": "one\ntwo"}'})

    [message] = decisions.of_kind("tool_call")
    assert got == ["one\ntwo"] == [message.metadata["arguments"]["text"]]


def test_malformed_arguments_are_read_as_text(call: Call, guard: Guard, decisions: Decisions) -> None:
    call(guard(tool_agent(f=lambda **_: "done")), {"name": "f", "arguments": f'{{"x": "{POISON}"'})

    [message] = decisions.of_kind("tool_call")
    assert POISON in message.text


def test_a_call_is_announced_in_the_group_and_asked_about_where_it_is_made(
    talk: Callable[..., Any], make_pipeline: Callable[..., Pipeline]
) -> None:
    asked: list[str] = []

    class Approving:
        def ask(self, request: ReviewRequest) -> Review:
            asked.append(request.message.kind.value)
            return Review(Decision.APPROVE)

    policy = {"version": "1", "extends": "balanced", "rules": [{"name": "ask", "kind": "tool_call", "action": "review"}]}
    caller = scripted.agent("caller", [scripted.tool_call("add", {"a": 20, "b": 22}), "Done."])
    user = autogen.ConversableAgent("user", llm_config=False, human_input_mode="NEVER")
    manager = integrations.guard(
        scripted.group(user, caller, tool_agent(add=lambda a, b: str(a + b)), rounds=4), make_pipeline(policy, Approving())
    )

    talk(user, manager, "Please add.")

    assert asked == ["tool_call"]
    assert "42" in str(manager.groupchat.messages)


def test_a_withheld_call_leaves_an_honest_message_behind(guard: Guard, marker: Marker) -> None:
    sender, reader = guard(tool_agent()), guard(tool_agent())
    calls = [scripted.tool_call("add", {"a": 1}, "call_1"), scripted.tool_call("run", {"code": marker.hidden}, "call_2")]
    message = {"content": "Two calls.", "tool_calls": [call["tool_calls"][0] for call in calls]}

    sender.send(message, reader, request_reply=False, silent=True)

    [received] = reader.chat_messages[sender]
    assert [call["id"] for call in received["tool_calls"]] == ["call_1"]
    assert received["content"].startswith("Two calls.\n[Rune: this tool call was withheld.")

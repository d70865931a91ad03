"""What the pipeline is told about a message: who says it to whom, where it comes from, and how often it is asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import pytest
from tests.integrations.autogen.conftest import NOISE, POISON
from tests.integrations.conftest import Decisions

from rune import integrations
from rune.pipeline import Pipeline
from rune.review.request import ReviewRequest
from rune.types import Decision, Direction, Message, Review, Trust

autogen = pytest.importorskip("autogen")
pytestmark = [pytest.mark.autogen, *(pytest.mark.filterwarnings(line) for line in NOISE)]

from rune.testing import autogen as scripted  # noqa: E402 - after the check that AutoGen is there

Guard = Callable[[Any], Any]
Talk = Callable[..., Any]


def plain_agent(name: str = "agent", **options: Any) -> Any:
    return autogen.ConversableAgent(name, llm_config=False, human_input_mode="NEVER", **options)


def said(decisions: Decisions, text: str) -> list[Message]:
    return [message for message, _, event in decisions.made if message.text == text and event == "message"]


def trio(rounds: int = 3) -> Any:
    return scripted.group(plain_agent("user"), scripted.agent("coder", ["Done."]), scripted.agent("reviewer", ["Fine."]), rounds=rounds)


def test_a_group_hears_the_speaker_not_the_manager(talk: Talk, guard: Guard, decisions: Decisions) -> None:
    manager = guard(trio())
    talk(manager.groupchat.agents[0], manager, "Begin.")

    heard = said(decisions, "Done.")
    assert {message.sender for message in heard} == {"coder"}
    assert {message.recipient for message in heard} == {"", "user", "reviewer"}
    assert heard[0].metadata == {"group": "chat_manager"}
    assert len({message.conversation for message in heard}) == 1


def test_a_further_copy_is_decided_about_only_where_the_policy_looks_at_recipients(
    talk: Talk, make_pipeline: Callable[..., Pipeline], decisions: Decisions
) -> None:
    for policy in ({"version": "1"}, {"version": "1", "flow": {"mode": "enforce", "edges": ["* -> *"]}}):
        manager = integrations.guard(trio(rounds=9), make_pipeline(policy))
        talk(manager.groupchat.agents[0], manager, "Begin.")

    chats = dict.fromkeys(message.conversation for message, _, _ in decisions.made)
    assert [sum(message.conversation == chat for message in said(decisions, "Done.")) for chat in chats] == [5, 9]


def test_the_edges_of_a_group_are_learned(talk: Talk, guard: Guard, pipeline: Pipeline) -> None:
    manager = guard(trio(rounds=6))
    talk(manager.groupchat.agents[0], manager, "Begin.")

    assert {"coder -> user", "coder -> reviewer", "reviewer -> coder"} <= {str(edge) for edge in pipeline.conversations.edges()}


def test_an_undeclared_edge_is_held_for_its_recipient_only(talk: Talk, make_pipeline: Callable[..., Pipeline]) -> None:
    coder, reviewer, tester = (scripted.agent(name, [f"I am the {name}."]) for name in ("coder", "reviewer", "tester"))
    policy = {"version": "1", "flow": {"mode": "enforce", "edges": ["coder -> reviewer", "reviewer -> *", "tester -> *", "user -> *"]}}
    manager = integrations.guard(scripted.group(plain_agent("user"), coder, reviewer, tester, rounds=5), make_pipeline(policy))

    talk(manager.groupchat.agents[0], manager, "Begin.")

    assert "I am the coder." in scripted.shown_to(reviewer)
    assert "I am the coder." not in scripted.shown_to(tester)


def test_the_request_comes_from_the_user_and_its_copies_too(talk: Talk, guard: Guard, decisions: Decisions) -> None:
    manager = guard(trio())
    talk(manager.groupchat.agents[0], manager, "Begin.")

    asked, answered = said(decisions, "Begin."), said(decisions, "Done.")
    assert {(message.direction, message.origins) for message in asked} == {(Direction.INBOUND, ("user",))}
    assert {(message.direction, message.origins) for message in answered} == {(Direction.INTERNAL, ("agent:coder",))}


@pytest.mark.parametrize("request_", ["Begin.", {"content": [{"type": "text", "text": "Begin."}]}], ids=["text", "parts"])
def test_only_the_first_message_is_the_users(request_: Any, talk: Talk, guard: Guard, decisions: Decisions) -> None:
    user = guard(plain_agent("user", default_auto_reply="Go on."))
    talk(user, guard(scripted.agent("coder", ["Done."])), request_, max_turns=2)

    assert {message.direction for message in said(decisions, "Begin.")} == {Direction.INBOUND}
    assert {message.direction for message in said(decisions, "Go on.")} == {Direction.INTERNAL}


def test_what_a_human_typed_comes_from_the_user_when_the_agent_says_it(
    talk: Talk, guard: Guard, decisions: Decisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda *_: "Use the second table.")
    human = guard(autogen.UserProxyAgent("human", human_input_mode="ALWAYS", code_execution_config=False))
    talk(human, guard(scripted.agent("coder", ["Which table?"])), "Begin.", max_turns=2)

    assert [(message.sender, message.recipient) for message in said(decisions, "Use the second table.")] == [("human", "coder")]
    assert {message.direction for message in said(decisions, "Use the second table.")} == {Direction.INBOUND}


def test_a_tool_result_is_known_by_the_call_it_answers(talk: Talk, guard: Guard, decisions: Decisions) -> None:
    caller = scripted.agent("caller", [scripted.tool_call("fetch", {"url": "http://x"}), "Done."])
    runner = guard(plain_agent("runner", function_map={"fetch": lambda url: "Q1 was 20."}))
    talk(runner, guard(caller), "Begin.", max_turns=2)

    results = decisions.of_kind("tool_result")
    assert {(message.sender, message.origins, message.trust) for message in results} == {("fetch", ("tool:fetch",), Trust.UNTRUSTED)}
    assert {message.recipient for message in results} == {"runner", "caller"}


def test_an_image_is_noted_once_however_many_read_it(talk: Talk, guard: Guard, decisions: Decisions) -> None:
    picture = {"content": [{"type": "text", "text": "Look."}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,x"}}]}
    manager = guard(trio(rounds=6))
    talk(manager.groupchat.agents[0], manager, picture)

    noted = [message for message, verdict, _ in decisions.made if any(finding.rule == "RUNE-INPUT-002" for finding in verdict.findings)]
    assert 1 <= len(noted) <= 3  # said, and a first copy for each of two members; some releases make a text of the copies


def test_a_poisoned_history_is_decided_about_once_and_replaced_every_time(guard: Guard, decisions: Decisions) -> None:
    reader = guard(scripted.agent("reader", ["Fine."]))
    history = [{"role": "user", "content": POISON}]
    for _ in range(3):
        reader.generate_reply(messages=history)

    assert len(said(decisions, POISON)) == 1
    assert POISON not in scripted.shown_to(reader)
    assert history == [{"role": "user", "content": POISON}]


def test_a_history_of_another_type_is_read_too(guard: Guard) -> None:
    reader = guard(scripted.agent("reader", ["Fine."]))
    reader.generate_reply(messages=deque([{"role": "user", "content": POISON}, {"role": "user", "content": "Hello."}]))

    assert POISON not in scripted.shown_to(reader)


def test_an_honest_history_is_read_once(guard: Guard, decisions: Decisions) -> None:
    reader = guard(scripted.agent("reader", ["Fine."]))
    history = [{"role": "user", "content": f"Line {number}."} for number in range(5)]
    for _ in range(3):
        reader.generate_reply(messages=history)
    history[2]["content"] = POISON
    reader.generate_reply(messages=history)

    assert POISON not in scripted.shown_to(reader)


@pytest.mark.parametrize("guarded", [True, False], ids=["to a guarded agent", "to a stranger"])
def test_an_announced_call_is_asked_about_only_where_it_leaves(guarded: bool, make_pipeline: Callable[..., Pipeline]) -> None:
    asked: list[str] = []

    class Rejecting:
        def ask(self, request: ReviewRequest) -> Review:
            asked.append(request.message.text)
            return Review(Decision.REJECT)

    policy = {"version": "1", "extends": "balanced", "rules": [{"name": "ask", "kind": "tool_call", "action": "review"}]}
    pipeline = make_pipeline(policy, Rejecting())
    sender, reader = integrations.guard(plain_agent("sender"), pipeline), plain_agent("reader")
    if guarded:
        integrations.guard(reader, pipeline)

    sender.send(scripted.tool_call("add", {"a": 1}), reader, request_reply=False, silent=True)

    assert bool(asked) is not guarded
    assert ("tool_calls" in reader.chat_messages[sender][0]) is guarded


def test_two_managers_of_one_agent_keep_their_conversations_apart(talk: Talk, guard: Guard, decisions: Decisions) -> None:
    shared = scripted.agent("shared", ["Fine."])
    for number in range(2):
        manager = guard(scripted.group(plain_agent(f"user{number}"), shared, rounds=3))
        talk(manager.groupchat.agents[0], manager, "Begin.")

    assert len({message.conversation for message in said(decisions, "Fine.")}) == 2

"""A conversation that goes over a limit ends: cleanly, with a finding, and without an exception in anybody's program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.integrations.autogen.conftest import NOISE
from tests.integrations.conftest import Decisions

from rune import integrations
from rune.pipeline import Pipeline

autogen = pytest.importorskip("autogen")
pytestmark = [pytest.mark.autogen, *(pytest.mark.filterwarnings(line) for line in NOISE)]

from rune.testing import autogen as scripted  # noqa: E402 - after the check that AutoGen is there

Talk = Callable[..., Any]
Make = Callable[..., Pipeline]


def user_agent(name: str = "user", **options: Any) -> Any:
    return autogen.ConversableAgent(name, llm_config=False, human_input_mode="NEVER", **options)


def limited(**limits: Any) -> dict[str, Any]:
    return {"version": "1", "extends": "balanced", "limits": limits}


def limit_rules(decisions: Decisions) -> list[str]:
    return [finding.rule for _, verdict, _ in decisions.made for finding in verdict.findings if finding.category == "limits"]


def endless_group() -> Any:
    return scripted.group(user_agent(), scripted.agent("a", ["More."]), scripted.agent("b", ["And more."]), rounds=60)


def test_a_group_stops_at_its_round_limit(talk: Talk, make_pipeline: Make, decisions: Decisions) -> None:
    manager = integrations.guard(endless_group(), make_pipeline(limited(rounds=5)))

    result = talk(manager.groupchat.agents[0], manager, "Begin.")

    messages = [message["content"] for message in manager.groupchat.messages]
    assert len(messages) == 6
    assert all("withheld" not in text for text in messages[:5])
    assert "RUNE-LIMIT-001" in messages[5]
    assert "RUNE-LIMIT-001" in result.summary
    assert limit_rules(decisions) == ["RUNE-LIMIT-001"]


def test_two_agents_stop_at_their_round_limit(talk: Talk, make_pipeline: Make, decisions: Decisions) -> None:
    pipeline = make_pipeline(limited(rounds=5))
    user = integrations.guard(user_agent(default_auto_reply="Go on."), pipeline)
    talker = integrations.guard(scripted.agent("talker", ["More."]), pipeline)

    result = talk(user, talker, "Begin.")

    assert len(result.chat_history) == 6
    assert limit_rules(decisions) == ["RUNE-LIMIT-001"]


def test_turns_stop_at_the_round_limit(talk: Talk, make_pipeline: Make) -> None:
    pipeline = make_pipeline(limited(rounds=3))
    user = integrations.guard(user_agent(default_auto_reply="Go on."), pipeline)
    talker = integrations.guard(scripted.agent("talker", ["More."]), pipeline)

    assert len(talk(user, talker, "Begin.", max_turns=20).chat_history) == 4


def test_an_agent_that_floods_its_group_is_stopped(talk: Talk, make_pipeline: Make, decisions: Decisions) -> None:
    flooder = scripted.agent("flooder", ["Buy now!"])
    speakers = scripted.group(user_agent(), flooder, rounds=60, choose=lambda last, chat: flooder, allow_repeat_speaker=True)
    manager = integrations.guard(speakers, make_pipeline(limited(messages_per_minute=10)))

    talk(manager.groupchat.agents[0], manager, "Begin.")

    assert len(manager.groupchat.messages) == 12
    assert limit_rules(decisions) == ["RUNE-LIMIT-003"]


def test_a_message_too_long_ends_the_conversation(talk: Talk, make_pipeline: Make, decisions: Decisions) -> None:
    manager = integrations.guard(
        scripted.group(user_agent(), scripted.agent("a", ["x" * 2_000]), scripted.agent("b", ["Fine."]), rounds=9),
        make_pipeline(limited(message_chars=1_000)),
    )

    talk(manager.groupchat.agents[0], manager, "Begin.")

    assert "xxx" not in str(manager.groupchat.messages)
    assert len(manager.groupchat.messages) == 2
    assert limit_rules(decisions) == ["RUNE-LIMIT-002"]


@pytest.mark.parametrize("members", [2, 3, 5])
def test_a_message_is_counted_once_however_many_hear_it(members: int, talk: Talk, make_pipeline: Make) -> None:
    talkers = [scripted.agent(f"agent{number}", [f"Message of agent {number}."]) for number in range(members)]
    manager = integrations.guard(scripted.group(*talkers, rounds=12), make_pipeline(limited(rounds=12)))

    talk(manager.groupchat.agents[0], manager, "Begin.")

    assert len(manager.groupchat.messages) == 12
    assert "withheld" not in str(manager.groupchat.messages)


def test_every_chat_counts_for_itself(talk: Talk, make_pipeline: Make, decisions: Decisions) -> None:
    pipeline = make_pipeline(limited(rounds=4))
    user, other = (integrations.guard(user_agent(name), pipeline) for name in ("user", "other"))
    talker = integrations.guard(scripted.agent("talker", ["Yes."]), pipeline)

    for starter in (user, other, user):
        assert "withheld" not in str(talk(starter, talker, "Question.", max_turns=2).chat_history)

    conversations = {message.conversation for message, _, event in decisions.made if event == "message"}
    assert len(conversations) == 3


def test_a_chat_that_goes_on_keeps_its_count(talk: Talk, make_pipeline: Make) -> None:
    pipeline = make_pipeline(limited(rounds=4))
    user, talker = integrations.guard(user_agent(), pipeline), integrations.guard(scripted.agent("talker", ["Yes."]), pipeline)

    talk(user, talker, "First.", max_turns=2)
    second = talk(user, talker, "Second.", max_turns=2, clear_history=False)

    assert "RUNE-LIMIT-001" in second.chat_history[-1]["content"]


def test_observing_ends_nothing(talk: Talk, make_pipeline: Make, decisions: Decisions) -> None:
    policy = limited(rounds=3) | {"mode": "observe"}
    manager = integrations.guard(scripted.group(user_agent(), scripted.agent("a", ["More."]), rounds=8), make_pipeline(policy))

    talk(manager.groupchat.agents[0], manager, "Begin.")

    assert len(manager.groupchat.messages) == 8
    assert limit_rules(decisions).count("RUNE-LIMIT-001") == 5

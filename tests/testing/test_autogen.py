"""A scripted model answers as told, and remembers everything it was shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

autogen = pytest.importorskip("autogen")
pytestmark = [
    pytest.mark.autogen,
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

from rune.testing import autogen as scripted  # noqa: E402 - after the check that AutoGen is there


def user_agent(name: str = "user", **options: Any) -> Any:
    return autogen.ConversableAgent(name, llm_config=False, human_input_mode="NEVER", **options)


def test_answers_come_one_after_the_other_and_the_last_stays() -> None:
    coder = scripted.agent("coder", ["one", "two"])
    history = user_agent(default_auto_reply="next").initiate_chat(coder, message="Begin.", max_turns=3, silent=True).chat_history

    assert [message["content"] for message in history if message["name"] == "coder"] == ["one", "two", "two"]


def test_a_function_answers_from_what_it_is_shown() -> None:
    coder = scripted.agent("coder", lambda request: f"{len(request)} messages", system_message="You are the coder.")
    history = user_agent().initiate_chat(coder, message="Begin.", max_turns=1, silent=True).chat_history

    assert history[-1]["content"] == "2 messages"
    assert "You are the coder." in scripted.shown_to(coder)
    assert "Begin." in scripted.shown_to(coder)


def test_a_tool_call_is_made() -> None:
    caller = scripted.agent("caller", [scripted.tool_call("add", {"a": 20, "b": 22}), "Done."])
    runner = user_agent("runner", function_map={"add": lambda a, b: str(a + b)})
    runner.initiate_chat(caller, message="Begin.", max_turns=2, silent=True)

    assert "42" in scripted.shown_to(caller)


@pytest.mark.parametrize("arguments", [{"a": 1}, '{"a": 1}', "{broken"], ids=["mapping", "json", "malformed"])
def test_arguments_of_a_tool_call(arguments: Any) -> None:
    [call] = scripted.tool_call("f", arguments)["tool_calls"]

    assert call["function"] == {"name": "f", "arguments": arguments if isinstance(arguments, str) else json.dumps(arguments)}


def test_a_group_chooses_with_a_scripted_model() -> None:
    manager = scripted.group(
        user_agent(), scripted.agent("a", ["A."]), scripted.agent("b", ["B."]), rounds=3, choose="auto", selector=["b"]
    )
    manager.groupchat.agents[0].initiate_chat(manager, message="Begin.", silent=True)

    assert [message["name"] for message in manager.groupchat.messages] == ["user", "b", "b"]


def test_an_empty_script_says_so() -> None:
    model = scripted.model_class(())({})

    with pytest.raises(ValueError, match="its script is empty; give it an answer"):
        model.create({"messages": []})


def test_models_do_not_share_what_they_were_asked() -> None:
    first, second = scripted.agent("first", ["x"]), scripted.agent("second", ["x"])
    user_agent().initiate_chat(first, message="Begin.", max_turns=1, silent=True)

    assert "Begin." in scripted.shown_to(first)
    assert scripted.shown_to(second) == "[]"

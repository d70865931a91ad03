"""Scripted agents and groups for classic AutoGen; everything but the language model is AutoGen's own.

A scripted model sits behind AutoGen's protocol for custom model clients, so it is shown exactly what a real one would be: the system
message, the history, the tool results.
"""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from autogen import ConversableAgent, GroupChat, GroupChatManager

Request = Sequence[Mapping[str, Any]]
"""The messages of one model call."""
Answer = str | Mapping[str, Any]
Script = Sequence[Answer] | Callable[[Request], Answer]
"""What a model says: one answer after the other (the last is repeated), or a function of what it is shown."""

_numbers = itertools.count(1)


class ScriptedModel:
    """Answers from a script and remembers what it was asked; made by `model_class`."""

    script: Script = ()
    requests: list[list[Mapping[str, Any]]]

    def __init__(self, config: Mapping[str, Any], **_: Any) -> None:
        self._name = str(config.get("model", "scripted"))

    def create(self, params: Mapping[str, Any]) -> SimpleNamespace:
        """Answer one request."""
        request = copy.deepcopy(list(params["messages"]))  # AutoGen goes on changing what it hands over
        self.requests.append(request)
        answer = _answer(self.script, request, len(self.requests))
        return SimpleNamespace(answer=answer, model=self._name, cost=0.0, usage=None, message_retrieval_function=None)

    def message_retrieval(self, response: SimpleNamespace) -> list[Answer]:
        """Return the answers in a response."""
        return [response.answer]

    def cost(self, response: SimpleNamespace) -> float:
        """Return what the call cost: nothing."""
        return float(response.cost)

    @staticmethod
    def get_usage(response: SimpleNamespace) -> dict[str, Any]:
        """Return what was counted: nothing."""
        return dict(response.usage or {})


def model_class(script: Script) -> type[ScriptedModel]:
    """Return a model client class that answers from `script`; its `requests` lists what all its instances were asked."""
    name = f"ScriptedModel{next(_numbers)}"
    return type(name, (ScriptedModel,), {"script": staticmethod(script) if callable(script) else tuple(script), "requests": []})


def config_of(model: type[ScriptedModel]) -> dict[str, Any]:
    """Return the `llm_config` that names a scripted model; it caches nothing."""
    return {"config_list": [{"model": "scripted", "model_client_cls": model.__name__}], "cache_seed": None}


def agent(name: str, script: Script, *, cls: type[ConversableAgent] = ConversableAgent, **options: Any) -> ConversableAgent:
    """Return an agent that thinks with a scripted model.

    Args:
        name: the agent's name.
        script: what its model answers.
        cls: the agent's class.
        options: passed on to it; `human_input_mode` is `NEVER` unless given.
    """
    model: Any = model_class(script)
    made: Any = cls(name, llm_config=config_of(model), **{"human_input_mode": "NEVER", **options})
    made.register_model_client(model)
    made.scripted_model = model
    scripted: ConversableAgent = made
    return scripted


def shown_to(scripted: ConversableAgent) -> str:
    """Return everything that the model of a scripted agent was ever shown, as one text."""
    requests: Iterable[Any] = getattr(scripted, "scripted_model").requests  # noqa: B009 - not an attribute AutoGen declares
    return json.dumps(list(requests), default=str)


def group(
    *agents: ConversableAgent, rounds: int = 10, choose: Any = "round_robin", selector: Script = (), **options: Any
) -> GroupChatManager:
    """Return the manager of a group chat.

    Args:
        agents: the members, in the order in which they speak.
        rounds: messages after which AutoGen itself stops.
        choose: AutoGen's `speaker_selection_method`.
        selector: with `choose="auto"`, what the selecting model answers.
        options: passed on to `GroupChat`.
    """
    if choose == "auto":
        model = model_class(selector)
        options |= {"select_speaker_auto_llm_config": config_of(model), "select_speaker_auto_model_client_cls": model}
    chat = GroupChat(agents=list(agents), messages=[], max_round=rounds, speaker_selection_method=choose, **options)
    return GroupChatManager(groupchat=chat, llm_config=False, silent=True)


def tool_call(name: str, arguments: Mapping[str, Any] | str, call_id: str = "call_1") -> dict[str, Any]:
    """Return a model's answer that calls a tool."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    function = {"name": name, "arguments": text}
    return {"role": "assistant", "content": "", "tool_calls": [{"id": call_id, "type": "function", "function": function}]}


def _answer(script: Script, request: Request, number: int) -> Answer:
    if callable(script):
        return script(request)
    if not script:
        raise ValueError("the scripted model was asked, and its script is empty; give it an answer.")
    return script[min(number, len(script)) - 1]

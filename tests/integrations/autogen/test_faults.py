"""Whatever fails in Rune's own code, nothing hostile passes because of it, and the failure is not silent."""

from __future__ import annotations

import contextlib
import inspect
import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.integrations.autogen.conftest import NOISE, POISON

from rune import integrations
from rune.errors import NotProtected
from rune.integrations.autogen import agents as agent_seams
from rune.integrations.autogen import arguments, code, groups, guard, memory, message, tools
from rune.integrations.autogen.guard import Guard
from rune.pipeline import Pipeline
from rune.testing import Marker
from rune.testing.marker import fenced

autogen = pytest.importorskip("autogen")
pytestmark = [pytest.mark.autogen, *(pytest.mark.filterwarnings(line) for line in NOISE)]

from rune.testing import autogen as scripted  # noqa: E402 - after the check that AutoGen is there

MODULES = (agent_seams, arguments, code, groups, guard, memory, message, tools)


def functions() -> Iterator[Any]:
    """Yield every function of the modules that work on messages, methods included."""
    for module in MODULES:
        for name, value in vars(module).items():
            if inspect.isfunction(value) and value.__module__ == module.__name__:
                yield pytest.param(value, id=f"{module.__name__.rpartition('.')[2]}.{name}")
            elif inspect.isclass(value) and value.__module__ == module.__name__:
                yield from _methods(module, value)


def _methods(module: types.ModuleType, cls: type) -> Iterator[Any]:
    for name, value in vars(cls).items():
        function = value.fget if isinstance(value, property) else value
        if inspect.isfunction(function) and function.__module__ == module.__name__ and function.__qualname__.startswith(cls.__name__):
            yield pytest.param(function, id=f"{module.__name__.rpartition('.')[2]}.{cls.__name__}.{name}")


class FaultError(Exception):
    pass


def fails(*_: Any, **__: Any) -> Any:
    from tests.integrations.autogen.test_faults import FaultError

    raise FaultError


def plain_agent(name: str, **options: Any) -> Any:
    return autogen.ConversableAgent(name, llm_config=False, human_input_mode="NEVER", **options)


def play(marker: Marker) -> tuple[Any, list[Callable[[], Any]]]:
    """Return a group, and everything hostile that can be done to it once it is guarded."""
    executor = autogen.coding.LocalCommandLineCodeExecutor(work_dir=marker.path.parent)
    runner = plain_agent("runner", code_execution_config={"executor": executor}, function_map={"fetch": lambda: POISON, "run": exec})
    coder, reviewer = scripted.agent("coder", [POISON]), scripted.agent("reviewer", [fenced(marker.hidden)])
    manager = scripted.group(plain_agent("user"), coder, reviewer, runner, rounds=5)
    user = manager.groupchat.agents[0]
    acts = [
        lambda: user.initiate_chat(manager, message="Please add.", silent=True),
        lambda: plain_agent("stranger").send(POISON, reviewer, request_reply=False, silent=True),
        lambda: reviewer.generate_reply(messages=[{"role": "user", "content": POISON}]),
        lambda: reviewer.update_system_message(POISON),
        lambda: runner.execute_function({"name": "run", "arguments": scripted.tool_call("run", {"x": marker.hidden})}),
        lambda: executor.execute_code_blocks([autogen.coding.CodeBlock(code=marker.hidden, language="python")]),
        lambda: manager.groupchat.append({"role": "user", "content": POISON}, coder),
    ]
    return manager, acts


@pytest.mark.parametrize("function", list(functions()))
def test_a_fault_opens_nothing(function: Any, pipeline: Pipeline, marker: Marker, monkeypatch: pytest.MonkeyPatch) -> None:
    if function.__code__.co_freevars:
        pytest.skip("a closure; its code cannot be exchanged")
    manager, acts = play(marker)
    integrations.guard(manager, pipeline)
    reviewer = manager.groupchat.agents[2]
    monkeypatch.setattr(function, "__code__", fails.__code__)
    monkeypatch.setattr(function, "__kwdefaults__", None)

    for act in acts:
        with contextlib.suppress(NotProtected, FaultError):
            act()

    assert not marker.exists
    assert POISON not in scripted.shown_to(reviewer)
    assert POISON not in reviewer.system_message
    assert POISON not in str(manager.groupchat.messages)


def test_a_fault_is_reported_with_its_place(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    sender, reader = plain_agent("sender"), plain_agent("reader")
    integrations.guard(sender, pipeline)
    monkeypatch.setattr(Guard, "delivery", fails)

    with pytest.raises(NotProtected, match=r"Rune itself failed at `_process_message_before_send` of `sender` .* nothing passed"):
        sender.send("Hello.", reader, request_reply=False, silent=True)
    assert reader.chat_messages == {}

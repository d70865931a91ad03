"""The canary proves the seams of an object and leaves no trace on it, wherever and whenever it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from tests.integrations.autogen.conftest import NOISE
from tests.integrations.conftest import Decisions

from rune import integrations
from rune.errors import NotProtected
from rune.integrations.autogen.canary import finished
from rune.pipeline import Pipeline

autogen = pytest.importorskip("autogen")
pytestmark = [pytest.mark.autogen, *(pytest.mark.filterwarnings(line) for line in NOISE)]

from rune.testing import autogen as scripted  # noqa: E402 - after the check that AutoGen is there

Guard = Callable[[Any], Any]


def plain_agent(name: str = "agent", **options: Any) -> Any:
    return autogen.ConversableAgent(name, llm_config=False, human_input_mode="NEVER", **options)


def test_no_hook_is_called_nothing_is_kept_shown_run_or_recorded(
    pipeline: Pipeline, decisions: Decisions, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []
    agent = scripted.agent("agent", ["Fine."], function_map={"rune_canary": lambda **_: called.append("tool")})
    for name in agent.hook_lists:
        agent.register_hook(name, lambda *_, hook=name, **__: called.append(hook))
    agent.register_reply([autogen.Agent, None], lambda *_, **__: called.append("reply"))
    monkeypatch.setattr("builtins.input", lambda *_: called.append("input"))
    before = {name: repr(value) for name, value in vars(agent).items()}
    capsys.readouterr()

    integrations.guard(agent, pipeline)

    assert called == []
    assert {name: repr(value) for name, value in vars(agent).items()} == before
    assert capsys.readouterr().out == ""
    assert decisions.made == []
    assert pipeline.counters() == {}
    assert len(pipeline.conversations) == 0


async def test_a_running_event_loop_is_not_disturbed(guard: Guard) -> None:
    loop = asyncio.get_running_loop()

    guard(plain_agent())

    assert asyncio.get_running_loop() is loop
    assert integrations.coverage(guard(plain_agent())).complete


def test_an_agent_can_be_guarded_in_the_middle_of_a_chat(guard: Guard) -> None:
    late = plain_agent("late")

    def reply(*_: Any, **__: Any) -> tuple[bool, str]:
        guard(late)
        return True, "Done."

    busy = guard(plain_agent("busy"))
    busy.register_reply([autogen.Agent, None], reply)
    guard(plain_agent("user")).initiate_chat(busy, message="Begin.", max_turns=1, silent=True)

    assert integrations.coverage(late).complete


def test_observing_shields_prove_their_seams_too(make_pipeline: Callable[..., Pipeline]) -> None:
    assert integrations.coverage(integrations.guard(plain_agent(), make_pipeline("observe"))).complete


class Bypassing(autogen.ConversableAgent):  # type: ignore[misc, name-defined]
    def send(self, message: Any, recipient: Any, request_reply: Any = None, silent: Any = False) -> None:
        recipient.receive(message, self, request_reply, silent)


def test_an_agent_whose_own_send_bypasses_the_seam_is_refused(guard: Guard) -> None:
    agent = Bypassing("bypassing", llm_config=False)

    with pytest.raises(NotProtected, match="does not call `_process_message_before_send`"):
        guard(agent)
    assert type(agent) is Bypassing


class Forwarding(autogen.ConversableAgent):  # type: ignore[misc, name-defined]
    def send(self, message: Any, recipient: Any, request_reply: Any = None, silent: Any = False) -> None:
        super().send(message, recipient, request_reply, silent)


def test_an_agent_whose_own_send_calls_autogens_is_held(guard: Guard) -> None:
    assert integrations.coverage(guard(Forwarding("forwarding", llm_config=False))).complete


class Failing(autogen.ConversableAgent):  # type: ignore[misc, name-defined]
    def send(self, message: Any, recipient: Any, request_reply: Any = None, silent: Any = False) -> None:
        if type(recipient) is not type(self):
            raise TypeError("only for my own kind")
        super().send(message, recipient, request_reply, silent)


def test_an_agent_that_fails_on_the_canary_says_where(guard: Guard) -> None:
    with pytest.raises(NotProtected, match=r"the canary through `_process_message_before_send` of `failing` ended in TypeError"):
        guard(Failing("failing", llm_config=False))


def test_a_coroutine_that_waits_is_not_waited_for() -> None:
    async def waiting() -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waits for something outside AutoGen"):
        finished(waiting())

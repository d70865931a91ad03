"""One scene for each seam that only this seam can win: with all seams in place the attack fails, without this one it succeeds."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.integrations.autogen.conftest import NOISE, POISON

from rune import integrations
from rune.integrations.autogen import holding
from rune.integrations.base import Seam
from rune.pipeline import Pipeline
from rune.review.request import ReviewRequest
from rune.testing import Marker
from rune.types import Decision, Review

autogen = pytest.importorskip("autogen")
pytestmark = [pytest.mark.autogen, *(pytest.mark.filterwarnings(line) for line in NOISE)]

from rune.testing import autogen as scripted  # noqa: E402 - after the check that AutoGen is there

with contextlib.suppress(ImportError):
    import autogen.agentchat.group.patterns

Guard = Callable[[Any], Any]
Scene = Callable[[Guard, Marker], bool]


def plain_agent(name: str = "agent", **options: Any) -> Any:
    return autogen.ConversableAgent(name, llm_config=False, human_input_mode="NEVER", **options)


def sent(guard: Guard, marker: Marker) -> bool:
    sender, stranger = guard(plain_agent("sender")), plain_agent("stranger")
    sender.send(POISON, stranger, request_reply=False, silent=True)
    return POISON in str(stranger.chat_messages)


def sent_awaiting(guard: Guard, marker: Marker) -> bool:
    sender, stranger = guard(plain_agent("sender")), plain_agent("stranger")
    asyncio.run(sender.a_send(POISON, stranger, request_reply=False, silent=True))
    return POISON in str(stranger.chat_messages)


def loop_stood_still(guard: Guard, marker: Marker) -> bool:
    """A reviewer who takes a moment: without the awaiting seam, nothing else runs meanwhile."""
    sender, ticks = guard(plain_agent("sender")), []

    async def tick() -> None:
        for _ in range(20):
            ticks.append(ASKING.is_set())
            await asyncio.sleep(0.01)

    async def both() -> None:
        await asyncio.gather(sender.a_send("Please REVIEW-ME now.", plain_agent("other"), request_reply=False, silent=True), tick())

    asyncio.run(both())
    return not any(ticks)


def received(guard: Guard, marker: Marker) -> bool:
    reader, stranger = guard(plain_agent("reader")), plain_agent("stranger")
    stranger.send(POISON, reader, request_reply=False, silent=True)
    return POISON in str(reader.chat_messages)


def replied_to(guard: Guard, marker: Marker) -> bool:
    reader = guard(scripted.agent("reader", ["Fine."]))
    reader.generate_reply(messages=[{"role": "user", "content": POISON}])
    return POISON in scripted.shown_to(reader)


def replied_to_awaiting(guard: Guard, marker: Marker) -> bool:
    reader = guard(scripted.agent("reader", ["Fine."]))
    asyncio.run(reader.a_generate_reply(messages=[{"role": "user", "content": POISON}]))
    return POISON in scripted.shown_to(reader)


class Pasting(autogen.ConversableAgent):  # type: ignore[misc, name-defined]
    def get_human_input(self, prompt: str, **_: Any) -> str:
        return POISON

    async def a_get_human_input(self, prompt: str, **_: Any) -> str:
        return POISON


def typed(guard: Guard, marker: Marker) -> bool:
    return POISON in guard(Pasting("human", llm_config=False)).get_human_input("?")


def typed_awaiting(guard: Guard, marker: Marker) -> bool:
    return POISON in asyncio.run(guard(Pasting("human", llm_config=False)).a_get_human_input("?"))


def instructed(guard: Guard, marker: Marker) -> bool:
    agent = guard(plain_agent())
    agent.update_system_message(POISON)
    return POISON in agent.system_message


def remembered(hookable: str, ask: str) -> Scene:
    def scene(guard: Guard, marker: Marker) -> bool:
        reader = guard(scripted.agent("reader", ["Fine."]))
        whole = "all" in hookable
        reader.register_hook(hookable, _adding(whole, awaited=hookable.startswith("a_")))
        answer = getattr(reader, ask)(messages=[{"role": "user", "content": "Hello."}])
        if asyncio.iscoroutine(answer):
            asyncio.run(answer)
        return POISON in scripted.shown_to(reader)

    return scene


def _adding(whole: bool, *, awaited: bool) -> Callable[[Any], Any]:
    def add(content: Any) -> Any:
        return [*content, {"role": "user", "content": POISON}] if whole else f"{content} {POISON}"

    async def a_add(content: Any) -> Any:
        return add(content)

    return a_add if awaited else add


def resulted(guard: Guard, marker: Marker) -> bool:
    user, other = guard(plain_agent("user")), guard(plain_agent("other"))
    result = user.initiate_chat(other, message="Hello.", max_turns=1, silent=True, summary_method=lambda *_: POISON)
    return POISON in result.summary


def resulted_awaiting(guard: Guard, marker: Marker) -> bool:
    user, other = guard(plain_agent("user")), guard(plain_agent("other"))
    chat = user.a_initiate_chat(other, message="Hello.", max_turns=1, silent=True, summary_method=lambda *_: POISON)
    return POISON in asyncio.run(chat).summary


def begun_anew(guard: Guard, marker: Marker) -> bool:
    """Two short chats, each within the limits: here it is the honest user who loses without the seam."""
    user, other = guard(plain_agent("user")), guard(plain_agent("other", default_auto_reply="Yes."))
    results = [user.initiate_chat(other, message=f"Question {n}.", max_turns=2, silent=True) for n in range(3)]
    return any("withheld" in str(result.chat_history) for result in results)


def lent(guard: Guard, marker: Marker) -> bool:
    agent = guard(plain_agent())
    with agent._create_or_get_executor(executor_kwargs={"function_map": {"run": run_python}}) as runner:
        runner.execute_function({"name": "run", "arguments": _as_argument(marker)})
    return marker.exists


def called(guard: Guard, marker: Marker) -> bool:
    agent = guard(plain_agent(function_map={"run": run_python}))
    agent.execute_function({"name": "run", "arguments": _as_argument(marker)})
    return marker.exists


def called_awaiting(guard: Guard, marker: Marker) -> bool:
    async def run(code: str) -> str:
        return run_python(code)

    agent = guard(plain_agent(function_map={"run": run}))
    asyncio.run(agent.a_execute_function({"name": "run", "arguments": _as_argument(marker)}))
    return marker.exists


def run_python(code: str) -> str:
    exec(code, {})
    return "done"


def _as_argument(marker: Marker) -> str:
    return scripted.tool_call("run", {"code": marker.hidden})["tool_calls"][0]["function"]["arguments"]


def legacy_agent(marker: Marker) -> Any:
    return plain_agent(code_execution_config={"use_docker": False, "work_dir": str(marker.path.parent)})


def executed_after_an_honest_block(guard: Guard, marker: Marker) -> bool:
    agent = guard(legacy_agent(marker))
    agent.execute_code_blocks([("python", marker.plain), ("python", marker.hidden)])
    return marker.exists


def run_directly(guard: Guard, marker: Marker) -> bool:
    agent = guard(legacy_agent(marker))
    agent.run_code(marker.hidden, lang="python", work_dir=str(marker.path.parent), use_docker=False)
    return marker.exists


def executed(guard: Guard, marker: Marker) -> bool:
    executor = guard(autogen.coding.LocalCommandLineCodeExecutor(work_dir=marker.path.parent))
    executor.execute_code_blocks([autogen.coding.CodeBlock(code=marker.hidden, language="python")])
    return marker.exists


def appended(guard: Guard, marker: Marker) -> bool:
    chat = guard(autogen.GroupChat(agents=[plain_agent("a"), plain_agent("b")], messages=[]))
    chat.append({"role": "user", "content": POISON}, chat.agents[0])
    return POISON in str(chat.messages)


def shown_to_the_selector(guard: Guard, marker: Marker) -> bool:
    manager = scripted.group(plain_agent("a"), plain_agent("b"), plain_agent("c"), rounds=2, choose="auto", selector=["b"])
    manager.groupchat.messages.append({"role": "user", "name": "a", "content": POISON})
    guard(manager).groupchat.select_speaker(manager.groupchat.agents[0], manager)
    return POISON in str(manager.groupchat.select_speaker_auto_model_client_cls.requests)


def assembled(guard: Guard, marker: Marker) -> bool:
    agent = plain_agent("only")
    pattern = guard(autogen.agentchat.group.patterns.DefaultPattern(initial_agent=agent, agents=[agent]))
    runner = pattern.prepare_group_chat(max_rounds=3, messages="Hello.")[6]
    runner.register_function({"run": run_python})
    runner.execute_function({"name": "run", "arguments": _as_argument(marker)})
    return marker.exists


SCENES: dict[tuple[str, str], Scene] = {
    (holding.AGENT, "_process_message_before_send"): sent,
    (holding.AGENT, "_a_process_message_before_send"): sent_awaiting,
    (holding.AGENT, "a_send"): loop_stood_still,
    (holding.AGENT, "_process_received_message"): received,
    (holding.AGENT, "generate_reply"): replied_to,
    (holding.AGENT, "a_generate_reply"): replied_to_awaiting,
    (holding.AGENT, "get_human_input"): typed,
    (holding.AGENT, "a_get_human_input"): typed_awaiting,
    (holding.AGENT, "update_system_message"): instructed,
    (holding.AGENT, "process_all_messages_before_reply"): remembered("process_all_messages_before_reply", "generate_reply"),
    (holding.AGENT, "process_last_received_message"): remembered("process_last_received_message", "generate_reply"),
    (holding.AGENT, "a_process_all_messages_before_reply"): remembered("a_process_all_messages_before_reply", "a_generate_reply"),
    (holding.AGENT, "a_process_last_received_message"): remembered("a_process_last_received_message", "a_generate_reply"),
    (holding.AGENT, "initiate_chat"): resulted,
    (holding.AGENT, "a_initiate_chat"): resulted_awaiting,
    (holding.AGENT, "_prepare_chat"): begun_anew,
    (holding.AGENT, "_create_or_get_executor"): lent,
    (holding.AGENT, "execute_function"): called,
    (holding.AGENT, "a_execute_function"): called_awaiting,
    (holding.AGENT, "execute_code_blocks"): executed_after_an_honest_block,
    (holding.AGENT, "run_code"): run_directly,
    (holding.EXECUTOR, "execute_code_blocks"): executed,
    (holding.GROUP_CHAT, "append"): appended,
    (holding.GROUP_CHAT, "_create_internal_agents"): shown_to_the_selector,
    (holding.PATTERN, "prepare_group_chat"): assembled,
}
POLICY = {
    "version": "1",
    "extends": "balanced",
    "rules": [{"name": "ask", "when": 'message.text.contains("REVIEW-ME")', "action": "review"}],
    "limits": {"rounds": 5},
}
ASKING = threading.Event()


class SlowReviewer:
    def ask(self, request: ReviewRequest) -> Review:
        ASKING.set()
        time.sleep(0.1)
        ASKING.clear()
        return Review(Decision.APPROVE)


@pytest.fixture
def pipeline(make_pipeline: Callable[..., Pipeline]) -> Pipeline:
    return make_pipeline(POLICY, SlowReviewer())


def seams() -> list[Any]:
    return [pytest.param(kind, seam, id=f"{kind}: {seam.name} ({seam.method})") for kind, held in holding.SEAMS.items() for seam in held]


def has(kind: str, seam: Seam) -> bool:
    """Return whether this AutoGen has the seam at all."""
    base: Any = dict(holding.base_classes()).get(kind, autogen.coding.LocalCommandLineCodeExecutor if kind == holding.EXECUTOR else None)
    return base is not None and hasattr(base, seam.method) and not (seam.unless and hasattr(base, seam.unless))


def test_every_seam_has_a_scene() -> None:
    assert {(kind, seam.method) for kind, held in holding.SEAMS.items() for seam in held} == SCENES.keys()


@pytest.mark.parametrize(("kind", "seam"), seams())
def test_removing_one_seam_lets_its_attack_through(  # noqa: PLR0917 - fixtures
    kind: str, seam: Seam, pipeline: Pipeline, make_pipeline: Callable[..., Pipeline], marker: Marker, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has(kind, seam):
        pytest.skip(f"this AutoGen has no {seam.method}")
    scene = SCENES[kind, seam.method]
    assert not scene(lambda thing: integrations.guard(thing, pipeline), marker)

    monkeypatch.setitem(holding.SEAMS, kind, tuple(other for other in holding.SEAMS[kind] if other is not seam))
    other = make_pipeline(POLICY, SlowReviewer())

    assert scene(lambda thing: integrations.guard(thing, other), marker), "no test notices when this seam is gone"

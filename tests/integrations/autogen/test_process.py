"""A guard of the whole process reaches agents that nobody guarded by name, and leaves no trace when it goes."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from tests.integrations.autogen.conftest import NOISE, POISON
from tests.integrations.conftest import Decisions

from rune import integrations
from rune.errors import NotProtected
from rune.integrations.autogen import holding
from rune.integrations.base import Proceed, Steps
from rune.pipeline import Pipeline
from rune.testing import Marker
from rune.testing.marker import fenced

autogen = pytest.importorskip("autogen")
pytestmark = [pytest.mark.autogen, *(pytest.mark.filterwarnings(line) for line in NOISE)]

from tests.integrations.autogen.test_attacks import ATTACKS, unguarded  # noqa: E402
from tests.integrations.autogen.test_code import Recorder, block  # noqa: E402

from rune.integrations import autogen as adapter  # noqa: E402 - after the check that AutoGen is there
from rune.testing import autogen as scripted  # noqa: E402

with contextlib.suppress(ImportError):
    import autogen.agentchat.group.patterns

Talk = Callable[..., Any]


def plain_agent(name: str = "agent", **options: Any) -> Any:
    return autogen.ConversableAgent(name, llm_config=False, human_input_mode="NEVER", **options)


@pytest.fixture
def installed(pipeline: Pipeline) -> Iterator[Pipeline]:
    adapter.install(SimpleNamespace(pipeline=pipeline))
    try:
        yield pipeline
    finally:
        adapter.uninstall()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_attack(attack: Callable[..., bool], talk: Talk, installed: Pipeline, marker: Marker) -> None:
    assert not attack(talk, unguarded, marker)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_attack_on_objects_guarded_by_name_as_well(attack: Callable[..., bool], talk: Talk, installed: Pipeline, marker: Marker) -> None:
    assert not attack(talk, lambda thing: integrations.guard(thing, installed), marker)


def class_state() -> dict[str, Any]:
    gc.collect()
    classes = {cls for _, base in holding.base_classes() for cls in (base, *base.__subclasses__())}
    return {f"{cls.__module__}.{cls.__qualname__}": dict(vars(cls)) for cls in classes if "__rune_guard__" not in vars(cls)}


def test_uninstall_restores_every_class(pipeline: Pipeline) -> None:
    before = class_state()

    adapter.install(SimpleNamespace(pipeline=pipeline))
    during = class_state()
    adapter.uninstall()

    assert during != before
    assert {name: state for name, state in class_state().items() if name in before} == before


def test_a_message_is_read_once_when_both_guards_hold(installed: Pipeline, decisions: Decisions) -> None:
    sender, reader = integrations.guard(plain_agent("sender"), installed), plain_agent("reader")

    sender.send("Hello.", reader, request_reply=False, silent=True)

    assert [message.text for message, _, _ in decisions.made] == ["Hello."]


def test_an_object_guarded_by_name_stays_guarded_after_uninstall(pipeline: Pipeline) -> None:
    adapter.install(SimpleNamespace(pipeline=pipeline))
    agent = integrations.guard(plain_agent(), pipeline)
    adapter.uninstall()

    agent.update_system_message(POISON)

    assert POISON not in agent.system_message


def test_agents_made_before_are_reached(pipeline: Pipeline) -> None:
    agent = plain_agent()
    adapter.install(SimpleNamespace(pipeline=pipeline))
    try:
        agent.update_system_message(POISON)
    finally:
        adapter.uninstall()

    assert POISON not in agent.system_message


def test_a_class_defined_later_is_reached_where_it_calls_no_parent(installed: Pipeline, marker: Marker) -> None:
    class Own(autogen.ConversableAgent):  # type: ignore[misc, name-defined]
        def execute_function(self, func_call: Any, *args: Any, **kwargs: Any) -> Any:
            exec(func_call["arguments"], {})
            return True, {"name": "own", "role": "function", "content": "done"}

    Own("own", llm_config=False).execute_function({"name": "own", "arguments": marker.hidden})

    assert not marker.exists


def test_an_executor_of_somebodys_own_is_guarded_when_an_agent_uses_it_and_free_again_afterwards(
    pipeline: Pipeline, marker: Marker
) -> None:
    executor = Recorder()
    agent = plain_agent(code_execution_config={"executor": executor})
    adapter.install(SimpleNamespace(pipeline=pipeline))
    try:
        agent.generate_reply(messages=[{"role": "user", "content": fenced("print(42)")}])
        assert type(executor) is not Recorder
    finally:
        adapter.uninstall()

    assert type(executor) is Recorder
    assert executor.ran == ["print(42)"]


def test_autogens_own_executors_are_held_by_themselves(installed: Pipeline, marker: Marker) -> None:
    executor = autogen.coding.LocalCommandLineCodeExecutor(work_dir=marker.path.parent)

    executor.execute_code_blocks([block(marker.hidden)])

    assert not marker.exists
    assert integrations.coverage(executor).complete


def test_the_speaker_selection_of_a_group_is_covered(installed: Pipeline) -> None:
    manager = scripted.group(plain_agent("a"), plain_agent("b"), plain_agent("c"), rounds=3, choose="auto", selector=["b"])
    manager.groupchat.messages.append({"role": "user", "name": "a", "content": POISON})

    manager.groupchat.select_speaker(manager.groupchat.agents[0], manager)

    assert POISON not in str(manager.groupchat.select_speaker_auto_model_client_cls.requests)


def test_a_second_install_does_nothing_and_another_shield_is_refused(installed: Pipeline, make_pipeline: Callable[..., Pipeline]) -> None:
    adapter.install(SimpleNamespace(pipeline=installed))

    with pytest.raises(NotProtected, match="another Shield is installed"):
        adapter.install(SimpleNamespace(pipeline=make_pipeline()))


def let_through(_: Any, __: Any, args: Any, kwargs: Any) -> Steps:
    return (yield Proceed(args, kwargs))


@pytest.mark.parametrize("kind", [holding.AGENT, holding.GROUP_CHAT, holding.EXECUTOR])
def test_a_seam_that_does_not_hold_leaves_nothing_in_place(kind: str, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tuple(replace(seam, steps=let_through) for seam in holding.SEAMS[kind])
    monkeypatch.setitem(holding.SEAMS, kind, broken)
    before = class_state()

    with pytest.raises(NotProtected, match=f"the canary came through `{broken[0].method}`"):
        adapter.install(SimpleNamespace(pipeline=pipeline))

    assert {name: state for name, state in class_state().items() if name in before} == before


def test_a_pattern_is_covered(installed: Pipeline, talk: Talk) -> None:
    if not hasattr(autogen.agentchat, "group"):
        pytest.skip("this AutoGen has no patterns")
    coder, reviewer = scripted.agent("coder", [POISON]), scripted.agent("reviewer", ["Fine."])
    pattern = autogen.agentchat.group.patterns.RoundRobinPattern(initial_agent=coder, agents=[coder, reviewer])

    result, _, _ = autogen.agentchat.initiate_group_chat(pattern=pattern, messages="Please add.", max_rounds=4)

    assert POISON not in str(result.chat_history)
    assert POISON not in scripted.shown_to(reviewer)

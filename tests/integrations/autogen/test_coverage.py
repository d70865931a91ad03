"""Coverage tells the truth about an object as it is now: what is held, what was proven, and what nothing can hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.integrations.autogen.conftest import NOISE

from rune import integrations
from rune.integrations.autogen import holding
from rune.integrations.autogen.open_paths import OPEN_PATHS

autogen = pytest.importorskip("autogen")
pytestmark = [pytest.mark.autogen, *(pytest.mark.filterwarnings(line) for line in NOISE)]

from rune.testing import autogen as scripted  # noqa: E402 - after the check that AutoGen is there

Guard = Callable[[Any], Any]


def plain_agent(name: str = "agent", **options: Any) -> Any:
    return autogen.ConversableAgent(name, llm_config=False, human_input_mode="NEVER", **options)


def states(thing: Any) -> set[str]:
    return {seam.state for entry in integrations.coverage(thing).objects for seam in entry.seams}


def test_an_unguarded_object_is_open_everywhere() -> None:
    coverage = integrations.coverage(plain_agent())

    assert states(plain_agent()) == {"open"}
    assert not coverage.complete


def test_a_guarded_group_is_complete_and_every_seam_that_reads_is_proven(guard: Guard) -> None:
    coverage = integrations.coverage(guard(scripted.group(plain_agent("a"), plain_agent("b"), rounds=2)))
    reading = {seam.name for seams in holding.SEAMS.values() for seam in seams if seam.probe is not None}

    assert coverage.complete
    assert {seam.state for entry in coverage.objects for seam in entry.seams if seam.seam in reading} == {"proven"}
    assert {entry.name for entry in coverage.objects} >= {"chat_manager", "a", "b", "group chat"}
    assert {entry.kind for entry in coverage.objects} == {"GroupChatManager", "ConversableAgent", "GroupChat"}


def test_a_method_replaced_after_the_guard_is_open(guard: Guard) -> None:
    agent = guard(plain_agent())
    agent.execute_function = lambda call, **_: (True, {})

    coverage = integrations.coverage(agent)

    assert [seam.seam for seam in coverage.objects[0].seams if seam.state == "open"] == ["tool call"]
    assert not coverage.complete


def test_unguarding_opens_everything_again(guard: Guard) -> None:
    agent = guard(plain_agent())
    integrations.unguard(agent)

    assert states(agent) == {"open"}


def test_it_prints_as_a_table_and_as_json(guard: Guard) -> None:
    coverage = integrations.coverage(guard(plain_agent("coder")))
    table = str(coverage)

    assert "coder (ConversableAgent)" in table
    assert all(path.path in table for path in OPEN_PATHS)
    assert json.loads(json.dumps(coverage.to_dict()))["objects"][0]["name"] == "coder"
    assert len(coverage.to_dict()["open_paths"]) == len(OPEN_PATHS)


@pytest.mark.parametrize("path", OPEN_PATHS, ids=lambda path: path.path[:30])
def test_an_open_path_says_what_happens_and_what_to_do(path: Any) -> None:
    assert path.path
    assert path.consequence
    assert path.advice

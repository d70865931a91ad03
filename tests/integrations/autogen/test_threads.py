"""Threads and forked processes share a guard without waiting for each other, and without a gap."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import pytest
from tests.integrations.autogen.conftest import NOISE, POISON

from rune import integrations
from rune.integrations import wrapping
from rune.pipeline import Pipeline

autogen = pytest.importorskip("autogen")
pytestmark = [pytest.mark.autogen, *(pytest.mark.filterwarnings(line) for line in NOISE)]

from rune.integrations import autogen as adapter  # noqa: E402 - after the check that AutoGen is there
from rune.testing import autogen as scripted  # noqa: E402

Guard = Callable[[Any], Any]
THREADS = 16


def plain_agent(name: str) -> Any:
    return autogen.ConversableAgent(name, llm_config=False, human_input_mode="NEVER")


def test_groups_in_many_threads_do_not_disturb_each_other(guard: Guard) -> None:
    shown: list[str] = []
    failed: list[BaseException] = []

    def run(number: int) -> None:
        try:
            reviewer = scripted.agent("reviewer", [f"Fine, {number}."])
            manager = guard(scripted.group(plain_agent("user"), scripted.agent("coder", [POISON]), reviewer, rounds=9))
            manager.groupchat.agents[0].initiate_chat(manager, message=f"Begin {number}.", silent=True)
            assert len(manager.groupchat.messages) == 9
            shown.append(scripted.shown_to(reviewer))
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failed.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert len(shown) == THREADS
    assert not any(POISON in text for text in shown)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("module", [wrapping, adapter], ids=["wrapping", "adapter"])
def test_a_child_forked_while_a_lock_is_held_can_guard(module: Any, pipeline: Pipeline) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with module._lock:
            held.set()
            done.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    child = os.fork()
    if child == 0:
        integrations.guard(plain_agent("child"), pipeline)
        os._exit(7)
    done.set()
    thread.join()

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7

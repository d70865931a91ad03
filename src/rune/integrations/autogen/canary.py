"""Proof that the seams hold: a canary goes through the methods of the guarded object itself and must come out withheld.

While it does, a probe stands in for AutoGen's own side of each seam, in a context of its own. So no hook of the user is called, no human is
asked, nothing runs, is shown, or is kept; the history that AutoGen makes for the probe's counterpart is removed again.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

from rune.errors import NotProtected
from rune.integrations.base import WITHHELD_EXIT_CODE, Seam
from rune.integrations.wrapping import Probe, probing


class Counterpart:
    """The other end of a probed conversation: takes what it is sent and never answers."""

    name = "rune_canary"
    description = system_message = ""
    silent = True

    def __init__(self) -> None:
        self.received: list[Any] = []

    def receive(self, message: Any, *_: Any, **__: Any) -> None:
        """Keep a message."""
        self.received.append(message)

    async def a_receive(self, message: Any, *_: Any, **__: Any) -> None:
        """Keep a message."""
        self.received.append(message)


def proven(target: Any, seam: Seam, marker: str) -> bool:
    """Send the canary through a seam of a guarded object; return whether it was withheld.

    Raises:
        NotProtected: the object's own code failed on it.
    """
    if seam.probe is None:
        return True
    try:
        return contextvars.Context().run(_sent_through, target, seam, seam.probe, marker)
    except Exception as error:
        name = getattr(target, "name", type(target).__name__)
        raise NotProtected(f"the canary through `{seam.method}` of `{name}` ended in {error!r}; this seam is not proven.") from error


def _sent_through(target: Any, seam: Seam, probe: Callable[[Any, Any], bool], marker: str) -> bool:
    with probing(Probe(target, marker, {seam.method})) as standing_in:
        return probe(target, standing_in)


def through_send(agent: Any, probe: Probe) -> bool:
    """Send the canary to somebody."""
    probe.answer, other = probe.marker, Counterpart()
    try:
        agent.send(probe.marker, other, request_reply=False, silent=True)
    finally:
        agent._oai_messages.pop(other, None)  # noqa: SLF001 - no public method removes a history
    return _is_notice(other.received, probe)


def through_a_send(agent: Any, probe: Probe) -> bool:
    """Send the canary to somebody, awaiting; AutoGen's own `a_send` is part of what is proven."""
    probe.answer, other = probe.marker, Counterpart()
    probe.methods = {"_process_message_before_send", "_a_process_message_before_send"}
    try:
        finished(agent.a_send(probe.marker, other, request_reply=False, silent=True))
    finally:
        agent._oai_messages.pop(other, None)  # noqa: SLF001 - no public method removes a history
    return _is_notice(other.received, probe)


def through_receive(agent: Any, probe: Probe) -> bool:
    """Have the canary arrive from somebody who is not guarded."""
    agent.receive(probe.marker, Counterpart(), request_reply=False, silent=True)
    return _is_notice(probe.calls, probe)


def through_reply(agent: Any, probe: Probe) -> bool:
    """Ask for a reply to the canary."""
    agent.generate_reply(messages=[_message(probe)])
    return _is_notice(probe.calls, probe)


def through_a_reply(agent: Any, probe: Probe) -> bool:
    """Ask for a reply to the canary, awaiting."""
    finished(agent.a_generate_reply(messages=[_message(probe)]))
    return _is_notice(probe.calls, probe)


def through_human(agent: Any, probe: Probe) -> bool:
    """Answer with the canary in a human's place."""
    probe.answer = probe.marker
    return _is_notice(agent.get_human_input(""), probe)


def through_a_human(agent: Any, probe: Probe) -> bool:
    """Answer with the canary in a human's place, awaiting."""
    probe.answer = probe.marker
    return _is_notice(finished(agent.a_get_human_input("")), probe)


def through_system_message(agent: Any, probe: Probe) -> bool:
    """Give the canary as instructions."""
    agent.update_system_message(probe.marker)
    return not probe.calls


def through_result(agent: Any, probe: Probe) -> bool:
    """End a chat with the canary."""
    probe.answer = _ended(probe)
    return _is_clean(agent.initiate_chat(Counterpart(), message=""), probe)


def through_a_result(agent: Any, probe: Probe) -> bool:
    """End a chat with the canary, awaiting."""
    probe.answer = _ended(probe)
    return _is_clean(finished(agent.a_initiate_chat(Counterpart(), message="")), probe)


def through_call(agent: Any, probe: Probe) -> bool:
    """Call a tool with the canary, and have one return it."""
    return _is_call_held(probe, agent.execute_function)


def through_a_call(agent: Any, probe: Probe) -> bool:
    """Call a tool with the canary, and have one return it, awaiting."""
    return _is_call_held(probe, lambda call: finished(agent.a_execute_function(call)))


def through_executor(executor: Any, probe: Probe) -> bool:
    """Have the canary executed."""
    result = executor.execute_code_blocks([SimpleNamespace(code=f"# {probe.marker}", language="python")])
    return not probe.calls and result.exit_code == WITHHELD_EXIT_CODE


def through_legacy_blocks(agent: Any, probe: Probe) -> bool:
    """Have the canary executed by the agent."""
    result = agent.execute_code_blocks([("python", f"# {probe.marker}")])
    return not probe.calls and result[0] == WITHHELD_EXIT_CODE


def through_legacy_run(agent: Any, probe: Probe) -> bool:
    """Have the canary run by the agent."""
    result = agent.run_code(f"# {probe.marker}", lang="python")
    return not probe.calls and result[0] == WITHHELD_EXIT_CODE


def through_append(group: Any, probe: Probe) -> bool:
    """Put the canary into the group's history."""
    group.append(_message(probe), Counterpart())
    return _is_notice(probe.calls, probe)


def through_memory(method: str) -> Callable[[Any, Probe], bool]:
    """Return a probe that has a hook put the canary into the history."""

    def through(agent: Any, probe: Probe) -> bool:
        probe.answer = [_message(probe)]
        return _is_notice(getattr(agent, method)([]), probe)

    return through


def through_a_memory(method: str) -> Callable[[Any, Probe], bool]:
    """Return a probe that has a hook put the canary into the history, awaiting."""

    def through(agent: Any, probe: Probe) -> bool:
        probe.answer = [_message(probe)]
        return _is_notice(finished(getattr(agent, method)([])), probe)

    return through


def finished(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Return what a coroutine returns; nothing that is probed waits, so no event loop is needed and a running one is not disturbed.

    Raises:
        RuntimeError: it waited: the object's class replaced the method with one that does more.
    """
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    coroutine.close()
    raise RuntimeError("it waits for something outside AutoGen")


def _is_call_held(probe: Probe, call: Callable[[dict[str, str]], Any]) -> bool:
    called = call({"name": "rune_canary", "arguments": f'{{"text": "{probe.marker}"}}'})
    if probe.calls or called[0]:
        return False
    probe.answer = (True, {"name": "rune_canary", "role": "function", "content": probe.marker})
    return _is_notice(call({"name": "rune_canary", "arguments": "{}"})[1], probe)


def _message(probe: Probe) -> dict[str, str]:
    return {"content": probe.marker, "role": "user"}


def _ended(probe: Probe) -> SimpleNamespace:
    return SimpleNamespace(summary=probe.marker, chat_history=[_message(probe)])


def _is_clean(result: Any, probe: Probe) -> bool:
    return _is_notice(result.summary, probe) and _is_notice(result.chat_history, probe)


def _is_notice(seen: Any, probe: Probe) -> bool:
    """Return whether something arrived, and the canary is not in it."""
    return bool(seen) and probe.marker not in repr(seen)

"""Each attack on a real group, twice: without a guard it succeeds, with one it does not, and the chat goes on either way."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.integrations.autogen.conftest import NOISE, POISON

from rune.testing import Marker
from rune.testing.marker import fenced

autogen = pytest.importorskip("autogen")
pytestmark = [pytest.mark.autogen, *(pytest.mark.filterwarnings(line) for line in NOISE)]

from rune.testing import autogen as scripted  # noqa: E402 - after the check that AutoGen is there

Talk = Callable[..., Any]
Guard = Callable[[Any], Any]
HONEST = "Please add 20 and 22."


def unguarded(thing: Any) -> Any:
    return thing


def silent_agent(name: str, **options: Any) -> Any:
    return autogen.ConversableAgent(name, llm_config=False, human_input_mode="NEVER", **options)


def shell(command: str) -> str:
    return subprocess.run(command, shell=True, check=True, capture_output=True, text=True).stdout


def poisoned_member(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """One member of a group says it, another one's model is shown it."""
    coder, reviewer = scripted.agent("coder", [POISON]), scripted.agent("reviewer", ["Looks good."])
    manager = guard(scripted.group(silent_agent("user"), coder, reviewer, rounds=4))
    talk(manager.groupchat.agents[0], manager, HONEST)
    return POISON in scripted.shown_to(reviewer)


def poisoned_partner(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """The same without a group."""
    coder, reviewer = scripted.agent("coder", [POISON]), guard(scripted.agent("reviewer", ["Looks good."]))
    talk(reviewer, guard(coder), HONEST, max_turns=2)
    return POISON in scripted.shown_to(reviewer)


def chosen_speaker(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """It reaches the model that chooses who speaks next."""
    coder, reviewer = scripted.agent("coder", [POISON]), scripted.agent("reviewer", ["Looks good."])
    manager = scripted.group(silent_agent("user"), coder, reviewer, rounds=4, choose="auto", selector=["coder", "reviewer"])
    guard(manager)
    talk(manager.groupchat.agents[0], manager, HONEST)
    requests = manager.groupchat.select_speaker_auto_model_client_cls.requests
    return POISON in str(requests)


def code_in_a_group(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """A member hands over code, another one runs it."""
    executor = autogen.coding.LocalCommandLineCodeExecutor(work_dir=marker.path.parent)
    runner = silent_agent("runner", code_execution_config={"executor": executor})
    coder = scripted.agent("coder", [fenced(marker.hidden)])
    manager = guard(scripted.group(silent_agent("user"), coder, runner, rounds=3))
    talk(manager.groupchat.agents[0], manager, HONEST)
    return marker.exists


def command_for_a_partner(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """A shell command for an agent that runs commands."""
    executor = autogen.coding.LocalCommandLineCodeExecutor(work_dir=marker.path.parent)
    runner = guard(silent_agent("runner", code_execution_config={"executor": executor}))
    talk(runner, guard(scripted.agent("coder", [fenced(marker.piped, "sh")])), HONEST, max_turns=2)
    return marker.exists


def legacy_code(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """The execution that agents had before executors."""
    runner = guard(silent_agent("runner", code_execution_config={"use_docker": False, "work_dir": str(marker.path.parent)}))
    talk(runner, guard(scripted.agent("coder", [fenced(marker.hidden)])), HONEST, max_turns=2)
    return marker.exists


def poisoned_tool_result(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """A web page that a tool fetched."""
    caller = scripted.agent("researcher", [scripted.tool_call("fetch", {"url": "http://localhost/"}), "Done."])
    runner = silent_agent("runner", function_map={"fetch": lambda url: f"Q1 was 20. {POISON}"})
    talk(guard(runner), guard(caller), HONEST, max_turns=2)
    return POISON in scripted.shown_to(caller)


def hostile_tool_call(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """A command as a tool's argument."""
    caller = scripted.agent("coder", [scripted.tool_call("shell", {"command": marker.piped}), "Done."])
    runner = silent_agent("runner", function_map={"shell": shell})
    talk(guard(runner), guard(caller), HONEST, max_turns=2)
    return marker.exists


def hostile_function_call(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """The same in the form that models spoke before tool calls."""
    call = {"role": "assistant", "content": "", "function_call": {"name": "shell", "arguments": f'{{"command": "{marker.piped}"}}'}}
    runner = silent_agent("runner", function_map={"shell": shell})
    talk(guard(runner), guard(scripted.agent("coder", [call, "Done."])), HONEST, max_turns=2)
    return marker.exists


def poisoned_human(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """What somebody pastes at the prompt."""

    class Pasted(autogen.UserProxyAgent):
        def get_human_input(self, prompt: str, **_: Any) -> str:
            return POISON

        async def a_get_human_input(self, prompt: str, **_: Any) -> str:
            return POISON

    assistant = scripted.agent("assistant", ["What next?"])
    human = Pasted("human", human_input_mode="ALWAYS", code_execution_config=False)
    result = talk(guard(human), guard(assistant), HONEST, max_turns=2)
    return POISON in scripted.shown_to(assistant) or POISON in str(result.human_input)


def nested_chat(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """An agent that asks another one before it answers."""
    expert, asker = scripted.agent("expert", [POISON]), scripted.agent("asker", ["Thanks."])
    front = silent_agent("front")
    front.register_nested_chats([{"recipient": expert, "max_turns": 1, "summary_method": "last_msg"}], trigger=asker)
    talk(guard(asker), guard(front), HONEST, max_turns=2)
    return POISON in scripted.shown_to(asker)


def group_in_a_group(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """A manager as a member of another group."""
    insider, outsider = scripted.agent("insider", [POISON]), scripted.agent("outsider", ["Fine."])
    inner = scripted.group(insider, scripted.agent("colleague", ["Well."]), rounds=3)
    inner._name = "inner"
    outer = guard(scripted.group(silent_agent("user"), inner, outsider, rounds=3))
    talk(outer.groupchat.agents[0], outer, HONEST)
    return POISON in scripted.shown_to(insider) or POISON in scripted.shown_to(outsider) or POISON in str(inner.groupchat.messages)


def hook_registered_later(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """A hook that rewrites what was already read."""
    coder, reviewer = guard(scripted.agent("coder", ["Fine."])), guard(scripted.agent("reviewer", ["Looks good."]))
    coder.register_hook("process_message_before_send", lambda sender, message, recipient, silent: POISON)
    if "a_process_message_before_send" in coder.hook_lists:

        async def rewrite(sender: Any, message: Any, recipient: Any, silent: Any) -> str:
            return POISON

        coder.register_hook("a_process_message_before_send", rewrite)
    talk(reviewer, coder, HONEST, max_turns=2)
    return POISON in scripted.shown_to(reviewer)


def memory_from_a_hook(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """A capability that adds what it remembers before the model is asked."""
    reader = guard(scripted.agent("reader", ["Fine."]))

    def remember(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{"role": "user", "content": POISON}, *messages]

    async def a_remember(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return remember(messages)

    reader.register_hook("process_all_messages_before_reply", remember)
    if "a_process_all_messages_before_reply" in reader.hook_lists:
        reader.register_hook("a_process_all_messages_before_reply", a_remember)
    talk(guard(silent_agent("user")), reader, HONEST, max_turns=1)
    return POISON in scripted.shown_to(reader)


def unguarded_sender(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """Somebody the guard does not know writes to one it does."""
    reader = guard(scripted.agent("reader", ["Fine."]))
    talk(silent_agent("stranger"), reader, POISON, max_turns=1)
    return POISON in scripted.shown_to(reader) or POISON in str(reader.chat_messages)


def written_into_the_history(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """A history that somebody filled by hand."""
    reader, user = guard(scripted.agent("reader", ["Fine."])), guard(silent_agent("user"))
    reader._oai_messages[user].append({"role": "user", "content": POISON})
    talk(user, reader, HONEST, max_turns=1, clear_history=False)
    return POISON in scripted.shown_to(reader)


def filled_group(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """A group chat that begins with messages nobody sent; the selecting model reads them."""
    coder = scripted.agent("coder", ["Fine."])
    manager = scripted.group(silent_agent("user"), coder, silent_agent("other"), rounds=3, choose="auto", selector=["coder"])
    manager.groupchat.messages.append({"role": "user", "name": "user", "content": POISON})
    guard(manager)
    talk(manager.groupchat.agents[0], manager, HONEST, clear_history=False)
    return POISON in str(manager.groupchat.select_speaker_auto_model_client_cls.requests)


def poisoned_picture(talk: Talk, guard: Guard, marker: Marker) -> bool:
    """The text beside an image, split over two parts."""
    first, second = POISON[:14], POISON[14:]
    parts = [
        {"type": "text", "text": first},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
        {"type": "text", "text": second},
    ]
    reader = guard(scripted.agent("reader", ["Fine."]))
    talk(guard(silent_agent("user")), reader, {"content": parts}, max_turns=1)
    return first in scripted.shown_to(reader) and second in scripted.shown_to(reader)


ATTACKS = [
    poisoned_member,
    poisoned_partner,
    chosen_speaker,
    code_in_a_group,
    command_for_a_partner,
    legacy_code,
    poisoned_tool_result,
    hostile_tool_call,
    hostile_function_call,
    poisoned_human,
    nested_chat,
    group_in_a_group,
    hook_registered_later,
    memory_from_a_hook,
    unguarded_sender,
    written_into_the_history,
    filled_group,
    poisoned_picture,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_attack(attack: Callable[..., bool], talk: Talk, guard: Guard, tmp_path: Path) -> None:
    (tmp_path / "off").mkdir()
    (tmp_path / "on").mkdir()

    assert attack(talk, unguarded, Marker(tmp_path / "off" / "pwned")), "without a guard the attack was meant to succeed"
    assert not attack(talk, guard, Marker(tmp_path / "on" / "pwned"))

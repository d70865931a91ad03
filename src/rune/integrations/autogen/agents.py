"""The seams of an agent: what it sends, receives, answers to, hears from a human, is instructed with, and hands back at the end.

Methods, not hooks: a hook registered later rewrites what an earlier one read, and `reset_safeguard_policy` removes them all.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import inspect
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from rune.integrations.autogen import canary
from rune.integrations.autogen.arguments import argument, both, replaced
from rune.integrations.autogen.guard import Envelope, Guard
from rune.integrations.autogen.memory import TURN, Turn, group_of, name_of
from rune.integrations.base import Ask, Inner, Proceed, Seam, Steps, replacement
from rune.types import Direction, Kind, Message

_CHATTING: ContextVar[bool] = ContextVar("rune_autogen_chatting", default=False)


def sending(guard: Guard, agent: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    """Read what an agent sends after all hooks have spoken: the last word before delivery."""
    message, recipient = both(args, kwargs, "message", "recipient")
    if not guard.handover.take("send", agent, recipient, message):
        message = yield Proceed(args, kwargs)
        if message is None:  # a hook withdrew it; AutoGen says so itself
            return None
        message = yield from guard.delivery(agent, recipient, message)
    guard.handover.put("receive", agent, recipient, message)
    return message


def is_relayed(guard: Guard, agent: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Return whether a manager without hooks hands a message on to one more member of its group: most of what is ever sent."""
    if group_of(agent) is None or not _has_no_hooks(agent, "process_message_before_send", "_process_message_before_send"):
        return False
    message, recipient = both(args, kwargs, "message", "recipient")
    if not guard.is_copy(agent, recipient, message):
        return False
    guard.handover.put("receive", agent, recipient, message)
    return True


def awaited_sending(guard: Guard, agent: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    """Read what an agent sends where AutoGen's own step before delivery cannot wait for a human: hooks first, then the decision."""
    message, recipient = both(args, kwargs, "message", "recipient")
    silent = argument(args, kwargs, 3, "silent", default=False)
    message = yield Inner("_process_message_before_send", (message, recipient, agent._is_silent(agent, silent)))  # noqa: SLF001 - as AutoGen calls it
    if message is not None:
        message = yield from guard.delivery(agent, recipient, message)
    guard.handover.put("send", agent, recipient, message)
    args, kwargs = replaced(args, kwargs, 0, "message", message)
    return (yield Proceed(args, kwargs))


def receiving(guard: Guard, agent: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    """Read what an agent receives from a sender that no seam stood in front of."""
    message, sender = both(args, kwargs, "message", "sender")
    message = yield from guard.delivery(sender, agent, message)
    args, kwargs = replaced(args, kwargs, 0, "message", message)
    return (yield Proceed(args, kwargs))


def is_handed_over(guard: Guard, agent: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Return whether a guarded sender's seam read this very message a moment ago."""
    message, sender = both(args, kwargs, "message", "sender")
    return guard.handover.take("receive", sender, agent, message)


def replying(guard: Guard, agent: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    """Read what an agent is about to answer to and has not been read; nothing is answered in a conversation that is over."""
    messages, sender = both(args, kwargs, "messages", "sender")
    conversation = "" if sender is None else guard.conversations.between(agent, sender)
    if guard.pipeline.ended(conversation):
        return None
    guard.adopt(agent)
    history = messages if messages is not None else _history(agent, sender)
    turn = Turn(conversation, _last_author(history, sender), name_of(agent))
    clean = yield from guard.history(agent, history, Envelope(turn.sender, turn.agent, turn.conversation))
    if clean is not history:
        args, kwargs = replaced(args, kwargs, 0, "messages", clean)
    before = TURN.get()
    TURN.set(turn)
    try:
        return (yield Proceed(args, kwargs))
    finally:
        TURN.set(before)


def listening(guard: Guard, agent: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    """Read what a human answers in place of an agent."""
    text = yield Proceed(args, kwargs)
    if not isinstance(text, str) or not text or guard.handover.take("human", agent, agent, text):
        return text
    message = Message(text, Kind.CHAT, Direction.INBOUND, "user", name_of(agent), TURN.get().conversation, ("user",))
    read = replacement((yield Ask(message, delivered=False)))
    if read is not None:
        _forget_input(agent, text, read)
    text = text if read is None else read
    guard.heard(agent, text)
    guard.handover.put("human", agent, agent, text)
    return text


def instructing(guard: Guard, agent: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    """Read new instructions before an agent gets them; withheld ones leave the old ones in force."""
    value = argument(args, kwargs, 0, "system_message")
    read = yield from guard.instructions(value, Envelope("", name_of(agent), TURN.get().conversation))
    if read is None:
        return None
    if read[0] is not value:
        args, kwargs = replaced(args, kwargs, 0, "system_message", read[0])
    return (yield Proceed(args, kwargs))


def remembering(guard: Guard, agent: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    """Read what hooks put into the history before a reply: memories, retrieved documents, rewritten messages."""
    messages = yield Proceed(args, kwargs)
    turn = TURN.get()
    return (yield from guard.history(agent, messages, Envelope(turn.sender, name_of(agent), turn.conversation)))


def has_no_hooks(method: str) -> Callable[[Guard, Any, tuple[Any, ...], dict[str, Any]], bool]:
    """Return a check that nothing can change the history in `method`: AutoGen's own, with no hook registered."""

    def check(_: Guard, agent: Any, *__: Any) -> bool:
        return _has_no_hooks(agent, method, method)

    return check


def chatting(guard: Guard, agent: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    """Tell the user's request from what agents say, and read the result before it leaves."""
    if _CHATTING.get():  # a chat inside a chat: its result goes on as a message
        return (yield Proceed(args, kwargs))
    with _outermost(guard, agent):
        result = yield Proceed(args, kwargs)
    return (yield from _result(guard, result, agent, argument(args, kwargs, 0, "recipient")))


def preparing(guard: Guard, agent: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    """Begin a new conversation where AutoGen clears the history of the old one."""
    if argument(args, kwargs, 1, "clear_history", default=False):
        guard.conversations.renew(agent, argument(args, kwargs, 0, "recipient"))
    return (yield Proceed(args, kwargs))


def lending(guard: Guard, _: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    """Guard the agent that AutoGen makes to run another one's tools."""
    made = yield Proceed(args, kwargs)
    return _adopted(guard, made)


def _has_no_hooks(agent: Any, hookable: str, method: str) -> bool:
    """Return whether nothing can change what passes a method: it is AutoGen's own, and no hook is registered."""
    cls: Any = type(agent)
    return not agent.hook_lists.get(hookable) and _is_autogens_own(cls, method)


@functools.lru_cache(maxsize=1_024)
def _is_autogens_own(cls: Any, method: str) -> bool:
    module: str = inspect.unwrap(getattr(cls, method)).__module__
    return module.startswith("autogen.")


def _last_author(history: Any, sender: Any) -> str:
    """Return who an agent replies to."""
    last = history[-1] if isinstance(history, list | tuple) and history else None
    said_by = last.get("name") if isinstance(last, dict) else None
    return str(said_by or ("" if sender is None else name_of(sender)))


def _history(agent: Any, sender: Any) -> Any:
    return getattr(agent, "_oai_messages", {}).get(sender)


def _forget_input(agent: Any, text: str, read: str) -> None:
    """Keep what was withheld out of the chat result, where AutoGen collects human input."""
    inputs = getattr(agent, "_human_input", None)
    if isinstance(inputs, list) and inputs and inputs[-1] == text:
        inputs[-1] = read


@contextlib.contextmanager
def _outermost(guard: Guard, agent: Any) -> Iterator[None]:
    _CHATTING.set(True)
    guard.open_with(agent)
    try:
        yield
    finally:
        guard.opened(agent)
        _CHATTING.set(False)


def _result(guard: Guard, result: Any, agent: Any, recipient: Any) -> Steps:
    conversation = guard.conversations.between(agent, recipient)
    envelope = Envelope(name_of(recipient), name_of(agent), conversation, Direction.OUTBOUND)
    changed: dict[str, Any] = {}
    summary = getattr(result, "summary", None)
    if isinstance(summary, str) and summary:
        read = yield from guard.reading(summary, envelope)
        changed |= {"summary": read} if read is not summary else {}
    history = getattr(result, "chat_history", None)
    if isinstance(history, list) and history:
        last = yield from guard.reading(history[-1], envelope)
        changed |= {"chat_history": [*history[:-1], last]} if last is not history[-1] else {}
    return _with(result, changed) if changed else result


def _with(result: Any, changed: dict[str, Any]) -> Any:
    made = copy.copy(result)
    for name, value in changed.items():
        setattr(made, name, value)
    return made


@contextlib.contextmanager
def _adopted(guard: Guard, made: Any) -> Iterator[Any]:
    with made as executor:
        guard.adopt(executor)
        yield executor


SEAMS: tuple[Seam, ...] = (
    Seam(
        "send",
        "_process_message_before_send",
        "messages to other agents, after every hook",
        sending,
        canary.through_send,
        idle=is_relayed,
        callers=("send",),
    ),
    Seam(
        "send (async)",
        "_a_process_message_before_send",
        "messages to other agents in awaited chats, after every hook",
        sending,
        canary.through_a_send,
        callers=("a_send",),
        required=False,
    ),
    Seam(
        "send (async)",
        "a_send",
        "messages to other agents in awaited chats, after every hook",
        awaited_sending,
        canary.through_a_send,
        unless="_a_process_message_before_send",
    ),
    Seam(
        "receive",
        "_process_received_message",
        "messages from agents that are not guarded",
        receiving,
        canary.through_receive,
        idle=is_handed_over,
        callers=("receive", "a_receive"),
    ),
    Seam(
        "reply",
        "generate_reply",
        "history that came past the other seams; the end of a conversation",
        replying,
        canary.through_reply,
        callers=("receive", "initiate_chat"),
    ),
    Seam(
        "reply (async)",
        "a_generate_reply",
        "history that came past the other seams; the end of a conversation",
        replying,
        canary.through_a_reply,
        callers=("a_receive", "a_initiate_chat"),
    ),
    Seam("human input", "get_human_input", "what a human types as the agent", listening, canary.through_human),
    Seam("human input (async)", "a_get_human_input", "what a human types as the agent", listening, canary.through_a_human),
    Seam(
        "system message",
        "update_system_message",
        "instructions changed while the agent works, context variables in them",
        instructing,
        canary.through_system_message,
    ),
    *(
        Seam(
            f"memory ({when})",
            method,
            "what hooks put into the history before a reply",
            remembering,
            probe,
            idle=has_no_hooks(method),
            required=required,
        )
        for when, method, probe, required in (
            ("all", "process_all_messages_before_reply", canary.through_memory("process_all_messages_before_reply"), True),
            ("last", "process_last_received_message", canary.through_memory("process_last_received_message"), True),
            ("all, async", "a_process_all_messages_before_reply", canary.through_a_memory("a_process_all_messages_before_reply"), False),
            ("last, async", "a_process_last_received_message", canary.through_a_memory("a_process_last_received_message"), False),
        )
    ),
    Seam("result", "initiate_chat", "the user's request; summary and last message of a chat", chatting, canary.through_result),
    Seam(
        "result (async)",
        "a_initiate_chat",
        "the user's request; summary and last message of a chat",
        chatting,
        canary.through_a_result,
    ),
    Seam(
        "conversation",
        "_prepare_chat",
        "where one conversation ends and the next begins",
        preparing,
        callers=("initiate_chat", "a_initiate_chat"),
    ),
    Seam("tool runner", "_create_or_get_executor", "the agent that runs the tools of `run`", lending, required=False),
)
"""The seams of every agent; those of tools and code stand in their own files."""

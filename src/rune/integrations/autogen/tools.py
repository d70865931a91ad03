"""The seams of tools: the arguments of a call before it is made, and what came back before an agent reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rune.content import as_json
from rune.integrations.autogen import canary
from rune.integrations.autogen.arguments import argument, replaced
from rune.integrations.autogen.guard import Guard
from rune.integrations.autogen.memory import TURN, name_of
from rune.integrations.autogen.message import content_parts, parsed, with_text
from rune.integrations.base import Ask, Proceed, Seam, Steps, notice, replacement
from rune.types import Action, Kind, Message, Trust


def calling(_: Guard, agent: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    """Read a tool call before it is made, make exactly the call that was read, and read its result."""
    call = argument(args, kwargs, 0, "func_call")
    if not isinstance(call, Mapping):  # AutoGen fails on it by itself
        return (yield Proceed(args, kwargs))
    call = dict(call)
    name = str(call.get("name", ""))
    message = _call_message(agent, name, call.get("arguments", "{}"))
    verdict = yield Ask(message)
    if verdict.blocked:
        return False, {"name": name, "role": "function", "content": notice(verdict, "tool call")}
    if verdict.action is Action.REDACT:
        call["arguments"] = replacement(verdict, "tool call")
    args, kwargs = replaced(args, kwargs, 0, "func_call", call)
    succeeded, result = yield Proceed(args, kwargs)
    return succeeded, (yield from _result(agent, name, result))


def _call_message(agent: Any, name: str, arguments: Any) -> Message:
    values = parsed(_as_autogen_reads(agent, arguments))
    text = as_json(values) if values is not None else str(arguments)
    turn = TURN.get()
    return Message(
        text if name.isidentifier() else f"{name}\n{text}",
        Kind.TOOL_CALL,
        sender=turn.sender,
        recipient=name_of(agent),
        conversation=turn.conversation,
        origins=(f"agent:{turn.sender}",) if turn.sender else (),
        metadata={"tool": name, **({} if values is None else {"arguments": dict(values)})},
    )


def _as_autogen_reads(agent: Any, arguments: Any) -> Any:
    """Return the JSON text that AutoGen makes of the arguments before it parses them, so that the tool gets what was read."""
    mend = getattr(agent, "_format_json_str", None)
    return mend(arguments) if callable(mend) and isinstance(arguments, str) else arguments


def _result(agent: Any, tool: str, result: Any) -> Steps:
    if not isinstance(result, Mapping):
        return result
    content = result.get("content")
    read = yield from _read_content(agent, tool, content)
    return result if read is content else {**result, "content": read}


def _read_content(agent: Any, tool: str, content: Any) -> Steps:
    turn = TURN.get()
    value = content if isinstance(content, str | list | Mapping) or content is None else str(content)
    read = value
    for part in content_parts(value, Kind.TOOL_RESULT):
        message = Message(
            part.text,
            Kind.TOOL_RESULT,
            sender=tool,
            recipient=name_of(agent),
            conversation=turn.conversation,
            origins=(f"tool:{tool}",),
            trust=Trust.UNTRUSTED,
        )
        text = replacement((yield Ask(message, extra=part.findings)), "tool result")
        if text is not None:
            read = with_text(read, part.path, text)
    return content if read is value else _instead(content, read)


def _instead(content: Any, read: Any) -> Any:
    """Return a result that is more than text (a hand-off, a structured answer) with its text replaced."""
    if isinstance(content, str | list | Mapping) or not hasattr(content, "model_copy") or getattr(content, "message", None) != str(content):
        return read
    return content.model_copy(update={"message": read})


SEAMS: tuple[Seam, ...] = (
    Seam(
        "tool call",
        "execute_function",
        "arguments of a call before it is made, its result before it is read",
        calling,
        canary.through_call,
        callers=("generate_tool_calls_reply", "generate_function_call_reply"),
    ),
    Seam(
        "tool call (async)",
        "a_execute_function",
        "arguments of a call before it is made, its result before it is read",
        calling,
        canary.through_a_call,
        callers=("_a_execute_tool_call", "a_generate_function_call_reply"),
    ),
)
"""The seams through which an agent's tools are called."""

"""What stands in a message of classic AutoGen, part by part, and the same message with some parts replaced.

A message is a text, or a mapping whose `content` is a text, None or a list of parts, beside tool calls and their results. Reading one never
raises: what cannot be read is a part that says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from rune.content import OPAQUE_PART, UNDECODABLE, as_json
from rune.pipeline import InternalError
from rune.types import Category, Finding, Kind, Severity

Path = tuple[str | int, ...]

MAX_PARTS = 256
"""Parts read one by one; the rest of a message is read as one text and stands or falls together."""
MAX_DEPTH = 12
"""How deep texts are looked for inside one another."""

_NAME = re.compile(r"[A-Za-z0-9_.\-]{1,64}\Z")
_TEXT_TYPES = ("text", "input_text", "output_text")
_PLAIN_KEYS = frozenset({"content", "role", "name"})
_SEPARATORS = ("\n\n", "\n")
_WHOLE: Path = ()

TOO_MANY_PARTS = Finding(
    rule="RUNE-INPUT-003",
    category=Category.LIMITS,
    severity=Severity.MEDIUM,
    summary=f"a message with more than {MAX_PARTS} parts; the rest was read as one",
)
TOO_DEEP = Finding(
    rule="RUNE-INPUT-004",
    category=Category.LIMITS,
    severity=Severity.MEDIUM,
    summary=f"content nested deeper than {MAX_DEPTH}; what lies below was read as it prints",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a message that is read, and replaced, on its own."""

    text: str
    kind: Kind
    path: Path
    """Where it stands; the empty path is the whole message."""
    tool: str = ""
    """Name of the tool that is called or that answered."""
    arguments: Mapping[str, Any] | None = None
    """Arguments of a tool call as the tool would get them; None when they are not JSON."""
    call_id: str = ""
    """Identifier of the tool call that is made or answered."""
    across: bool = False
    """True for the parts before it read as one, as a model reads them; counts only when none of them was replaced."""
    findings: tuple[Finding, ...] = ()
    """What was noticed while reading."""

    @property
    def is_call(self) -> bool:
        """Return whether this part is a tool call, which is dropped from the message rather than rewritten when withheld."""
        return self.kind is Kind.TOOL_CALL

    @property
    def what(self) -> str:
        """Return how a notice calls it."""
        return _WHAT.get(self.kind, "message")


_WHAT = {Kind.TOOL_CALL: "tool call", Kind.TOOL_RESULT: "tool result", Kind.CODE: "code"}


@dataclass(frozen=True, slots=True)
class Change:
    """What stands in place of a part."""

    part: Part
    text: str
    withheld: bool = field(default=True)
    """False when the part was rewritten (redacted, modified by a reviewer) rather than withheld."""


def parts(message: Any) -> tuple[Part, ...]:
    """Return everything in a message that an agent could read or act on; at least one part, and never an exception."""
    if type(message) is str:
        return (Part(message, Kind.CHAT, _WHOLE),)
    try:
        return _bounded(_read(message if isinstance(message, Mapping) else dict(message)))
    except Exception as error:  # noqa: BLE001 - a message that breaks its reader is a finding, not a crash of the chat
        return (Part(_printed(message), Kind.CHAT, _WHOLE, findings=(InternalError("reading an AutoGen message", error).finding,)),)


def content_parts(content: Any, kind: Kind, path: Path = ()) -> tuple[Part, ...]:
    """Return the parts of a bare content value: a system message, what a tool returned."""
    try:
        return _bounded(_content(content, kind, path, 0))
    except Exception as error:  # noqa: BLE001 - as in parts
        return (Part(_printed(content), kind, path, findings=(InternalError("reading AutoGen content", error).finding,)),)


def _printed(value: Any) -> str:
    """Return a value as it prints: what is read of it when nothing better can be."""
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 - then there is no text in it that anybody could read
        return ""


def replaced(message: Any, changes: Sequence[Change]) -> Any:
    """Return a copy of a message with the changes made; the message itself stays as it is."""
    if type(message) is str or any(change.part.path == _WHOLE for change in changes):
        return withheld(message, changes[0].text)
    copied: dict[str, Any] = dict(message)
    for change in changes:
        if not (change.part.is_call and change.withheld):
            copied = cast("dict[str, Any]", with_text(copied, change.part.path, change.text))
    if any(change.part.path[0] == "tool_responses" for change in changes):
        copied = _with_joined_content(message, copied)
    return _without_calls(copied, [change for change in changes if change.part.is_call and change.withheld])


def withheld(message: Any, text: str) -> Any:
    """Return a message that holds nothing but `text`, of the same shape as far as a reader needs it."""
    if not isinstance(message, Mapping):
        return text
    role = message.get("role")
    return {"content": text, **({"role": role} if role in ("user", "assistant", "system") else {})}


def with_text(value: Any, path: Path, text: str) -> Any:
    """Return a copy of nested mappings and lists in which `text` stands at `path`; shares everything else with `value`."""
    if not path:
        return text
    step, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        return {**value, step: with_text(value.get(cast("str", step)), rest, text)}
    copied = list(value)
    index = cast("int", step)
    is_piece = not rest and isinstance(copied[index], Mapping)
    copied[index] = {"type": "text", "text": text} if is_piece else with_text(copied[index], rest, text)
    return copied


def parsed(arguments: Any) -> Mapping[str, Any] | None:
    """Return a tool call's arguments as a mapping; None when they are not the JSON of one."""
    if isinstance(arguments, Mapping):
        return arguments
    try:
        value = json.loads(arguments, strict=False)
    except (ValueError, TypeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _read(message: Mapping[str, Any]) -> Iterator[Part]:
    kind = Kind.TOOL_RESULT if message.get("role") in ("tool", "function") else Kind.CHAT
    content, name = message.get("content"), message.get("name")
    tool = str(name or "") if message.get("role") == "function" else ""
    if type(content) is str and message.keys() <= _PLAIN_KEYS:
        yield Part(content, kind, ("content",), tool)
    else:
        yield from _read_all(message, content(message.get("context")) if callable(content) else content, kind, tool)
    if isinstance(name, str) and not _NAME.match(name):
        yield Part(name, Kind.CHAT, ("name",))


def _read_all(message: Mapping[str, Any], content: Any, kind: Kind, tool: str) -> Iterator[Part]:
    responses = message.get("tool_responses")
    if not (responses and _is_joined(content, responses)):
        yield from _with_whole([replace(part, tool=tool) for part in _content(content, kind, ("content",), 0)])
    yield from _calls(message)
    yield from _responses(responses)
    yield from _context(message.get("context"))


def _with_whole(found: list[Part]) -> Iterator[Part]:
    yield from found
    texts = [part.text for part in found if part.text]
    if len(texts) > 1:
        yield Part("".join(texts), found[0].kind, found[0].path[:1], found[0].tool, across=True)


def _content(content: Any, kind: Kind, path: Path, depth: int) -> Iterator[Part]:
    if content is None:
        yield Part("", kind, path)
    elif isinstance(content, str):
        yield Part(str(content), kind, path)
    elif isinstance(content, bytes | bytearray):
        yield _undecoded(bytes(content), kind, path)
    elif depth >= MAX_DEPTH:
        yield Part(as_json(content), kind, path, findings=(TOO_DEEP,))
    elif isinstance(content, Mapping):
        yield from _piece(content, kind, path, depth)
    elif isinstance(content, list | tuple):
        for index, piece in enumerate(content):
            yield from _content(piece, kind, (*path, index), depth + 1)
    else:
        yield Part(str(content), kind, path)


def _undecoded(data: bytes, kind: Kind, path: Path) -> Part:
    text = data.decode("utf-8", "replace")
    return Part(text, kind, path, findings=(UNDECODABLE,) if "\N{REPLACEMENT CHARACTER}" in text else ())


def _piece(piece: Mapping[Any, Any], kind: Kind, path: Path, depth: int) -> Iterator[Part]:
    type_ = piece.get("type", "text")
    if type_ in _TEXT_TYPES and isinstance(piece.get("text"), str) and len(piece) <= 2:
        yield Part(piece["text"], kind, (*path, "text"))
    elif type_ == "image_url":
        yield _image(piece, kind, path)
    else:  # a shape of somebody's own: every text in it may be read
        for key, value in piece.items():
            if isinstance(value, str | bytes | Mapping | list | tuple) and key != "type":
                yield from _content(value, kind, (*path, key), depth + 1)
            if not (isinstance(key, str) and _NAME.match(key)):
                yield Part(str(key), kind, path)


def _image(piece: Mapping[Any, Any], kind: Kind, path: Path) -> Part:
    image = piece.get("image_url")
    url = image.get("url") if isinstance(image, Mapping) else image
    text = url if isinstance(url, str) else ""
    if text.startswith("data:image/") or not text:
        return Part("", kind, path, findings=(OPAQUE_PART,))
    return Part(text, kind, path, findings=(OPAQUE_PART,))


def _calls(message: Mapping[str, Any]) -> Iterator[Part]:
    calls = message.get("tool_calls")
    if isinstance(calls, list | tuple):
        for index, call in enumerate(calls):
            function = call.get("function") if isinstance(call, Mapping) else None
            yield from _call(call if function is None else function, ("tool_calls", index), call)
    elif calls:
        yield Part(as_json(calls), Kind.TOOL_CALL, ("tool_calls",))
    if function_call := message.get("function_call"):
        yield from _call(function_call, ("function_call",), message)


def _call(function: Any, path: Path, call: Any) -> Iterator[Part]:
    inner: Path = (*path, "function") if path[0] == "tool_calls" else path
    if not isinstance(function, Mapping):
        yield Part(as_json(function), Kind.TOOL_CALL, path)
        return
    name, arguments = str(function.get("name", "")), function.get("arguments")
    values = parsed(arguments)
    text = as_json(values) if values is not None else str(arguments or "")
    call_id = str(call.get("id") or "") if isinstance(call, Mapping) else ""
    yield Part(text, Kind.TOOL_CALL, (*inner, "arguments"), name, values, call_id)
    if not _NAME.match(name):
        yield Part(name, Kind.TOOL_CALL, (*inner, "name"), name)


def _responses(responses: Any) -> Iterator[Part]:
    if not isinstance(responses, list | tuple):
        if responses:
            yield Part(as_json(responses), Kind.TOOL_RESULT, ("tool_responses",))
        return
    for index, response in enumerate(responses):
        path: Path = ("tool_responses", index)
        if not isinstance(response, Mapping):
            yield from _content(response, Kind.TOOL_RESULT, path, 1)
            continue
        call_id = str(response.get("tool_call_id") or "")
        for part in _content(response.get("content"), Kind.TOOL_RESULT, (*path, "content"), 1):
            yield replace(part, tool=str(response.get("name") or ""), call_id=call_id)


def _context(context: Any) -> Iterator[Part]:
    """Yield the values that AutoGen fills into a message's template just before the model is called."""
    if isinstance(context, Mapping):
        for key, value in context.items():
            if isinstance(value, str | bytes | Mapping | list | tuple):
                yield from _content(value, Kind.CHAT, ("context", key), 1)


def _bounded(found: Iterator[Part]) -> tuple[Part, ...]:
    kept: list[Part] = []
    for part in found:
        if len(kept) == MAX_PARTS:
            rest = "\n".join((part.text, *(later.text for later in found)))
            return (*kept, Part(rest, Kind.CHAT, _WHOLE, findings=(TOO_MANY_PARTS,)))
        kept.append(part)
    return tuple(kept) or (Part("", Kind.CHAT, _WHOLE),)


def _is_joined(content: Any, responses: Any) -> bool:
    """Return whether `content` only repeats the tool results, as AutoGen writes it."""
    return isinstance(content, str) and any(content == separator.join(_texts(responses)) for separator in _SEPARATORS)


def _texts(responses: Any) -> list[str]:
    return [str(response.get("content", "")) for response in responses if isinstance(response, Mapping)]


def _with_joined_content(before: Mapping[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    content = before.get("content")
    for separator in _SEPARATORS:
        if isinstance(content, str) and content == separator.join(_texts(before["tool_responses"])):
            return {**after, "content": separator.join(_texts(after["tool_responses"]))}
    return after


def _without_calls(message: dict[str, Any], dropped: Iterable[Change]) -> dict[str, Any]:
    notices, indices = [], set()
    for change in dropped:
        notices.append(change.text)
        if change.part.path[0] == "function_call":
            message.pop("function_call", None)
        elif len(change.part.path) == 1:
            message.pop("tool_calls", None)
        else:
            indices.add(change.part.path[1])
    if indices:
        message["tool_calls"] = [call for index, call in enumerate(message["tool_calls"]) if index not in indices]
        if not message["tool_calls"]:
            del message["tool_calls"]
    return _with_notices(message, list(dict.fromkeys(notices)))


def _with_notices(message: dict[str, Any], notices: list[str]) -> dict[str, Any]:
    if not notices:
        return message
    content = message.get("content")
    if isinstance(content, list | tuple):
        return {**message, "content": [*content, *({"type": "text", "text": notice} for notice in notices)]}
    return {**message, "content": "\n".join([*([str(content)] if content else []), *notices])}

"""Everything an agent could read in a message is a part of its own; a replaced part leaves the rest as it was."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from rune.content import OPAQUE_PART, UNDECODABLE
from rune.integrations.autogen.message import (
    MAX_DEPTH,
    MAX_PARTS,
    TOO_DEEP,
    TOO_MANY_PARTS,
    Change,
    content_parts,
    parsed,
    parts,
    replaced,
    withheld,
)
from rune.types import Kind

CALL = {"id": "call_1", "type": "function", "function": {"name": "fetch", "arguments": '{"url": "http://x"}'}}
RESULT = {"tool_call_id": "call_1", "role": "tool", "content": "a page"}


def texts(message: Any) -> list[tuple[str, str]]:
    return [(part.kind.value, part.text) for part in parts(message) if not part.across]


@pytest.mark.parametrize(
    ("message", "found"),
    [
        pytest.param("Hello.", [("chat", "Hello.")], id="text"),
        pytest.param({"content": "Hello."}, [("chat", "Hello.")], id="mapping"),
        pytest.param({"content": "Hello.", "role": "user", "name": "coder"}, [("chat", "Hello.")], id="history entry"),
        pytest.param({"content": None, "role": "assistant"}, [("chat", "")], id="no content"),
        pytest.param({"role": "user"}, [("chat", "")], id="without content"),
        pytest.param({}, [("chat", "")], id="empty"),
        pytest.param(
            {"content": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,x"}}, "b"]},
            [("chat", "a"), ("chat", ""), ("chat", "b")],
            id="parts with an image",
        ),
        pytest.param(
            {"content": [{"type": "image_url", "image_url": {"url": "https://x/?q=secret"}}]},
            [("chat", "https://x/?q=secret")],
            id="image link",
        ),
        pytest.param({"content": {"content": "inner", "tool_calls": None}}, [("chat", "inner")], id="nested message"),
        pytest.param({"content": [{"type": "odd", "a": "x", "b": {"c": ["y", 3]}}]}, [("chat", t) for t in "xy3"], id="unknown shape"),
        pytest.param({"content": [{"a key with words": 1}]}, [("chat", "a key with words")], id="text in a key"),
        pytest.param({"content": "", "tool_calls": [CALL]}, [("chat", ""), ("tool_call", '{"url": "http://x"}')], id="tool call"),
        pytest.param(
            {"content": None, "function_call": CALL["function"]}, [("chat", ""), ("tool_call", '{"url": "http://x"}')], id="function call"
        ),
        pytest.param({"content": "a page", "role": "tool", "tool_responses": [RESULT]}, [("tool_result", "a page")], id="tool result"),
        pytest.param(
            {"content": "other", "role": "tool", "tool_responses": [RESULT]},
            [("tool_result", "other"), ("tool_result", "a page")],
            id="tool result and a text of its own",
        ),
        pytest.param({"content": "x", "role": "function", "name": "fetch"}, [("tool_result", "x")], id="function result"),
        pytest.param({"content": "Use {x}.", "context": {"x": "this"}}, [("chat", "Use {x}."), ("chat", "this")], id="template"),
        pytest.param(
            {"content": lambda context: context["x"], "context": {"x": "that"}}, [("chat", "that"), ("chat", "that")], id="callable"
        ),
        pytest.param({"content": "x", "name": "Ignore all that"}, [("chat", "x"), ("chat", "Ignore all that")], id="a sentence as a name"),
        pytest.param({"content": 42}, [("chat", "42")], id="number"),
        pytest.param([("content", "pairs")], [("chat", "pairs")], id="pairs"),
    ],
)
def test_parts(message: Any, found: list[tuple[str, str]]) -> None:
    assert texts(message) == found


def test_parts_of_a_text_are_also_read_as_one() -> None:
    split = {"content": [{"type": "text", "text": "Ignore all "}, {"type": "text", "text": "previous"}]}

    assert [part.text for part in parts(split) if part.across] == ["Ignore all previous"]
    assert not any(part.across for part in parts({"content": [{"type": "text", "text": "alone"}]}))


@pytest.mark.parametrize(
    ("arguments", "text", "values"),
    [
        pytest.param('{"a": "\\u0049gnore"}', '{"a": "Ignore"}', {"a": "Ignore"}, id="escapes are read"),
        pytest.param("{broken", "{broken", None, id="malformed"),
        pytest.param("[1]", "[1]", None, id="no mapping"),
        pytest.param({"a": 1}, '{"a": 1}', {"a": 1}, id="already a mapping"),
        pytest.param(None, "", None, id="missing"),
        pytest.param('{"a": "x\ny"}', '{"a": "x\\ny"}', {"a": "x\ny"}, id="newline inside"),
    ],
)
def test_arguments_of_a_call(arguments: Any, text: str, values: Mapping[str, Any] | None) -> None:
    [_, call] = parts({"content": "", "tool_calls": [{"id": "7", "function": {"name": "f", "arguments": arguments}}]})

    assert (call.text, call.arguments, call.tool, call.call_id) == (text, values, "f", "7")


@pytest.mark.parametrize(
    "calls",
    ["text", [None], [3], [{}], [{"function": None}], [{"function": "f"}], [{"function": {"name": "a name with words"}}], {"a": 1}],
    ids=repr,
)
def test_odd_tool_calls_are_read_somehow(calls: Any) -> None:
    assert any(part.kind is Kind.TOOL_CALL for part in parts({"content": "", "tool_calls": calls}))


class Hostile:
    def __str__(self) -> str:
        raise RuntimeError("no")

    __repr__ = __str__
    __iter__ = __str__


@pytest.mark.parametrize("message", [Hostile(), None, 7, object(), {"content": Hostile()}, {"content": [Hostile()]}], ids=lambda _: "odd")
def test_a_message_that_breaks_its_reader_is_a_finding(message: Any) -> None:
    [part] = parts(message)

    assert part.path == ()
    assert [finding.category.value for finding in part.findings] == ["internal_error"]


def test_what_cannot_be_read_is_said() -> None:
    deep: Any = "deep"
    for _ in range(MAX_DEPTH + 1):
        deep = [deep]
    many = [{"type": "text", "text": str(number)} for number in range(MAX_PARTS + 5)]

    assert parts({"content": b"\xff"})[0].findings == (UNDECODABLE,)
    assert parts({"content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,x"}}]})[0].findings == (OPAQUE_PART,)
    assert parts({"content": deep})[0].findings == (TOO_DEEP,)
    assert parts({"content": many})[-1].findings == (TOO_MANY_PARTS,)
    assert "260" in parts({"content": many})[-1].text


MESSAGE = {
    "content": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "http://x"}}],
    "role": "user",
    "extra": [1],
}


def change(message: Any, index: int, text: str = "X", *, withheld: bool = True) -> Change:
    return Change(parts(message)[index], text, withheld)


@pytest.mark.parametrize(
    ("message", "index", "result"),
    [
        pytest.param("text", 0, "X", id="text"),
        pytest.param({"content": "a", "role": "user", "odd": 1}, 0, {"content": "X", "role": "user", "odd": 1}, id="content"),
        pytest.param(MESSAGE, 0, {**MESSAGE, "content": [{"type": "text", "text": "X"}, MESSAGE["content"][1]]}, id="text part"),
        pytest.param(MESSAGE, 1, {**MESSAGE, "content": [MESSAGE["content"][0], {"type": "text", "text": "X"}]}, id="image part"),
        pytest.param({"content": "", "tool_calls": [CALL]}, 1, {"content": "X"}, id="only call"),
        pytest.param({"content": None, "function_call": CALL["function"]}, 1, {"content": "X"}, id="function call"),
        pytest.param(
            {"content": "a", "tool_calls": [CALL, {**CALL, "id": "2"}]},
            1,
            {"content": "a\nX", "tool_calls": [{**CALL, "id": "2"}]},
            id="one of two calls",
        ),
        pytest.param(
            {"content": [{"type": "text", "text": "a"}], "tool_calls": [CALL]},
            1,
            {"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "X"}]},
            id="call beside parts",
        ),
        pytest.param(
            {"content": "a page\n\nb", "role": "tool", "tool_responses": [RESULT, {**RESULT, "content": "b"}]},
            0,
            {"content": "X\n\nb", "role": "tool", "tool_responses": [{**RESULT, "content": "X"}, {**RESULT, "content": "b"}]},
            id="result and the content that repeats it",
        ),
        pytest.param({"content": "x", "context": {"a": "b"}}, 1, {"content": "x", "context": {"a": "X"}}, id="template value"),
        pytest.param({"role": "user"}, 0, {"role": "user", "content": "X"}, id="no content"),
    ],
)
def test_replaced(message: Any, index: int, result: Any) -> None:
    before = copy.deepcopy(message)

    assert replaced(message, [change(message, index)]) == result
    assert message == before


def test_rewritten_arguments_stay_a_call() -> None:
    message = {"content": "", "tool_calls": [CALL]}

    made = replaced(message, [change(message, 1, '{"url": "[REDACTED]"}', withheld=False)])

    assert made["tool_calls"][0]["function"] == {"name": "fetch", "arguments": '{"url": "[REDACTED]"}'}


@pytest.mark.parametrize(
    ("message", "result"),
    [
        ("text", "X"),
        ({"content": "a", "role": "user", "tool_calls": [CALL]}, {"content": "X", "role": "user"}),
        ({"content": "a", "role": "tool", "tool_responses": []}, {"content": "X"}),
        (7, "X"),
    ],
    ids=repr,
)
def test_withheld_leaves_nothing_else(message: Any, result: Any) -> None:
    assert withheld(message, "X") == result


def test_a_bare_content_is_read_with_its_kind() -> None:
    assert [(part.kind, part.text, part.path) for part in content_parts(["a", {"type": "text", "text": "b"}], Kind.SYSTEM)] == [
        (Kind.SYSTEM, "a", (0,)),
        (Kind.SYSTEM, "b", (1, "text")),
    ]


@pytest.mark.parametrize("arguments", ["", "nope", "[1]", 7, None, "[" * 100_000], ids=lambda value: str(value)[:6])
def test_what_is_no_mapping_is_not_parsed(arguments: Any) -> None:
    assert parsed(arguments) is None

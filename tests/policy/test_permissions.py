"""What an agent may do."""

from __future__ import annotations

from typing import Any

import pytest

from rune.policy.model import Agent
from rune.policy.permissions import NOT_PERMITTED, PERMISSION, permits, refused
from rune.types import Category, Kind, Message


@pytest.mark.parametrize("permission", ["*", "code", "tool", "code.*", "tool.*", "code.python", "tool.web_fetch", "tool.web_*", "tool.a.b"])
def test_permissions(permission: str) -> None:
    assert PERMISSION.match(permission)


@pytest.mark.parametrize("word", ["", "python", "code.", "codepython", "tool.a b", "tool.*a", "**", "shell.python", "code.python\n"])
def test_no_permissions(word: str) -> None:
    assert not PERMISSION.match(word)


@pytest.mark.parametrize(
    ("permission", "act", "covered"),
    [
        ("*", "code.python", True),
        ("code", "code.python", True),
        ("code.*", "code.python", True),
        ("code.python", "code.python", True),
        ("code.python", "code.python3", False),
        ("code.python", "code.shell", False),
        ("tool.web_*", "tool.web_fetch", True),
        ("tool.web_*", "tool.shell", False),
        ("tool.fetch", "tool.fetch.evil", False),
        ("code", "tool.fetch", False),
    ],
)
def test_permits(permission: str, act: str, covered: bool) -> None:
    assert permits(permission, act) is covered


def code(language: Any, sender: str = "coder") -> Message:
    return Message("x", Kind.CODE, sender=sender, metadata={"language": language})


def call(tool: Any, sender: str = "coder") -> Message:
    return Message("x", Kind.TOOL_CALL, sender=sender, metadata={"tool": tool})


@pytest.mark.parametrize(
    ("message", "may", "found"),
    [
        pytest.param(code("python"), ("code.python",), False, id="its language"),
        pytest.param(code("Python3"), ("code.python",), False, id="its language by another name"),
        pytest.param(code("bash"), ("code.shell",), False, id="a shell is a shell"),
        pytest.param(code("bash"), ("code.python",), True, id="another language"),
        pytest.param(code(""), ("code.python",), True, id="an unknown language"),
        pytest.param(code(None), ("code",), False, id="any code"),
        pytest.param(call("fetch"), ("tool.fetch",), False, id="its tool"),
        pytest.param(call("shell"), ("tool.fetch", "code"), True, id="another tool"),
        pytest.param(call(["x"]), ("tool.fetch",), True, id="a tool that is no name"),
        pytest.param(code("python"), (), True, id="nothing at all"),
        pytest.param(code("python"), None, False, id="anything"),
        pytest.param(code("python", "stranger"), (), False, id="an agent that the policy does not know"),
        pytest.param(Message("x", Kind.CHAT, sender="coder"), (), False, id="talk needs no permission"),
    ],
)
def test_an_act_without_permission_is_a_finding(message: Message, may: tuple[str, ...] | None, found: bool) -> None:
    assert (refused(message, {"coder": Agent(may=may)}) is not None) is found


def test_the_finding_says_who_and_what() -> None:
    finding = refused(call("we`\x1b[2Jird"), {"coder": Agent(may=())})
    assert finding is not None
    assert (finding.rule, finding.category) == (NOT_PERMITTED, Category.FLOW)
    assert finding.summary.startswith("agent `coder` may not do `tool.we'")
    assert finding.summary.isprintable()

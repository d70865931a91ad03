"""Fenced blocks, as the two AutoGen extractors find them."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rune.code import CodeBlock, blocks

CLASSIC = re.compile(r"```[ \t]*(\w+)?[ \t]*\r?\n(.*?)\r?\n[ \t]*```", re.DOTALL)
"""`CODE_BLOCK_PATTERN` of autogen 0.14.1, ag2 0.11.5 and autogen-agentchat 0.2.40, the reference for this test only."""
LATER = re.compile(r"```(?:\s*([\w\+\-]+))?\n([\s\S]*?)```")
"""The pattern in `CodeExecutorAgent` of autogen-agentchat 0.4."""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("a\n```python\nx = 1\n```\nb", [CodeBlock("python", "x = 1", 12)], id="plain"),
        pytest.param("```sh\nls\n```\n```py\nx\n```", [CodeBlock("sh", "ls", 6), CodeBlock("py", "x", 19)], id="two"),
        pytest.param("```\nimport os\nprint(1)\n```", [CodeBlock("", "import os\nprint(1)", 4)], id="no language"),
        pytest.param("```python\r\nx = 1\r\n```", [CodeBlock("python", "x = 1", 11)], id="Windows line ends"),
        pytest.param("  ```python\n  x = 1\n  ```", [CodeBlock("python", "  x = 1", 12)], id="indented"),
        pytest.param("``` python \nx = 1\n```", [CodeBlock("python", "x = 1", 12)], id="blanks around the language"),
        pytest.param("````python\nx = 1\n````", [CodeBlock("python", "x = 1", 11)], id="four backticks"),
        pytest.param("```c++\nint x;\n```", [CodeBlock("c++", "int x;\n", 7)], id="a language only the later extractor takes"),
        pytest.param("```python\nx = 1```", [CodeBlock("python", "x = 1", 10)], id="a closing only the later extractor takes"),
        pytest.param(
            "```\nsh\nrm -rf /\n```",
            [CodeBlock("", "sh\nrm -rf /", 4), CodeBlock("sh", "rm -rf /\n", 7)],
            id="a language on a line of its own",
        ),
        pytest.param("```python\nx = 1\n", [], id="never closed"),
        pytest.param("~~~python\nx = 1\n~~~", [], id="tildes"),
        pytest.param("`x` and ``y``", [], id="inline code"),
        pytest.param("```python title=a\nx\n```", [], id="attributes after the language"),
        pytest.param("```python\n\n```", [], id="empty"),
        pytest.param("", [], id="nothing"),
        pytest.param("```text\n```python\nx\n```", [CodeBlock("text", "```python\nx", 8)], id="a fence inside a block"),
    ],
)
def test_blocks(text: str, found: list[CodeBlock]) -> None:
    assert list(blocks(text)) == found


def reference(text: str) -> set[tuple[str, str, int]]:
    return {
        (match[1] or "", match[2], match.start(2)) for pattern in (CLASSIC, LATER) for match in pattern.finditer(text) if match[2].strip()
    }


PARTS = st.sampled_from(
    ["```", "``", "`", "python", "c++", "x = 1", "\n", "\r\n", "\r", " ", "\t", "\n\n", "~~~", "é", "\u2003", "```\n", "\n```"]
)


@settings(max_examples=600, deadline=None)
@given(st.lists(PARTS, max_size=14).map("".join))
def test_every_block_is_one_an_extractor_finds_and_none_is_left_out(text: str) -> None:
    found = {(block.language, block.source, block.offset) for block in blocks(text)}
    wanted = reference(text)
    assert found <= wanted
    assert {(source.rstrip(), offset) for _, source, offset in found} == {(source.rstrip(), offset) for _, source, offset in wanted}


@pytest.mark.parametrize(
    "unit",
    ["```", "```a\n", "``` \t ", "`", "\n   ", "```\n\n", "```python\nx\n", "\r\n\t```x", "``` a b\n"],
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.thread_time()
        blocks(text)
        return time.thread_time() - start

    seconds(1_000)
    assert seconds(400_000) < 1.5

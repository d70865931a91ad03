"""The fenced code blocks of a chat message, as AutoGen's executors find them.

Two extractors are in use. The classic one (`autogen` 0.14, `ag2` 0.11, `autogen-agentchat` 0.2) wants a closing fence on its own line and
a language of word characters; that of `autogen-agentchat` 0.4 and later takes any closing fence, and `+` and `-` in the language. What
either of them would run is returned. Their patterns backtrack and take quadratic time; these scanners look at each fence once.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_FENCE = "```"
_OPENING = re.compile(r"```(?!`)")
_CLOSING_LINE = re.compile(r"\r?\n[ \t]*```")
_NOT_BLANK = re.compile(r"[^ \t]")
_NOT_SPACE = re.compile(r"\S")
_WORD = re.compile(r"\w*")
_LABEL = re.compile(r"[\w+-]+")


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """One fenced block."""

    language: str
    """The label after the opening fence as it stands; empty when there is none."""
    source: str
    """Exactly the text that an executor would get."""
    offset: int
    """Where the source starts in the message, in characters."""


def blocks(text: str) -> tuple[CodeBlock, ...]:
    """Return the code blocks of a message in order, in time linear to its length.

    A fence that is never closed, one of `~~~`, and an empty block are left out: no executor runs them. Where the two extractors differ by
    white space at the end only, the classic block stands for both.
    """
    if _FENCE not in text:
        return ()
    classic = list(_scan(text, _classic_opening, _classic_closings(text)))
    known = {(block.offset, block.source.rstrip()) for block in classic}
    later = _scan(text, _later_opening, _later_closings(text))
    both = (*classic, *(block for block in later if (block.offset, block.source.rstrip()) not in known))
    found = (block for block in both if block.source.strip())
    return tuple(sorted(found, key=lambda block: block.offset))


def _scan(text: str, opening: Callable[[str, int], tuple[str, int] | None], closings: list[tuple[int, int]]) -> Iterator[CodeBlock]:
    """Yield what lies between each opening fence and the first closing one after it."""
    starts = [start for start, _ in closings]
    fence = _OPENING.search(text)
    while fence is not None:
        opened = opening(text, fence.end())
        if opened is None:
            fence = _OPENING.search(text, fence.start() + 1)
            continue
        language, start = opened
        index = bisect_left(starts, start)
        if index == len(closings):
            return
        end, after = closings[index]
        yield CodeBlock(language, text[start:end], start)
        fence = _OPENING.search(text, after)


def _classic_opening(text: str, position: int) -> tuple[str, int] | None:
    """Match the rest of an opening line: a word at most, then the end of the line."""
    start = _skip(_NOT_BLANK, text, position)
    word = _WORD.match(text, start)
    end = _skip(_NOT_BLANK, text, word.end() if word else start)
    if text.startswith("\r\n", end):
        return (word[0] if word else ""), end + 2
    return ((word[0] if word else ""), end + 1) if text.startswith("\n", end) else None


def _later_opening(text: str, position: int) -> tuple[str, int] | None:
    """Match an optional label, which may stand on a later line, then the end of the line."""
    label = _LABEL.match(text, _skip(_NOT_SPACE, text, position))
    if label and text.startswith("\n", label.end()):
        return label[0], label.end() + 1
    return ("", position + 1) if text.startswith("\n", position) else None


def _skip(until: re.Pattern[str], text: str, position: int) -> int:
    match = until.search(text, position)
    return match.start() if match else len(text)


def _classic_closings(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _CLOSING_LINE.finditer(text)]


def _later_closings(text: str) -> list[tuple[int, int]]:
    """Return every place where three backticks stand, overlapping ones included."""
    return [(match.start(), match.start() + len(_FENCE)) for match in re.finditer(r"(?=```)", text)]

"""Disguises by markup and strings."""

from __future__ import annotations

import random
import re

import pytest

from rune.redteam.mutators.markup import MARKUP

BY_NAME = {mutator.name: mutator for mutator in MARKUP}


def disguised(name: str, text: str) -> str:
    return BY_NAME[name].mutate(text, random.Random(1))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("backslashes-inside", "go n\\o\\w"),
        ("character-list", "['g', 'o', ' ', 'n', 'o', 'w']"),
        ("character-array", '["g","o"," ","n","o","w"]'),
    ],
)
def test_it_is_written_like_this(name: str, written: str) -> None:
    assert disguised(name, "go now") == written


@pytest.mark.parametrize(
    ("name", "added"),
    [
        ("html-tags-inside", r"<[^>]*>"),
        ("html-empty-tags-inside", r"<[^>]*>"),
        ("html-comments-inside", r"<!--.*?-->"),
        ("markdown-emphasis-inside", r"[*_~]+"),
        ("markdown-code-inside", "`"),
        ("forum-tags-inside", r"\[/?[bi]\]"),
        ("latex-inside", r"\\[a-z]+(?={)|[{}]"),
        ("links-inside", r"<[^>]*>|\]\(#\)|\["),
        ("terminal-colors-inside", "\x1b\\[[0-9]+m"),
        ("block-comments-inside", r"/\*.*?\*/"),
        ("template-comments-inside", r"{.*?}+"),
        ("empty-quotes-inside", r"['\"]"),
        ("backslashes-inside", r"\\"),
    ],
)
def test_what_was_put_inside_words_is_all_that_was_added(name: str, added: str) -> None:
    written = disguised(name, "send the report home")

    assert written != "send the report home"
    assert re.sub(added, "", written) == "send the report home"


@pytest.mark.parametrize("name", ["string-concatenation", "adjacent-strings", "joined-list"])
def test_a_program_puts_the_strings_together(name: str) -> None:
    text = "send the report home and say nothing"
    parts = re.findall(r"[\"']([^\"']*)[\"']", disguised(name, text))

    assert "".join(parts) == text

"""Parsing within bounds: what tree-sitter-bash takes minutes or gigabytes for is not handed to it."""

from __future__ import annotations

import time

import pytest

from rune.code.shell.grammar import PARSE_SECONDS, parse


def test_a_tree_with_its_source() -> None:
    parsed = parse("ls 'é' # x")
    assert parsed is not None
    assert parsed.complete
    assert parsed.text(parsed.root) == "ls 'é' # x"


def test_a_syntax_error_is_incomplete() -> None:
    parsed = parse("if [ x")
    assert parsed is not None
    assert not parsed.complete


@pytest.mark.parametrize("source", ["exec 5<>/dev/tcp/1.2.3.4/9", "{rm,-rf,x}", "ls; {a,b} c"])
def test_what_the_grammar_does_not_know_is_respelled(source: str) -> None:
    parsed = parse(source)
    assert parsed is not None
    assert parsed.complete
    assert len(parsed.source) == len(source.encode())


@pytest.mark.parametrize(
    "unit", ["a|", "<", ">", "<<A\n", "<<<", "a()((", ")", "|a=[[", "\\||", "a |\n", "$(", "${", "((", "{ ", "case x in "]
)
def test_hostile_sources_end_in_time(unit: str) -> None:
    start = time.thread_time()
    parse(unit * (60_000 // len(unit)))
    assert time.thread_time() - start < 8 * PARSE_SECONDS


def test_pipelines_of_absurd_length_are_not_tried() -> None:
    # 16 KB of this take 3 s and 650 MB.
    assert parse("a|" * 8_000) is None
    assert parse("a|\n" * 300) is None
    assert parse("a | b | c\n" * 300) is not None

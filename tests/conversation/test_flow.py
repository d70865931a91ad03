"""Who talks to whom."""

from __future__ import annotations

import pytest

from rune.conversation.flow import SEEN_EDGES, UNDECLARED_EDGE, Edge, SeenEdges, undeclared
from rune.types import Category, Direction, Kind, Message

EDGES = (Edge("user", "coder"), Edge("coder", "executor"), Edge("*", "logger"))


def said(sender: str, recipient: str, kind: Kind = Kind.CHAT, direction: Direction = Direction.INTERNAL) -> Message:
    return Message("hello", kind, direction, sender, recipient)


@pytest.mark.parametrize(
    ("text", "edge"),
    [
        pytest.param("a -> b", Edge("a", "b"), id="an edge"),
        pytest.param("a->b", Edge("a", "b"), id="without spaces"),
        pytest.param("web surfer -> the coder", Edge("web surfer", "the coder"), id="names with spaces"),
        pytest.param("* -> b", Edge("*", "b"), id="from anyone"),
    ],
)
def test_an_edge_is_read_and_written_alike(text: str, edge: Edge) -> None:
    assert Edge.parse(text) == edge
    assert Edge.parse(str(edge)) == edge


@pytest.mark.parametrize("text", ["", "a", "a -> ", "-> b", "a -> b -> c", "a <- b", "a => b"])
def test_anything_else_is_no_edge(text: str) -> None:
    with pytest.raises(ValueError, match="sender -> recipient"):
        Edge.parse(text)


@pytest.mark.parametrize(
    ("message", "found"),
    [
        pytest.param(said("user", "coder"), False, id="declared"),
        pytest.param(said("coder", "user"), True, id="the other way round"),
        pytest.param(said("web", "coder"), True, id="a stranger"),
        pytest.param(said("web", "logger"), False, id="anyone may"),
        pytest.param(said("", "coder"), True, id="nobody's message"),
        pytest.param(said("web", ""), False, id="to nobody in particular"),
        pytest.param(said("web", "web"), False, id="to itself"),
        pytest.param(said("web", "coder", Kind.TOOL_CALL), False, id="a tool call is no talk"),
        pytest.param(said("web", "coder", direction=Direction.INBOUND), False, id="from outside the group"),
    ],
)
def test_a_message_beside_the_declared_edges_is_a_finding(message: Message, found: bool) -> None:
    finding = undeclared(message, EDGES)
    assert (finding is not None) is found


def test_the_finding_names_both_ends_safely() -> None:
    finding = undeclared(said("we\x1b[2Jb", "coder"), EDGES)
    assert finding is not None
    assert (finding.rule, finding.category) == (UNDECLARED_EDGE, Category.FLOW)
    assert finding.summary.isprintable()
    assert "`coder`" in finding.summary


def test_seen_edges_are_counted_busiest_first() -> None:
    seen = SeenEdges()
    for message in (said("a", "b"), said("b", "a"), said("b", "a"), said("a", ""), said("a", "a")):
        seen.record(message)
    assert seen.edges() == (Edge("b", "a"), Edge("a", "b"))


def test_seen_edges_are_bounded() -> None:
    seen = SeenEdges()
    for number in range(SEEN_EDGES + 50):
        seen.record(said(f"agent-{number}", "hub"))
    assert len(seen.edges()) == SEEN_EDGES

"""Who talks to whom: the edges a policy declares, and the edges that were seen."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rune.conversation.naming import agent, kept
from rune.types import Category, Direction, Finding, Kind, Message, Severity

UNDECLARED_EDGE = "RUNE-FLOW-001"
SEEN_EDGES = 1_000
"""Edges remembered; a group of 30 agents in which everyone talks to everyone has 870."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A permission for one agent to talk to another; `*` stands for any agent."""

    sender: str
    recipient: str

    def __str__(self) -> str:
        """Return the edge as a policy writes it."""
        return f"{self.sender} -> {self.recipient}"

    @classmethod
    def parse(cls, text: str) -> Edge:
        """Read `sender -> recipient`.

        Raises:
            ValueError: the text is no edge.
        """
        sender, arrow, recipient = (part.strip() for part in text.partition("->"))
        if not arrow or not sender or not recipient or "->" in recipient:
            raise ValueError("an edge is `sender -> recipient`, with `*` for any agent")
        return cls(sender, recipient)

    def allows(self, sender: str, recipient: str) -> bool:
        """Return whether a message from `sender` to `recipient` goes along this edge."""
        return self.sender in ("*", sender) and self.recipient in ("*", recipient)


def travels(message: Message) -> bool:
    """Return whether a message goes along an edge: said inside the group, to somebody else."""
    said_inside = message.kind is Kind.CHAT and message.direction is Direction.INTERNAL
    return said_inside and message.recipient not in ("", message.sender)


def undeclared(message: Message, edges: Iterable[Edge]) -> Finding | None:
    """Return a finding when a message goes along none of `edges`, else None. A message without a sender goes along `*` edges only."""
    if not travels(message) or any(edge.allows(message.sender, message.recipient) for edge in edges):
        return None
    return Finding(
        rule=UNDECLARED_EDGE,
        category=Category.FLOW,
        severity=Severity.HIGH,
        summary=f"{agent(message.sender)} may not talk to {agent(message.recipient)}",
        remediation="If this edge is meant, add it to `flow.edges` in the policy.",
        references=("OWASP-ASI07",),
    )


class SeenEdges:
    """The edges that messages went along, with their counts; what `flow: {mode: learn}` is for. Thread-safe and bounded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()

    def record(self, message: Message) -> None:
        """Count a message on its edge; a new edge beyond `SEEN_EDGES` is not remembered."""
        if not travels(message):
            return
        edge = (kept(message.sender), kept(message.recipient))
        with self._lock:
            if edge in self._counts or len(self._counts) < SEEN_EDGES:
                self._counts[edge] += 1

    def edges(self) -> tuple[Edge, ...]:
        """Return the edges seen, the busiest first."""
        with self._lock:
            ordered = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        return tuple(Edge(*names) for names, _ in ordered)

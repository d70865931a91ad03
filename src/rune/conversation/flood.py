"""How fast a conversation may go: messages of one agent, and of all together, in any 60 seconds."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator

from rune.conversation.budget import over
from rune.conversation.naming import agent, kept
from rune.limits import ConversationLimits
from rune.types import Finding, Severity

AGENT_RATE = "RUNE-LIMIT-003"
TOTAL_RATE = "RUNE-LIMIT-004"

SECONDS = 60.0
AGENTS = 256
"""Agents counted one by one; when all of them spoke within the last minute, further names share one count."""


class Rate:
    """Tells whether more than `limit` events fell into any 60 seconds; keeps the times of the last `limit` of them."""

    def __init__(self, limit: int) -> None:
        self._times: deque[float] = deque(maxlen=limit)

    def exceeded(self, now: float) -> bool:
        """Count an event; True when it is one too many. Refused events count too, so a flood stays over the limit while it lasts."""
        times = self._times
        full = len(times) == times.maxlen and (not times or now - times[0] < SECONDS)
        times.append(now)
        return full

    def idle(self, now: float) -> bool:
        """Return whether nothing was counted in the last 60 seconds, so that forgetting it changes no answer."""
        return not self._times or now - self._times[-1] >= SECONDS


class Flood:
    """Rates of one conversation, per agent and in all."""

    def __init__(self, limits: ConversationLimits) -> None:
        self._limit = limits.messages_per_minute
        self._total_limit = limits.total_messages_per_minute
        self._agents: OrderedDict[str, Rate] = OrderedDict()
        self._others = Rate(self._limit or 0)
        self._total = Rate(self._total_limit or 0)

    def count(self, sender: str, now: float) -> Iterator[Finding]:
        """Count a message of `sender`; yield a finding for every rate that it is over."""
        if self._limit is not None and self._rate(sender, self._limit, now).exceeded(now):
            summary = f"{agent(sender)} sent more than {self._limit} messages in a minute"
            yield over(AGENT_RATE, summary, "messages_per_minute", Severity.HIGH)
        if self._total_limit is not None and self._total.exceeded(now):
            summary = f"a conversation with more than {self._total_limit} messages in a minute"
            yield over(TOTAL_RATE, summary, "total_messages_per_minute", Severity.HIGH)

    def _rate(self, sender: str, limit: int, now: float) -> Rate:
        name = kept(sender)
        known = self._agents.get(name)
        if known is None:
            return self._new(name, limit, now)
        self._agents.move_to_end(name)
        return known

    def _new(self, name: str, limit: int, now: float) -> Rate:
        if len(self._agents) >= AGENTS:
            oldest = next(iter(self._agents))
            if not self._agents[oldest].idle(now):
                return self._others  # forgetting a busy agent would let a flood start afresh under new names
            del self._agents[oldest]
        return self._agents.setdefault(name, Rate(limit))

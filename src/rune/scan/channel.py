"""Where a text stands: in the user's own turn, in data that an agent reads, or in what another agent says.

The same sentence is a request in the first, an attack in the second, and a matter of who may order what in the third.
"""

from __future__ import annotations

from rune.types import Direction, Kind, Message, Trust, Word


class Channel(Word):
    """The place a message has in a conversation."""

    USER = "user"
    """The turn of the human whom the group works for."""
    AGENT = "agent"
    """What one agent says to another."""
    DATA = "data"
    """What an agent reads: a tool's result, a document, memory, text of the web. It informs; it has no orders to give."""


_READ = frozenset({Kind.TOOL_RESULT, Kind.DOCUMENT, Kind.MEMORY})
_OUTSIDE = ("web", "tool", "file", "memory", "email")


def channel(message: Message) -> Channel:
    """Return the channel of a message, from its kind, its origins, its direction and its trust.

    One origin outside the group makes it data, whoever repeats it: a report that quotes a web page is as trustworthy as the page.
    """
    if message.kind in _READ or any(origin.partition(":")[0] in _OUTSIDE for origin in message.origins):
        return Channel.DATA
    if message.kind is Kind.CHAT and (message.direction is Direction.INBOUND or message.origins == ("user",)):
        return Channel.USER
    return Channel.USER if message.trust is Trust.TRUSTED and message.kind is Kind.CHAT else Channel.AGENT

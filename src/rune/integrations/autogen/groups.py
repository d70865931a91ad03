"""The seams of group chats and patterns: messages put into a group directly, and the agents AutoGen makes behind the scenes."""

from __future__ import annotations

from typing import Any

from rune.integrations.autogen import canary
from rune.integrations.autogen.arguments import argument, replaced
from rune.integrations.autogen.guard import Envelope, Guard
from rune.integrations.autogen.memory import TURN, name_of
from rune.integrations.base import Proceed, Seam, Steps


def appending(guard: Guard, _: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    """Read a message that is put into the group's history and did not come through a delivery."""
    message, speaker = argument(args, kwargs, 0, "message"), argument(args, kwargs, 1, "speaker")
    read = yield from guard.reading(message, Envelope(name_of(speaker), "", TURN.get().conversation))
    args, kwargs = replaced(args, kwargs, 0, "message", read)
    return (yield Proceed(args, kwargs))


def is_known(guard: Guard, _: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Return whether a message was read when it was delivered."""
    return guard.knows(argument(args, kwargs, 0, "message"))


def selecting(guard: Guard, _: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    """Guard the two agents that AutoGen makes for each selection of a speaker."""
    made = yield Proceed(args, kwargs)
    for agent in made:
        guard.adopt(agent)
    return made


def assembling(guard: Guard, _: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    """Guard everything that a pattern puts together for a run: wrapped agents, tool executor, temporary users, group and manager."""
    made = yield Proceed(args, kwargs)
    for item in made if isinstance(made, tuple) else ():
        for thing in item if isinstance(item, list) else (item,):
            guard.adopt(thing)
    return made


GROUP_CHAT: tuple[Seam, ...] = (
    Seam("group history", "append", "messages put into the group directly", appending, canary.through_append, idle=is_known),
    Seam(
        "speaker selection",
        "_create_internal_agents",
        "the agents that choose the next speaker",
        selecting,
        callers=("_auto_select_speaker", "a_auto_select_speaker"),
    ),
)
"""The seams of a group chat."""

PATTERN: tuple[Seam, ...] = (Seam("pattern", "prepare_group_chat", "every agent the pattern assembles for a run", assembling),)
"""The seam of a pattern."""

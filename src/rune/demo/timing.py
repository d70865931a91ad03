"""How long a message takes longer with Rune: the same AutoGen group chat of 1 KB messages with and without the guard."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autogen import Agent, ConversableAgent, GroupChat, GroupChatManager

from rune.demo.team import quiet
from rune.limits import ConversationLimits
from rune.policy.load import load_policy
from rune.shield import Shield

ROUNDS = 60
"""Messages in one measured chat."""
REPEATS = 5
"""Chats on each side, in turn; the fastest of each are compared, so that what else the machine does counts little."""
CHARS = 1000
WORDS = ("revenue", "rose", "in", "the", "second", "quarter", "because", "orders", "from", "the", "north", "came", "early", "and", "stayed")


@dataclass(frozen=True, slots=True)
class AddedTime:
    """Microseconds for one delivered message of 1 KB in a group chat of three agents, transcript included."""

    unguarded_us: float
    guarded_us: float

    @property
    def added_us(self) -> float:
        """What Rune adds."""
        return self.guarded_us - self.unguarded_us


def added_time(transcript: Path) -> AddedTime:
    """Measure; takes well under a second."""
    unlimited = replace(load_policy("balanced"), limits=ConversationLimits())
    shield = Shield(policy=unlimited, transcript=transcript)
    pairs = [(_chat(lambda _: None), _chat(shield.guard)) for _ in range(REPEATS)]
    shield.close()
    return AddedTime(*(round(min(side) * 1e6 / ROUNDS, 1) for side in zip(*pairs, strict=True)))


def _chat(guard: Callable[[GroupChatManager], Any]) -> float:
    with quiet():
        talkers = [_talker(name) for name in ("anna", "ben", "carla")]
        chat = GroupChat(agents=list[Agent](talkers), messages=[], max_round=ROUNDS, speaker_selection_method="round_robin")
        manager = GroupChatManager(groupchat=chat, llm_config=False, silent=True)
        guard(manager)
        started = time.perf_counter()
        talkers[0].initiate_chat(manager, message="Tell one another about the quarter.", silent=True)
        return time.perf_counter() - started


def _talker(name: str) -> ConversableAgent:
    agent = ConversableAgent(name, llm_config=False, human_input_mode="NEVER", max_consecutive_auto_reply=ROUNDS)
    agent.register_reply([ConversableAgent, None], lambda *_, **__: (True, _chatter()), position=0)
    return agent


def _chatter() -> str:
    # Different every time, so that no message is known from before.
    return " ".join(random.choice(WORDS) for _ in range(CHARS // 5))[:CHARS]  # noqa: S311 - filler text, nothing to guess

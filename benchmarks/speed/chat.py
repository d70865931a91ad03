"""What a guard adds to each delivered message of a real group chat.

Two equal groups of four agents on classic AutoGen pass 1 KB texts around in a round-robin group chat, one guarded and one not, in
turns, each on texts never seen before. The time between two replies is the time of one delivered message (select, generate, deliver to
three, record). Added time at a quantile = guarded quantile - unguarded quantile, from the same run.
"""

from __future__ import annotations

import json
import logging
import statistics
import tempfile
import time
import warnings
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.texts import Unseen

ROUNDS, CHATS, CHARS = 60, 10, 1_000
QUIET = {"limits": {"rounds": None, "messages_per_minute": None, "total_messages_per_minute": None, "tokens": None}}


def chat(texts: list[str], guard: Any = None) -> list[float]:
    """Run one group chat over `texts`; return the seconds each delivered message took."""
    from autogen import ConversableAgent, GroupChat, GroupChatManager

    times: list[float] = []
    left = iter(texts)

    def reply(*_: Any, **__: Any) -> tuple[bool, str | None]:
        times.append(time.perf_counter())
        return True, next(left, None)

    agents: list[Any] = [ConversableAgent(f"agent{i}", llm_config=False, human_input_mode="NEVER", silent=True) for i in range(4)]
    for agent in agents:
        agent.register_reply([ConversableAgent, None], reply, position=0)
    group = GroupChat(agents=agents, messages=[], max_round=len(texts), speaker_selection_method="round_robin")
    manager = GroupChatManager(groupchat=group, silent=True)
    if guard is not None:
        guard(manager)
    agents[0].initiate_chat(manager, message=next(left), silent=True)
    return [after - before for before, after in pairwise(times)][5:]


def quantiles(seconds: list[float]) -> dict[str, float]:
    """Return p50 and p99 in microseconds."""
    cuts = statistics.quantiles(seconds, n=100)
    return {"p50_us": round(cuts[49] * 1e6, 1), "p99_us": round(cuts[98] * 1e6, 1)}


def measure() -> dict[str, Any]:
    """Return the time a message takes with and without a guard, and the difference."""
    from rune import Shield

    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    unseen = Unseen(seed=11)
    with tempfile.TemporaryDirectory() as folder:
        shield = Shield(policy={"version": "1", "extends": "balanced", **QUIET}, transcript=Path(folder) / "transcript.db")
        plain: list[float] = []
        guarded: list[float] = []
        for turn in range(CHATS + 1):
            timed = [chat([unseen.take(CHARS) for _ in range(ROUNDS)], guard) for guard in (None, shield.guard)]
            if turn:
                plain += timed[0]
                guarded += timed[1]
        shield.close()
    without, with_guard = quantiles(plain), quantiles(guarded)
    added = {key: round(with_guard[key] - without[key], 1) for key in without}
    return {"texts": unseen.source, "messages": len(guarded), "unguarded": without, "guarded": with_guard, "added": added}


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))

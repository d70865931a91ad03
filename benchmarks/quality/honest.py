"""Honest conversations of real groups of agents, replayed message by message under the default policy: what would have been withheld?

AutoGen notebooks (conversations printed in the documentation of AutoGen 0.2) and MAST (multi-agent traces of AG2 and HyperAgent). All are
honest, so every message withheld is a false positive. They are replayed as fast as they can be read, which tries the limits on rates harder
than the real groups did.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from benchmarks.texts import rows

SOURCES = ("autogen_notebooks_0.2", "mast_ag2", "mast_hyperagent")


def messages() -> Iterator[tuple[str, Any]]:
    """Yield source and message of every honest conversation."""
    from rune import Message

    conversations = (row for row in rows("traces.jsonl") if row["source"] in SOURCES)
    for number, row in enumerate(conversations):
        for said in row["messages"]:
            text = str(said.get("content") or "")
            sender, recipient = str(said["sender"]), str(said["recipient"])
            conversation = f"{row['source']}-{number}"
            yield row["source"], Message(text, sender=sender, recipient=recipient, conversation=conversation)


def measure() -> dict[str, Any]:
    """Return, a source, how many messages there are and the share with each action, and the rules behind what was withheld."""
    from rune import Shield

    pipeline = Shield(transcript=False).pipeline
    seen: Counter[str] = Counter()
    actions: Counter[tuple[str, str]] = Counter()
    rules: Counter[str] = Counter()
    for source, message in messages():
        verdict = pipeline.process(message)
        seen[source] += 1
        actions[source, verdict.action.value] += 1
        rules.update([verdict.reason] if verdict.blocked else [])
    return {
        "policy": "balanced",
        "sources": {source: _shares(source, seen, actions) for source in SOURCES if seen[source]},
        "withheld_by_rule": dict(rules.most_common()),
    }


def _shares(source: str, seen: Counter[str], actions: Counter[tuple[str, str]]) -> dict[str, Any]:
    total = seen[source]
    percent = {action: round(100 * actions[source, action] / total, 3) for action in ("allow", "flag", "redact", "review", "block")}
    return {"messages": total, "withheld_percent": round(percent["review"] + percent["block"], 3), **percent}


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))

"""What the evidence costs: recording a decision, having it on disk, proving it later, and queueing its event.

Recording is measured at a steady pace, as agents produce it; the sustained rate with as many records as the disk takes. Both have the
writer's thread, its commits with `synchronous=FULL` and the hash chain at work.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.texts import Unseen
from rune.delivery import Event, Outbox
from rune.transcript import Transcript, verify
from rune.types import Action, Category, Finding, Message, Severity, Verdict

PACED, STOPPED, SUSTAINED, SUBMITTED = 4_000, 300, 60_000, 20_000
PAUSE = 0.0005
CHARS = 1_000
FOUND = (Finding("RUNE-INJ-001", Category.PROMPT_INJECTION, Severity.HIGH, "an order to another agent", evidence="x" * 80),)


def quantiles(work: Callable[[Message], None], messages: list[Message], pause: float = 0.0) -> dict[str, float]:
    """Return the median and the 99th percentile of `work` in microseconds."""
    times = []
    for message in messages:
        started = time.perf_counter()
        work(message)
        ended = time.perf_counter()
        times.append(ended - started)
        while time.perf_counter() < ended + pause:  # agents compute between two messages; a sleeping processor would be measured instead
            pass
    cuts = statistics.quantiles(times, n=100)
    return {"p50_us": round(statistics.median(times) * 1e6, 1), "p99_us": round(cuts[98] * 1e6, 1)}


def conversation(number: int) -> list[Message]:
    """Return messages of 1,000 characters between a few agents, in a few conversations."""
    texts = Unseen(7)
    some = [texts.take(CHARS) for _ in range(min(number, 2_000))]
    return [
        Message(some[index % len(some)], sender=f"agent{index % 4}", recipient="group", conversation=f"c{index % 5}")
        for index in range(number)
    ]


def sustained(transcript: Transcript, messages: list[Message]) -> float:
    """Return how many records a second reach the disk when as many are handed over as it takes."""
    started = time.perf_counter()
    for index, message in enumerate(messages):
        transcript.append(message, Verdict(Action.ALLOW, message.id))
        if index % 2_000 == 0:
            transcript.flush(60)
    transcript.flush(60)
    return len(messages) / (time.perf_counter() - started)


def proving(path: Path) -> dict[str, float]:
    """Return how fast a transcript is verified, without the first reading of the file from the disk."""
    verify(path)
    started = time.perf_counter()
    result = verify(path)
    seconds = time.perf_counter() - started
    return {
        "records": result.records,
        "problems": len(result.problems),
        "bytes_per_record": round(path.stat().st_size / result.records),
        "records_per_s": round(result.records / seconds),
        "seconds_per_million": round(seconds / result.records * 1e6, 2),
    }


def measure() -> dict[str, Any]:
    """Return the figures of transcript and outbox."""
    with tempfile.TemporaryDirectory() as folder:
        transcript = Transcript(Path(folder) / "t.db")
        messages = conversation(SUSTAINED)
        allowed = Verdict(Action.ALLOW)
        stopped = Verdict(Action.BLOCK, findings=FOUND)
        transcript.append(messages[0], stopped)
        report: dict[str, Any] = {
            "append_allowed": quantiles(lambda message: transcript.append(message, allowed), messages[:PACED], PAUSE),
            "append_blocked_on_disk": quantiles(lambda message: transcript.append(message, stopped), messages[:STOPPED], PAUSE),
            "durable_records_per_s": round(sustained(transcript, messages)),
        }
        report["counters"] = transcript.counters
        transcript.close()
        report["verify"] = proving(transcript.path)
    outbox = Outbox("rune_test_benchmark")
    event = Event.of(messages[0], allowed)
    report["outbox_submit"] = quantiles(lambda _: outbox.submit(event), messages[:SUBMITTED])
    report["outbox_event_and_submit"] = quantiles(lambda message: outbox.append(message, allowed), messages[:SUBMITTED])
    return report


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))

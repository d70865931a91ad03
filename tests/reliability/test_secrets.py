"""Seeded secrets: what was found as a secret stands in no file that Rune writes, and in no log line."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from rune.delivery import Event, Outbox
from rune.policy.redact import redact
from rune.transcript import Transcript, export
from rune.types import Action, Category, Decision, Finding, Kind, Message, Review, Severity, Span, Verdict

ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
KEY = "rune_live_Zq7pT4vXcanary"


def seeded(chance: random.Random, number: int) -> tuple[str, Message, Verdict]:
    """Return a canary and a message that holds it, where a detector found it, in one of the ways in which it may be recorded."""
    canary = "".join(chance.choices(ALPHABET, k=chance.randint(12, 40)))
    before = "x " * chance.randint(0, 50)
    text = f"{before}{canary} then, {canary} again"
    span = Span(len(before), len(before) + len(canary))
    secret = Finding("RUNE-LEAK-001", Category.SECRET, Severity.HIGH, "a key", span=span, evidence=f"…{canary[: chance.randint(8, 12)]}")
    order = Finding("RUNE-INJ-001", Category.PROMPT_INJECTION, Severity.HIGH, "an order", span=span, evidence=text[:80])
    message = Message(text, chance.choice(list(Kind)), conversation=f"c{number % 5}", sender="a", metadata={"arguments": {"key": canary}})
    review = Review(Decision.MODIFY, "terminal", "", f"safe, without {canary}") if chance.random() < 0.2 else None
    sanitized = redact(text, [secret]) if chance.random() < 0.5 else None
    return canary, message, Verdict(chance.choice(list(Action)), message.id, (order, secret), sanitized_text=sanitized, review=review)


@pytest.mark.parametrize("mode", ["redacted", "hash"])
def test_no_seeded_secret_persists_anywhere(
    tmp_path: Path, size: Callable[[int, int], int], chance: random.Random, caplog: pytest.LogCaptureFixture, mode: str
) -> None:
    caplog.set_level(logging.DEBUG)
    transcript = Transcript(tmp_path / "t.db", content=mode)  # type: ignore[arg-type]
    outbox = Outbox(KEY, content=mode, capacity=10_000)  # type: ignore[arg-type]
    sent: list[Event] = []
    canaries = [KEY]
    for number in range(size(200, 5_000)):
        canary, message, verdict = seeded(chance, number)
        canaries.append(canary)
        transcript.append(message, verdict)
        outbox.append(message, verdict)

    class Keeps:
        def send(self, batch: list[Event]) -> None:
            sent.extend(batch)

    assert transcript.flush(30)
    files = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.suffix != ".db"}  # the log, before it is folded in
    transcript.close()
    files |= {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    files |= {form: "".join(export(transcript.path, format=form)).encode() for form in ("jsonl", "md", "csv")}
    while outbox.drain(Keeps()):
        pass
    files |= {"events": repr(sent).encode(), "outbox": repr(outbox).encode(), "log": caplog.text.encode()}

    assert "t.db-wal" in files
    assert len(sent) == len(canaries) - 1
    for name, data in files.items():
        persisted = [canary for canary in canaries if canary.encode() in data]
        assert not persisted, f"{len(persisted)} secrets in {name}"

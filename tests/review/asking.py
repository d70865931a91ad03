"""A program that asks for review; runs on a terminal of its own. Prints the answers as JSON on standard output."""

import asyncio
import contextlib
import json
import os
import sys
import threading
import time

from rune.review import ReviewRequest, TerminalReviewer, ask_in_thread
from rune.types import Action, Category, Finding, Kind, Message, Review, Severity, Span, Verdict


def request(spec: dict, text: str) -> ReviewRequest:
    message = Message(
        text,
        Kind(spec.get("kind", "code")),
        sender=spec.get("sender", "coder"),
        recipient="executor",
        conversation="c1",
        metadata={"language": "python"},
    )
    found = tuple(
        Finding(
            "RUNE-CODE-014", Category.MALICIOUS_CODE, Severity.HIGH, spec.get("summary", "starts a process"), line=line, evidence="run(x)"
        )
        for line in spec.get("lines", [1])
    )
    verdict = Verdict(Action.REVIEW, message.id, found, 0.72, "code-needs-review")
    return ReviewRequest(message, verdict, spec.get("seconds", 10), rescan if spec.get("rescan") else None)


def rescan(text: str) -> tuple[Finding, ...]:
    if "crash" in text:
        raise RuntimeError
    bad = Finding("RUNE-INJ-001", Category.PROMPT_INJECTION, Severity.CRITICAL, "still an order", span=Span(0, 1))
    return (bad,) if "bad" in text else ()


def as_json(review: Review) -> dict:
    names = ("decision", "reviewer", "reason", "text", "seconds")
    return {name: getattr(review, name) for name in names}


async def asked_beside_a_clock(one: ReviewRequest) -> dict:
    """Ask while the loop goes on counting."""
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    clock = asyncio.ensure_future(tick())
    review = await ask_in_thread(TerminalReviewer(), one)
    clock.cancel()
    return {**as_json(review), "ticks": ticks}


async def cancelled(one: ReviewRequest) -> dict:
    started = time.monotonic()
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(ask_in_thread(TerminalReviewer(), one), 0.6)
    return {"withdrawn": one.withdrawn, "seconds": time.monotonic() - started}


def in_threads(requests: list[ReviewRequest]) -> list[dict]:
    answers: dict[int, dict] = {}

    def ask(index: int) -> None:
        answers[index] = as_json(TerminalReviewer().ask(requests[index]))

    threads = [threading.Thread(target=ask, args=(index,)) for index in range(len(requests))]
    for thread in threads:
        thread.start()
        time.sleep(0.05)
    for thread in threads:
        thread.join()
    return [answers[index] for index in range(len(requests))]


def main() -> None:
    spec = json.loads(sys.argv[1])
    if device := spec.get("terminal"):
        os.open(device, os.O_RDWR)  # the first terminal that the leader of a session opens becomes its own
    if spec.get("background"):
        os.setpgid(0, 0) if os.fork() == 0 else os._exit(os.waitstatus_to_exitcode(os.wait()[1]))
    if spec.get("wait"):
        time.sleep(spec["wait"])
    requests = [request(spec, text) for text in spec["texts"]]
    how = spec.get("how", "plain")
    if how == "async":
        answer = asyncio.run(asked_beside_a_clock(requests[0]))
    elif how == "cancelled":
        answer = asyncio.run(cancelled(requests[0]))
    elif how == "threads":
        answer = in_threads(requests)
    else:
        answer = as_json(TerminalReviewer().ask(requests[0]))
    print(json.dumps(answer))


main()

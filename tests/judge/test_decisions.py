"""What becomes of a judge's answer: it raises and lowers as far as the policy lets it, held or too late, and no loop waits for it."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from rune.cli import main
from rune.judge import Retraction
from rune.pipeline import Pipeline
from rune.policy.load import load_policy
from rune.review.request import RejectReviewer
from rune.shield import Shield
from rune.transcript import Transcript, records
from rune.types import Action, Category, Finding, Kind, Message, Severity

from .conftest import ATTACK_TEXT, HONEST, Endpoint, Handler, says

JUDGED = {"action": Action.BLOCK, "decided_by": "block-hijacking"}


class Sees:
    """An engine that reports what a test says."""

    revision = backend = "scripted"

    def __init__(self, *findings: Finding, degraded: tuple[str, ...] = ()) -> None:
        self.findings = findings
        self.degraded = degraded

    def scan(self, message: Message) -> tuple[Finding, ...]:
        return self.findings


SUSPICIOUS = Finding("RUNE-INJ-777", Category.PROMPT_INJECTION, Severity.MEDIUM, "a suspicion", confidence=0.8)
STRONG = Finding("RUNE-INJ-778", Category.PROMPT_INJECTION, Severity.HIGH, "an attack", confidence=0.8)
PERSONAL = Finding("RUNE-PII-777", Category.PII, Severity.MEDIUM, "a name")
BROKEN = Finding("RUNE-ERROR-101", Category.INTERNAL_ERROR, Severity.MEDIUM, "a defect")
REVIEWED = [{"name": "ask", "category": "prompt_injection", "severity": "medium", "action": "review"}]


def policy(endpoint: Endpoint, *, rules: list[dict[str, Any]] | None = None, **judge: Any) -> dict[str, Any]:
    settings = {"url": endpoint.url, "model": "tiny", "timeout": 5, "from": 0.0, "to": 1.0, **judge}
    return {"version": "1", "extends": "balanced", "rules": rules or [], "judge": settings}


def pipeline(policy: dict[str, Any], *findings: Finding, degraded: tuple[str, ...] = (), **parts: Any) -> Pipeline:
    return Pipeline(Sees(*findings, degraded=degraded), load_policy(policy), reviewer=RejectReviewer(), **parts)


def said(text: str = ATTACK_TEXT, **facts: Any) -> Message:
    return Message(text, **{"conversation": "c-1", "sender": "a", "recipient": "b", **facts})


@pytest.mark.parametrize(
    ("changes", "settings", "action", "decided_by"),
    [
        pytest.param({}, {}, Action.BLOCK, "block-hijacking", id="a sure attack is decided as one"),
        pytest.param({"confidence": 0.6}, {}, Action.REVIEW, "judge", id="another is put to a human"),
        pytest.param({"confidence": 0.6}, {"raise": "flag"}, Action.FLAG, "judge", id="as far as the policy lets it"),
        pytest.param({}, {"raise": "review"}, Action.REVIEW, "judge", id="a sure one too"),
        pytest.param({"category": "malicious_code"}, {}, Action.BLOCK, "judge", id="of a category no rule fits"),
        pytest.param(HONEST, {}, Action.ALLOW, "judge", id="honest"),
        pytest.param({**HONEST, "verdict": "unsure"}, {}, Action.ALLOW, "judge", id="unsure"),
        pytest.param({"canary": "x"}, {}, Action.FLAG, "judge", id="no answer is a flag"),
        pytest.param({"canary": "x"}, {"no_answer": "review"}, Action.REVIEW, "judge", id="or what the policy says"),
    ],
)
def test_a_clean_message(endpoint: Endpoint, changes: dict[str, Any], settings: dict[str, Any], action: Action, decided_by: str) -> None:
    endpoint.reply = says(**changes)
    verdict = pipeline(policy(endpoint, **settings)).process(said())

    assert (verdict.action, verdict.decided_by) == (action, decided_by)
    assert verdict.degraded is ("canary" in changes)


@pytest.mark.parametrize(
    ("finding", "facts", "settings", "action"),
    [
        pytest.param(SUSPICIOUS, {}, {}, Action.FLAG, id="a review becomes a flag"),
        pytest.param(SUSPICIOUS, {}, {"lower": "never"}, Action.REVIEW, id="unless the policy forbids it"),
        pytest.param(SUSPICIOUS, {"kind": Kind.CODE}, {}, Action.REVIEW, id="code stays in review"),
        pytest.param(STRONG, {}, {}, Action.BLOCK, id="a block stays"),
    ],
)
def test_an_honest_answer_lowers_a_review_and_nothing_else(
    endpoint: Endpoint, finding: Finding, facts: dict[str, Any], settings: dict[str, Any], action: Action
) -> None:
    endpoint.reply = says(**HONEST)
    rules = REVIEWED if finding is SUSPICIOUS else []

    assert pipeline(policy(endpoint, rules=rules, **settings), finding).process(said(**facts)).action is action


@pytest.mark.parametrize(
    ("rule", "finding"),
    [
        pytest.param({"name": "ask", "direction": "internal", "action": "review"}, None, id="every message"),
        pytest.param({"name": "ask", "category": "pii", "action": "review"}, PERSONAL, id="personal data"),
        pytest.param(None, BROKEN, id="an error of Rune"),
    ],
)
def test_a_review_for_another_reason_stays(endpoint: Endpoint, rule: dict[str, Any] | None, finding: Finding | None) -> None:
    endpoint.reply = says(**HONEST)
    rules = {**policy(endpoint, rules=[rule] if rule else []), "on_error": {"chat": "review"}}

    assert pipeline(rules, *([finding] if finding else [])).process(said()).action is Action.REVIEW


def test_a_half_sure_honest_answer_lowers_nothing(endpoint: Endpoint) -> None:
    endpoint.reply = says(**{**HONEST, "confidence": 0.7})

    assert pipeline(policy(endpoint, rules=REVIEWED), SUSPICIOUS).process(said()).action is Action.REVIEW


def test_in_observe_mode_nothing_is_withheld(endpoint: Endpoint) -> None:
    verdict = pipeline({**policy(endpoint), "mode": "observe"}).process(said())

    assert (verdict.action, verdict.worst.rule if verdict.worst else "") == (Action.FLAG, "RUNE-JUDGE-001")


@pytest.mark.parametrize("kind", [pytest.param(Kind.CODE, id="code"), pytest.param(Kind.CHAT, id="chat")])
def test_a_stage_out_of_order_degrades_every_verdict_and_withholds_nothing(kind: Kind) -> None:
    pipe = Pipeline(Sees(degraded=("the model is missing",)), load_policy("balanced"), reviewer=RejectReviewer())
    verdict = pipe.process(said("print(1)", kind=kind, metadata={"language": "python"}))

    assert (verdict.action, verdict.degraded, [f.rule for f in verdict.findings]) == (Action.ALLOW, True, ["RUNE-ERROR-102"])
    assert "the model is missing" in verdict.findings[0].summary
    assert pipe.counters()["degraded"] == 1


def test_what_fails_beside_it_is_still_decided_by_on_error() -> None:
    pipe = Pipeline(Sees(BROKEN, degraded=("x",)), load_policy("balanced"), reviewer=RejectReviewer())

    assert pipe.process(said("print(1)", kind=Kind.CODE)).action is Action.BLOCK


def test_secrets_are_not_sent(endpoint: Endpoint) -> None:
    from rune.types import Span

    text = "the password is hunter22hunter22, hand it on"
    secret = Finding("RUNE-LEAK-777", Category.SECRET, Severity.LOW, "a password", span=Span(16, 32))
    pipeline(policy(endpoint), secret).process(said(text))

    assert "hunter22" not in str(endpoint.requests)
    assert "[REDACTED:secret]" in str(endpoint.requests)


def late(endpoint: Endpoint, tmp_path: Path, **judge: Any) -> tuple[Pipeline, Transcript, list[Retraction]]:
    retractions: list[Retraction] = []
    transcript = Transcript(tmp_path / "t.db")
    parts = {"records": (transcript,), "on_retraction": retractions.append}
    return pipeline(policy(endpoint, mode="async", **judge), **parts), transcript, retractions


def test_in_async_mode_a_message_passes_and_is_retracted(endpoint: Endpoint, tmp_path: Path) -> None:
    pipe, transcript, retractions = late(endpoint, tmp_path)
    delivered = pipe.process(said())
    settled = pipe.settle(10)
    transcript.close()

    assert (delivered.action, settled) == (Action.ALLOW, True)
    assert [(r.message.text, r.delivered.action, r.verdict.action) for r in retractions] == [(ATTACK_TEXT, Action.ALLOW, Action.BLOCK)]
    assert [record.event for record in records(tmp_path / "t.db", "c-1")] == ["message", "judge"]
    assert pipe.ended("c-1")
    assert pipe.process(said("more")).decided_by == "ended"
    assert pipe.counters()["retracted"] == 1


def test_a_late_answer_is_shown_by_the_tool(endpoint: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipe, transcript, _ = late(endpoint, tmp_path)
    pipe.process(said())
    pipe.settle(10)
    transcript.close()
    main(["transcript", "show", "c-1", "--file", str(tmp_path / "t.db")])

    out = capsys.readouterr().out
    assert "the judge's late answer" in out
    assert "RUNE-JUDGE-001" in out


def test_a_policy_may_only_record_a_late_answer(endpoint: Endpoint, tmp_path: Path) -> None:
    pipe, _, retractions = late(endpoint, tmp_path, retract="record")
    pipe.process(said())
    pipe.settle(10)

    assert len(retractions) == 1
    assert not pipe.ended("c-1")


def test_a_late_honest_answer_is_recorded_and_changes_nothing(endpoint: Endpoint, tmp_path: Path) -> None:
    endpoint.reply = says(**HONEST)
    pipe, transcript, retractions = late(endpoint, tmp_path)
    pipe.process(said())
    pipe.settle(10)
    transcript.close()

    assert retractions == []
    assert not pipe.ended("c-1")
    assert [record.event for record in records(tmp_path / "t.db", "c-1")] == ["message", "judge"]


def test_a_copy_is_not_asked_about_again(endpoint: Endpoint, tmp_path: Path) -> None:
    pipe, _, _ = late(endpoint, tmp_path, retract="record")
    pipe.process(said())
    pipe.process(said(), delivered=False)
    pipe.settle(10)

    assert len(endpoint.requests) == 1


def waiting_for(asked: threading.Event, answer: threading.Event) -> Any:
    def reply(handler: Handler, request: dict[str, Any]) -> None:
        asked.set()
        answer.wait(10)
        says()(handler, request)

    return reply


async def test_the_event_loop_goes_on_while_the_judge_thinks(endpoint: Endpoint) -> None:
    asked, answer = threading.Event(), threading.Event()
    endpoint.reply = waiting_for(asked, answer)
    waiting = asyncio.ensure_future(pipeline(policy(endpoint)).adecide_with_review(said()))
    while not asked.is_set():
        await asyncio.sleep(0.001)
    answer.set()

    assert (await waiting).action is Action.BLOCK


async def test_a_blocking_call_on_the_loop_is_judged_in_the_background(endpoint: Endpoint) -> None:
    retractions: list[Retraction] = []
    pipe = pipeline(policy(endpoint), on_retraction=retractions.append)
    verdict = pipe.process(said())
    await asyncio.to_thread(pipe.settle, 10)

    assert (verdict.action, [finding.rule for finding in verdict.findings]) == (Action.FLAG, ["RUNE-JUDGE-114"])
    assert len(retractions) == 1


async def test_an_async_verdict_in_async_mode(endpoint: Endpoint, tmp_path: Path) -> None:
    pipe, _, retractions = late(endpoint, tmp_path)
    verdict = await pipe.aprocess(said())
    await asyncio.to_thread(pipe.settle, 10)

    assert (verdict.action, len(retractions)) == (Action.ALLOW, 1)


def test_an_announced_act_is_not_asked_about(endpoint: Endpoint) -> None:
    assert pipeline(policy(endpoint)).process(said(), judged=False).action is Action.ALLOW
    assert endpoint.requests == []


def test_the_canary_of_a_guard_is_not_asked_about(endpoint: Endpoint) -> None:
    pipe = pipeline(policy(endpoint))
    pipe.process(said(pipe.canary))

    assert endpoint.requests == []


async def test_a_shield_holds_what_it_awaits(endpoint: Endpoint) -> None:
    shield = Shield(policy=policy(endpoint), transcript=False)

    @shield.protect
    async def echo(text: str) -> str:
        return text

    endpoint.reply = says(**HONEST)
    assert (await shield.ascan(ATTACK_TEXT)).action is Action.ALLOW
    assert await echo("good day") == "good day"
    assert shield.stats["judge_honest_total"] == 3
    shield.close()


def test_without_a_judge_nothing_is_asked() -> None:
    shield = Shield(transcript=False)

    assert shield.pipeline.judge is None
    assert "judge_asked_total" not in shield.stats

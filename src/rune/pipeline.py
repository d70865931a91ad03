"""One message, top to bottom: read it, count it, decide, record. Integrations call this and act on the verdict.

Nothing here raises into the caller: whatever fails becomes a finding of category `internal_error`, and the policy's `on_error` decides.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from rune import code
from rune.conversation.state import Conversations
from rune.judge import Judge, Later, Retraction
from rune.judge.rules import ON_LOOP, TOO_MANY
from rune.policy.decide import decide
from rune.policy.kept import text_hash
from rune.policy.model import Policy
from rune.policy.redact import Placeholders
from rune.review.request import Reviewer, ReviewRequest, ask_in_thread
from rune.scan.own_rules import DEGRADED
from rune.scan.prompts import Prompts
from rune.types import Action, Category, Decision, Finding, Kind, Message, Review, Severity, Span, Verdict

log = logging.getLogger("rune")

CACHED_TEXTS = 512
PLACEHOLDERS = 512
"""Conversations whose placeholders are remembered."""
CACHED_TEXT_CHARS = 32_768
REMEMBERED_APPROVALS = 4_096

_CACHE_KEY = tuple[str, str, str, tuple[str, ...], str, str, str]


class Reader(Protocol):
    """What the pipeline needs of a scan engine."""

    revision: str
    """Short hash of the rules in force."""
    backend: str
    """Name of the signature engine in use."""

    def scan(self, message: Message) -> tuple[Finding, ...]:
        """Return what stands in the message's text."""
        ...


class Record(Protocol):
    """What the pipeline needs of a transcript or an outbox."""

    def append(self, message: Message, verdict: Verdict, event: str = "message") -> None:
        """Keep what was decided about a message."""
        ...


@dataclass(frozen=True, slots=True)
class InternalError:
    """Where our own code failed; `finding` says so without any of the text that made it fail."""

    stage: str
    error: BaseException

    @property
    def finding(self) -> Finding:
        """The error as a finding that `on_error` decides on."""
        return Finding(
            rule="RUNE-ERROR-001",
            category=Category.INTERNAL_ERROR,
            severity=Severity.HIGH,
            summary=f"{self.stage} failed with `{type(self.error).__name__}`; this part of the message was not read",
            remediation="Report this with the incident id; `on_error` in the policy decides what happens meanwhile.",
        )


class _Decided(NamedTuple):
    """A message on its way: what the local stages found in it and decided."""

    message: Message
    findings: tuple[Finding, ...]
    verdict: Verdict
    delivered: bool
    started: float


class Pipeline:
    """Decides about messages under one policy, and keeps the evidence.

    Args:
        engine: reads text.
        policy: turns findings into an action.
        records: where decisions are kept (a transcript, an outbox); a failing one never disturbs the agents.
        reviewer: the human behind `review`.
        on_retraction: called, in another thread, when the judge answers too late that a delivered message should have been withheld.
    """

    def __init__(
        self,
        engine: Reader,
        policy: Policy,
        *,
        reviewer: Reviewer,
        records: tuple[Record, ...] = (),
        on_retraction: Callable[[Retraction], None] | None = None,
    ) -> None:
        self.engine = engine
        self.policy = policy
        self.records = records
        self.reviewer = reviewer
        self.judge = Judge(policy.judge) if policy.judge else None
        self.on_retraction = on_retraction
        self._later = Later()
        self.canary = f"rune-canary-{secrets.token_hex(12)}"
        self.conversations = Conversations(policy.limits)
        self.prompts = Prompts()
        """System messages and canary tokens that must not leave."""
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._read_before: OrderedDict[_CACHE_KEY, tuple[Finding, ...]] = OrderedDict()
        self._placeholders: OrderedDict[str, Placeholders] = OrderedDict()
        self._approved: OrderedDict[tuple[str, str, str], Verdict] = OrderedDict()

    def process(self, message: Message, *, delivered: bool = True, extra: tuple[Finding, ...] = (), judged: bool = True) -> Verdict:
        """Read, count, decide and record one message; asks no human and never raises.

        Args:
            message: what an agent is about to read or do.
            delivered: False for a second look at something already counted (a backstop) or a scan outside a conversation:
                it does not use up limits and is recorded only when something was found.
            extra: findings that the caller made while it read the content.
            judged: False for an act that is only announced here: the judge is asked where it is done.
        """
        if self.canary in message.text:
            return self._canary_verdict(message)
        decided = self._local(message, extra, delivered=delivered)
        if judged and self.judge is not None and self.judge.wants(decided.message, decided.verdict):
            decided = self._judged(decided, self.judge)
        return self._finish(decided)

    async def aprocess(self, message: Message, *, delivered: bool = True, extra: tuple[Finding, ...] = ()) -> Verdict:
        """Like `process`; the judge is asked in a thread, so the event loop goes on."""
        if self.canary in message.text:
            return self._canary_verdict(message)
        decided = self._local(message, extra, delivered=delivered)
        judge = self.judge
        if judge is not None and judge.wants(decided.message, decided.verdict):
            if judge.settings.mode == "async":
                decided = self._judged_later(decided, judge)
            else:
                decided = self._with(decided, await asyncio.to_thread(judge.ask, decided.message, decided.findings))
        return self._finish(decided)

    def decide_with_review(
        self, message: Message, *, delivered: bool = True, extra: tuple[Finding, ...] = (), given: Review | None = None
    ) -> Verdict:
        """Like `process`; a verdict `review` is put to the reviewer, and the answer is the verdict: allow, redact (modified) or block.

        `given` is an answer the reviewer gave already, when this act was shown as a part of a message; it is recorded, nobody is asked.
        """
        verdict = self.process(message, delivered=delivered, extra=extra)
        if verdict.action is not Action.REVIEW:
            return verdict
        approval = self._approval(message, verdict)
        return approval or self._reviewed(message, verdict, given or self._ask(message, verdict))

    async def adecide_with_review(
        self, message: Message, *, delivered: bool = True, extra: tuple[Finding, ...] = (), given: Review | None = None
    ) -> Verdict:
        """Like `decide_with_review`; judge and reviewer are asked in a thread, so the event loop goes on."""
        verdict = await self.aprocess(message, delivered=delivered, extra=extra)
        if verdict.action is not Action.REVIEW:
            return verdict
        approval = self._approval(message, verdict)
        if approval is not None:
            return approval
        return self._reviewed(message, verdict, given if given is not None else await self._aask(message, verdict))

    def end(self, conversation: str, reason: str) -> None:
        """End a conversation: everything it still tries to send is withheld."""
        if conversation:
            self.conversations.end(conversation, reason)

    def ended(self, conversation: str) -> bool:
        """Return whether a conversation was ended by a limit or a reviewer."""
        return bool(conversation) and self.conversations.ended(conversation)

    def counters(self) -> dict[str, int]:
        """Return how many messages were read, by outcome, since this pipeline began."""
        with self._lock:
            return dict(self._counts)

    def settle(self, seconds: float) -> bool:
        """Wait until the judge was asked about everything it is to be asked later; False when that takes more than `seconds`."""
        return self._later.wait(seconds)

    def _local(self, message: Message, extra: tuple[Finding, ...], *, delivered: bool) -> _Decided:
        """Read, count and decide, with nothing but this process."""
        started = time.perf_counter()
        message = self.policy.label(message)
        limits = self._admit(message, delivered=delivered) if message.conversation else ()
        findings = (*limits, *extra, *self._read(message), *self._leaked(message), *self._missing())
        verdict = self._decide(message, findings)
        if limits and self._decide(message, limits).action is Action.BLOCK:
            self.end(message.conversation, limits[0].summary)
        return _Decided(message, findings, verdict, delivered, started)

    def _leaked(self, message: Message) -> tuple[Finding, ...]:
        try:
            off: frozenset[str] = getattr(self.engine, "off", frozenset())
            return tuple(finding for finding in self.prompts.findings(message) if finding.rule not in off)
        except Exception as error:  # noqa: BLE001 - as in _admit
            return (InternalError("looking for system messages", error).finding,)

    def _missing(self) -> tuple[Finding, ...]:
        """Return a finding for each stage of the engine that is out of order, so that every verdict without it is degraded."""
        stages: tuple[str, ...] = getattr(self.engine, "degraded", ())
        return tuple(DEGRADED.finding(detail=f": {stage}") for stage in stages) if stages else ()

    def _finish(self, decided: _Decided) -> Verdict:
        verdict = _timed(decided.verdict, (time.perf_counter() - decided.started) * 1000)
        self._count(verdict)
        if decided.delivered or verdict.action is not Action.ALLOW:
            self._keep(decided.message, verdict, "message")
        return verdict

    def _with(self, decided: _Decided, finding: Finding) -> _Decided:
        findings = (*decided.findings, finding)
        return decided._replace(findings=findings, verdict=self._decide(decided.message, findings))

    def _judged(self, decided: _Decided, judge: Judge) -> _Decided:
        if judge.settings.mode == "async":
            return self._judged_later(decided, judge)
        if not _on_event_loop():
            return self._with(decided, judge.ask(decided.message, decided.findings))
        return self._with(decided if decided.verdict.blocked else self._judged_later(decided, judge), ON_LOOP.finding())

    def _judged_later(self, decided: _Decided, judge: Judge) -> _Decided:
        if decided.message.conversation and not decided.delivered:
            return decided  # the first look at it has asked
        accepted = self._later.submit(lambda: self._answered(decided, judge.ask(decided.message, decided.findings)))
        return decided if accepted else self._with(decided, TOO_MANY.finding())

    def _answered(self, delivered: _Decided, finding: Finding) -> None:
        """Record a late answer, and act on one that would have withheld the message."""
        verdict = self._with(delivered, finding).verdict
        self._keep(delivered.message, verdict, "judge")
        if not verdict.blocked:
            return
        with self._lock:
            self._counts["retracted"] += 1
        if self.policy.judge and self.policy.judge.retract == "end":
            self.end(delivered.message.conversation, f"retracted after a late answer of the judge ({finding.category})")
        if self.on_retraction is not None:
            self.on_retraction(Retraction(delivered.message, delivered.verdict, verdict))

    def _admit(self, message: Message, *, delivered: bool) -> tuple[Finding, ...]:
        try:
            if delivered:
                return self.conversations.get(message.conversation).admit(message)
            self.conversations.see(message)
        except Exception as error:  # noqa: BLE001 - the host must go on; the error is the finding
            return (InternalError("counting the message", error).finding,)
        return ()

    def _read(self, message: Message) -> tuple[Finding, ...]:
        if not message.conversation:  # a single scan is not looked at again
            return self._read_text(message) + self._read_code(message)
        key = _cache_key(message)
        with self._lock:
            known = self._read_before.get(key)
            self._counts["cached"] += known is not None
        if known is not None:
            return known
        findings = self._read_text(message) + self._read_code(message)
        if len(message.text) <= CACHED_TEXT_CHARS and not any(f.category is Category.INTERNAL_ERROR for f in findings):
            with self._lock:
                self._read_before[key] = findings
                if len(self._read_before) > CACHED_TEXTS:
                    self._read_before.popitem(last=False)
        return findings

    def _read_text(self, message: Message) -> tuple[Finding, ...]:
        try:
            return self.engine.scan(message)
        except Exception as error:  # noqa: BLE001 - as in _admit
            return (InternalError("reading the text", error).finding,)

    def _read_code(self, message: Message) -> tuple[Finding, ...]:
        try:
            return code_findings(message)
        except Exception as error:  # noqa: BLE001 - as in _admit
            return (InternalError("reading the code", error).finding,)

    def _decide(self, message: Message, findings: tuple[Finding, ...]) -> Verdict:
        try:
            placeholders = self.placeholders(message.conversation) if findings else None
            return decide(message, findings, self.policy, rules_revision=self.engine.revision, placeholders=placeholders)
        except Exception as error:  # noqa: BLE001 - as in _admit
            finding = InternalError("applying the policy", error).finding
            return Verdict(
                Action.BLOCK, message.id, (*findings, finding), risk=1.0, decided_by="on_error", content_hash=text_hash(message.text)
            )

    def placeholders(self, conversation: str) -> Placeholders:
        """Return the placeholders of a conversation, or new ones outside of any; those of the latest conversations are kept."""
        if not conversation:
            return Placeholders()
        with self._lock:
            known = self._placeholders.setdefault(conversation, Placeholders())
            self._placeholders.move_to_end(conversation)
            if len(self._placeholders) > PLACEHOLDERS:
                self._placeholders.popitem(last=False)
        return known

    def _canary_verdict(self, message: Message) -> Verdict:
        finding = Finding("RUNE-CANARY", Category.FLOW, Severity.INFO, "the canary of this guard; the seam it came through holds")
        return Verdict(Action.BLOCK, message.id, (finding,), decided_by="canary")

    def _approval(self, message: Message, verdict: Verdict) -> Verdict | None:
        if message.kind in (Kind.CODE, Kind.TOOL_CALL):
            return None  # what acts is asked about each time; what is only read, once
        with self._lock:
            given = self._approved.get(_approval_key(message))
        return replace(given, message_id=message.id, elapsed_ms=verdict.elapsed_ms) if given else None

    def _ask(self, message: Message, verdict: Verdict) -> Review:
        try:
            return self.reviewer.ask(self._request(message, verdict))
        except Exception as error:  # noqa: BLE001 - a broken reviewer is nobody to ask
            return _rejected(error)

    async def _aask(self, message: Message, verdict: Verdict) -> Review:
        try:
            return await ask_in_thread(self.reviewer, self._request(message, verdict))
        except Exception as error:  # noqa: BLE001 - as in _ask
            return _rejected(error)

    def _request(self, message: Message, verdict: Verdict) -> ReviewRequest:
        return ReviewRequest(message, verdict, self.policy.review.timeout, lambda text: self._read(replace(message, text=text)))

    def _reviewed(self, message: Message, verdict: Verdict, review: Review) -> Verdict:
        final = _after_review(verdict, review)
        if review.decision is Decision.TERMINATE:
            self.end(message.conversation, "terminated by the reviewer")
        if final.action is not Action.BLOCK:
            self._remember_approval(message, final)
        self._keep(message, final, "review")
        return final

    def _remember_approval(self, message: Message, verdict: Verdict) -> None:
        shown = message if verdict.sanitized_text is None else replace(message, text=verdict.sanitized_text)
        with self._lock:
            for passed, outcome in ((message, verdict), (shown, replace(verdict, action=Action.ALLOW, sanitized_text=None))):
                self._approved.setdefault(_approval_key(passed), outcome)
            while len(self._approved) > REMEMBERED_APPROVALS:
                self._approved.popitem(last=False)

    def _count(self, verdict: Verdict) -> None:
        with self._lock:
            self._counts["messages"] += 1
            self._counts[verdict.action.value] += 1
            if verdict.findings and verdict.degraded:
                self._counts["degraded"] += 1

    def _keep(self, message: Message, verdict: Verdict, event: str) -> None:
        for record in self.records:
            self._keep_in(record, message, verdict, event)

    def _keep_in(self, record: Record, message: Message, verdict: Verdict, event: str) -> None:
        try:
            record.append(message, verdict, event)
        except Exception as error:  # noqa: BLE001 - evidence must never break the agents; the loss is counted and said
            with self._lock:
                self._counts["unrecorded"] += 1
            log.warning("rune: a decision was not recorded: %s", type(error).__name__)


def _on_event_loop() -> bool:
    """Return whether this call stands in an event loop, which a slow answer would hold up."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _timed(verdict: Verdict, elapsed_ms: float) -> Verdict:
    """Return the verdict with its time; written out, because `dataclasses.replace` costs as much as the decision."""
    return Verdict(
        verdict.action,
        verdict.message_id,
        verdict.findings,
        verdict.risk,
        verdict.decided_by,
        verdict.sanitized_text,
        verdict.policy_revision,
        verdict.rules_revision,
        verdict.content_hash,
        verdict.review,
        elapsed_ms,
    )


def code_findings(message: Message) -> tuple[Finding, ...]:
    """Return what the code in a message would do: code to be run, a tool call's arguments, or the fenced blocks of a text."""
    if message.kind is Kind.CODE:
        folder = str(message.metadata.get("work_dir") or ".")
        return code.analyze(message.text, str(message.metadata.get("language", "")), work_dir=folder, executes=True).findings
    if message.kind is Kind.TOOL_CALL:
        arguments = message.metadata.get("arguments")
        report = code.analyze_call(
            str(message.metadata.get("tool", "")), arguments if isinstance(arguments, Mapping) else {"": message.text}
        )
        return report.findings if report else ()
    if "```" in message.text:
        return tuple(
            _in_message(finding, block.offset)
            for block in code.blocks(message.text)
            for finding in code.analyze(block.source, block.language).findings
        )
    return ()


def _rejected(error: Exception) -> Review:
    log.warning("rune: the reviewer failed with %s; the message is rejected", type(error).__name__)
    return Review(Decision.REJECT, reviewer="error", reason=f"the reviewer failed with {type(error).__name__}")


def _in_message(finding: Finding, start: int) -> Finding:
    if finding.span is None:
        return finding
    return replace(finding, span=Span(finding.span.start + start, finding.span.end + start))


def _after_review(verdict: Verdict, review: Review) -> Verdict:
    if review.decision is Decision.APPROVE:
        return replace(verdict, action=Action.ALLOW, sanitized_text=None, review=review)
    if review.decision is Decision.MODIFY and review.text is not None:
        changed = text_hash(review.text)
        return replace(verdict, action=Action.REDACT, sanitized_text=review.text, content_hash=changed, review=review)
    return replace(verdict, action=Action.BLOCK, review=review)


def _approval_key(message: Message) -> tuple[str, str, str]:
    return (message.conversation, message.kind.value, text_hash(message.text))


def _cache_key(message: Message) -> _CACHE_KEY:
    facts = message.metadata
    place = f"{facts.get('language', '')}:{facts.get('work_dir', '')}" if facts else ""
    call = f"{facts.get('tool', '')}:{facts.get('arguments', '')!r}" if facts else ""
    return (message.text, message.kind, message.direction, message.origins, message.trust, place, call)

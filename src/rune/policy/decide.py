"""From findings to a verdict: the first rule that selects a finding decides about it, and the worst decision is the message's.

1. The policy adds what it sees itself: an undeclared edge (`flow`), an act that an agent may not do (`may`).
2. For each finding, the first rule about findings whose selectors and condition fit sets its action. Without such a rule a limit of the
   conversation, an undeclared edge and a forbidden act are blocked, personal data and secrets of severity `info` are allowed and kept in
   the verdict, everything else is flagged. An internal error is decided by `on_error`
   and a conversation that has ended stays blocked, whatever the rules say. An error of severity `info` says that another stage read the
   message in place of one that is missing: it marks the verdict as degraded and withholds nothing.
3. The first rule about messages that fits sets an action of its own.
4. The worst of these actions is the verdict's; in mode `observe` it is `flag` at most. A judge's sure answer that the message is honest
   turns a `review` for what detectors found into a `flag`; it undoes nothing else.

A condition without an answer selects nothing and adds an internal error. A finding to be redacted that covers no text is blocked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rune.conversation.flow import UNDECLARED_EDGE, undeclared
from rune.conversation.state import ENDED, LIMITS
from rune.policy.facts import ConditionError, Speaker
from rune.policy.judge import ATTACK, SURE, is_no_answer, is_opinion, spares_review
from rune.policy.kept import text_hash
from rune.policy.model import Policy, Rule
from rune.policy.permissions import NOT_PERMITTED, refused
from rune.policy.redact import Placeholders, can_redact, redact
from rune.policy.risk import risk
from rune.policy.selectors import unmet, why_unmet
from rune.types import Action, Category, Finding, Kind, Message, Severity, Verdict

CONDITION_FAILED = "RUNE-ERROR-002"
_CONFIDENTIAL = (Category.SECRET, Category.PII)
_NOT_FOR_A_JUDGE = frozenset({Category.INTERNAL_ERROR, Category.LIMITS, Category.FLOW, *_CONFIDENTIAL})
"""A review for one of these is about something else than what the text means."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided about one finding, or about the message itself when `finding` is None."""

    finding: Finding | None
    action: Action
    decided_by: str


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that was considered for one finding or for the message."""

    subject: str
    """Detection rule of the finding; `message` for the message itself."""
    rule: str
    """Name of the policy's rule, or one of `model.DECIDERS`."""
    action: Action
    """What the rule decides."""
    matched: bool
    reason: str
    """Why it fits or not."""
    place: str = ""
    """Where the rule was written, `FILE:LINE`."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a verdict came about."""

    verdict: Verdict
    steps: tuple[Step, ...]
    """Every rule considered, in order."""

    def lines(self) -> tuple[str, ...]:
        """Return the steps and the outcome, one line each."""
        marks = {True: "matches", False: "no"}
        steps = tuple(f"{s.subject}: {s.rule} ({s.place or 'built in'}) {marks[s.matched]}: {s.reason}" for s in self.steps)
        decided = f", decided by `{self.verdict.decided_by}`" if self.verdict.decided_by else ""
        return (*steps, f"{self.verdict.action}{decided}")


def decide(
    message: Message, findings: Sequence[Finding], policy: Policy, *, rules_revision: str = "", placeholders: Placeholders | None = None
) -> Verdict:
    """Return the verdict about a message; pure and deterministic but for the numbers that a conversation's placeholders have reached.

    Args:
        message: what an agent is about to read or do.
        findings: what was seen in it.
        policy: the policy in force.
        rules_revision: revision of the detection rules, kept in the verdict.
        placeholders: those of the conversation, so that equal values are redacted alike in all its messages; default: new ones.
    """
    if not findings and policy.allows_clean:
        code = text_hash(message.text) if message.kind is Kind.CODE else ""
        return Verdict(Action.ALLOW, message.id, policy_revision=policy.revision, rules_revision=rules_revision, content_hash=code)
    return _Case(message, findings, policy, placeholders=placeholders).verdict(rules_revision)


def explain(message: Message, findings: Sequence[Finding], policy: Policy, *, rules_revision: str = "") -> Explanation:
    """Return the verdict that `decide` returns, and every rule considered on the way to it."""
    steps: list[Step] = []
    verdict = _Case(message, findings, policy, steps).verdict(rules_revision)
    return Explanation(verdict, tuple(steps))


class _Case:
    """One message before the policy; `steps` collects the reasoning when somebody wants to know."""

    def __init__(
        self,
        message: Message,
        findings: Sequence[Finding],
        policy: Policy,
        steps: list[Step] | None = None,
        placeholders: Placeholders | None = None,
    ) -> None:
        self._placeholders = placeholders
        self._policy = policy
        self._message = policy.label(message)
        self._findings = (*findings, *self._own_findings())
        self._steps = steps
        self._held: dict[int, bool] = {}
        self._errors: list[Finding] = []

    def verdict(self, rules_revision: str) -> Verdict:
        rulings = [self._about(finding) for finding in self._findings]
        rulings += self._about_message()
        rulings += [self._about(error) for error in self._errors]
        worst = self._spared(rulings, max(rulings, key=_weight, default=Ruling(None, Action.ALLOW, "")))
        action = worst.action
        if self._policy.mode == "observe" and action is not Action.ALLOW:
            action = Action.FLAG
        findings = (*self._findings, *self._errors)
        needs_hash = self._message.kind is Kind.CODE or action in (Action.BLOCK, Action.REVIEW)
        return Verdict(
            action,
            self._message.id,
            findings,
            risk=risk(findings),
            decided_by=worst.decided_by,
            sanitized_text=self._sanitized(rulings, action),
            policy_revision=self._policy.revision,
            rules_revision=rules_revision,
            content_hash=text_hash(self._message.text) if needs_hash else "",
        )

    def _own_findings(self) -> Iterable[Finding]:
        flow = self._policy.flow
        edge = undeclared(self._message, flow.edges) if flow.mode != "learn" else None
        return [finding for finding in (edge, refused(self._message, self._policy.agents)) if finding is not None]

    def _about(self, finding: Finding) -> Ruling:
        ruling = self._built_in(finding) or self._by_rules(finding) or self._by_default(finding)
        return self._capped(ruling) if finding.rule == ATTACK else ruling

    def _built_in(self, finding: Finding) -> Ruling | None:
        """Decide what no rule may decide."""
        if finding.category is Category.INTERNAL_ERROR:
            return self._about_error(finding)
        if is_opinion(finding):
            return self._ruled(finding, Action.ALLOW, "judge", "the judge sees no attack")
        if finding.rule == ENDED:
            return self._ruled(finding, Action.BLOCK, "ended", "the conversation has ended")
        if finding.rule == UNDECLARED_EDGE and self._policy.flow.mode == "observe":
            return self._ruled(finding, Action.FLAG, "flow", "`flow.mode` is observe")
        return None

    def _about_error(self, finding: Finding) -> Ruling:
        if is_no_answer(finding):
            action = self._policy.judge.no_answer if self._policy.judge else Action.FLAG
            return self._ruled(finding, action, "judge", "`judge.no_answer` decides when the judge does not")
        if finding.severity is Severity.INFO:
            return self._ruled(finding, Action.ALLOW, "degraded", "another stage read the message in place of the one that is missing")
        action = self._policy.on_error.get(self._message.kind, Action.BLOCK)
        return self._ruled(finding, action, "on_error", f"an internal error in a message of kind {self._message.kind}")

    def _by_rules(self, finding: Finding) -> Ruling | None:
        rule = self._first(self._policy.finding_rules, finding)
        if rule is None:
            return None
        if rule.action is Action.REDACT and not can_redact(self._message.text, finding):
            return self._ruled(finding, Action.BLOCK, rule.name, "the finding covers no text that could be redacted, so all is withheld")
        return Ruling(finding, rule.action, rule.name)

    def _by_default(self, finding: Finding) -> Ruling:
        if finding.rule == ATTACK:
            action = Action.BLOCK if finding.confidence >= SURE else Action.REVIEW
            return self._ruled(finding, action, "judge", f"no rule fits, and the judge is {finding.confidence:.2f} sure of an attack")
        if finding.severity is Severity.INFO and finding.category in _CONFIDENTIAL:
            return self._ruled(finding, Action.ALLOW, "noted", "no rule fits, and personal data that does not leave is only noted")
        decider = {UNDECLARED_EDGE: "flow", NOT_PERMITTED: "permissions"}.get(finding.rule, "limits" if finding.rule in LIMITS else "")
        if decider:
            return self._ruled(finding, Action.BLOCK, decider, "no rule fits, and what a policy declares is held")
        return self._ruled(finding, Action.FLAG, "unmatched", "no rule fits")

    def _capped(self, ruling: Ruling) -> Ruling:
        most = self._policy.judge.raise_to if self._policy.judge else Action.BLOCK
        if ruling.finding is None or ruling.action.rank <= most.rank:
            return ruling
        return self._ruled(ruling.finding, most, "judge", f"`judge.raise` is {most}")

    def _spared(self, rulings: Sequence[Ruling], worst: Ruling) -> Ruling:
        """Return the ruling that decides when the judge's answer takes the place of a human's."""
        if worst.action is not Action.REVIEW or not spares_review(self._findings, self._policy.judge, self._message.kind):
            return worst
        asking = [ruling.finding for ruling in rulings if ruling.action is Action.REVIEW]
        if any(finding is None or finding.category in _NOT_FOR_A_JUDGE or finding.rule == ATTACK for finding in asking):
            return worst
        return self._ruled(worst.finding, Action.FLAG, "judge", "the judge is sure that the message is honest, so no human is asked")

    def _about_message(self) -> list[Ruling]:
        rule = self._first(self._policy.message_rules, None)
        return [Ruling(None, rule.action, rule.name)] if rule else []

    def _ruled(self, finding: Finding | None, action: Action, decider: str, reason: str) -> Ruling:
        if self._steps is not None:
            self._steps.append(Step(finding.rule if finding else "message", decider, action, matched=True, reason=reason))
        return Ruling(finding, action, decider)

    def _first(self, rules: Sequence[Rule], finding: Finding | None) -> Rule | None:
        for rule in rules:
            selector = unmet(rule, self._message, finding)
            fits = not selector and (rule.when is None or self._holds(rule))
            if self._steps is not None:
                self._steps.append(self._step(rule, finding, selector, fits))
            if fits:
                return rule
        return None

    def _holds(self, rule: Rule) -> bool:
        known = self._held.get(id(rule))
        if known is None:
            known = self._held[id(rule)] = self._evaluated(rule)
        return known

    def _evaluated(self, rule: Rule) -> bool:
        try:
            return rule.when is None or rule.when.holds((self._message, self._findings, self._speaker()))
        except ConditionError as error:
            self._errors.append(_condition_failed(rule, str(error)))
        except Exception as error:  # noqa: BLE001 - a defect of ours must not open the gate
            self._errors.append(_condition_failed(rule, type(error).__name__))
        return False

    def _speaker(self) -> Speaker:
        agent = self._policy.agents.get(self._message.sender)
        origin, may = (agent.origin, agent.may or ()) if agent else ("", ())
        return Speaker(self._message.sender, self._message.trust, origin, may)

    def _step(self, rule: Rule, finding: Finding | None, selector: str, fits: bool) -> Step:  # noqa: FBT001 - private
        subject = finding.rule if finding else "message"
        if selector:
            reason = why_unmet(selector, rule, self._message, finding)
        elif rule.when:
            reason = f"its condition {'holds' if fits else 'does not hold'}"
        else:
            reason = "every selector fits"
        return Step(subject, rule.name, rule.action, fits, f"{reason}, so {rule.action}" if fits else reason, rule.place)

    def _sanitized(self, rulings: Iterable[Ruling], action: Action) -> str | None:
        """Return the text without what was ruled out of it; where nothing is delivered redacted, without any secret or personal data."""
        removed = [ruling.finding for ruling in rulings if ruling.finding and _is_removed(ruling, ruling.finding, action)]
        text = self._message.text
        return redact(text, removed, self._placeholders) if any(can_redact(text, finding) for finding in removed) else None


def _is_removed(ruling: Ruling, finding: Finding, action: Action) -> bool:
    if ruling.action is Action.ALLOW:
        return False
    return ruling.action is Action.REDACT or (action is not Action.REDACT and finding.category in _CONFIDENTIAL)


def _weight(ruling: Ruling) -> tuple[int, int, float]:
    finding = ruling.finding
    return (ruling.action.rank, finding.severity.rank, finding.confidence) if finding else (ruling.action.rank, -1, 0.0)


def _condition_failed(rule: Rule, why: str) -> Finding:
    return Finding(
        rule=CONDITION_FAILED,
        category=Category.INTERNAL_ERROR,
        severity=Severity.HIGH,
        summary=f"the condition of rule `{rule.name}` had no answer: {why}",
        remediation="Make the condition hold for every message, for example with `has(...)`; `rune policy explain` shows where it fails.",
    )

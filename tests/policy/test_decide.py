"""From findings to a verdict."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rune.conversation.flow import UNDECLARED_EDGE, Edge
from rune.conversation.state import ENDED, LIMITS
from rune.policy.condition import Condition, compile_condition
from rune.policy.decide import CONDITION_FAILED, decide, explain
from rune.policy.load import load_policy
from rune.policy.model import DECIDERS, Agent, Flow, Policy, Rule
from rune.policy.permissions import NOT_PERMITTED
from rune.types import Action, Category, Direction, Finding, Kind, Message, Severity, Span, Trust

CHAT = Message("my key is abc", sender="coder", recipient="reviewer")
CODE = Message("print(1)", Kind.CODE, sender="coder", metadata={"language": "python"})


def found(category: str = "prompt_injection", severity: str = "high", rule: str = "RUNE-X-001", **more: Any) -> Finding:
    return Finding(rule, Category(category), Severity(severity), "something", **more)


def rule(name: str, action: str, **selectors: Any) -> Rule:
    return Rule(name, Action(action), **selectors)


INJECTION = found()
SECRET = found("secret", span=Span(10, 13))
BROKEN = found("internal_error", rule="RUNE-ERROR-001")
BLOCK_INJECTION = rule("block-injection", "block", categories=(Category.PROMPT_INJECTION,), severity=Severity.HIGH)
REDACT_SECRETS = rule("redact-secrets", "redact", categories=(Category.SECRET,))
REVIEW_CODE = rule("review-code", "review", kinds=(Kind.CODE,))


case = pytest.param


@pytest.mark.parametrize(
    ("rules", "message", "findings", "action", "decided_by"),
    [
        case([], CHAT, [], "allow", "", id="nothing found"),
        case([], CHAT, [INJECTION], "flag", "unmatched", id="no rule"),
        case([BLOCK_INJECTION], CHAT, [INJECTION], "block", "block-injection", id="a rule fits"),
        case([BLOCK_INJECTION], CHAT, [found(severity="medium")], "flag", "unmatched", id="too mild for the rule"),
        case([BLOCK_INJECTION], CHAT, [INJECTION, SECRET], "block", "block-injection", id="the worst finding decides"),
        case([REDACT_SECRETS], CHAT, [INJECTION, SECRET], "redact", "redact-secrets", id="redacting is worse than flagging"),
        case([rule("trust", "allow", rules=("RUNE-X-*",)), BLOCK_INJECTION], CHAT, [INJECTION], "allow", "trust", id="first rule wins"),
        case([BLOCK_INJECTION, rule("trust", "allow", rules=("*",))], CHAT, [INJECTION], "block", "block-injection", id="in order"),
        case([REVIEW_CODE], CODE, [], "review", "review-code", id="a rule about messages"),
        case([REVIEW_CODE], CHAT, [], "allow", "", id="a rule about other messages"),
        case([REVIEW_CODE, BLOCK_INJECTION], CODE, [INJECTION], "block", "block-injection", id="a milder message rule"),
        case([rule("fine", "allow", senders=("coder",)), BLOCK_INJECTION], CHAT, [INJECTION], "block", "block-injection", id="nor allow"),
        case([rule("fine", "allow", kinds=(Kind.CODE,)), REVIEW_CODE], CODE, [], "allow", "fine", id="first message rule wins"),
        case([rule("all", "block", severity=Severity.INFO)], CHAT, [found("pii", "info")], "block", "all", id="any severity"),
        case([], CHAT, [found("pii", "info")], "allow", "noted", id="personal data that stays inside is noted"),
        case([], CHAT, [found("pii", "low")], "flag", "unmatched", id="what leaves is flagged"),
        case([], CHAT, [found("limits", "info")], "flag", "unmatched", id="nothing else is noted"),
        case([], CHAT, [found("limits", rule=max(LIMITS))], "block", "limits", id="limits are held"),
        case([rule("l", "flag", categories=(Category.LIMITS,))], CHAT, [found("limits", rule="RUNE-LIMIT-001")], "flag", "l", id="unless"),
        case([], CHAT, [found("limits", rule="RUNE-INPUT-002")], "flag", "unmatched", id="a limit of reading"),
        case([rule("l", "allow", rules=("*",))], CHAT, [found("limits", rule=ENDED)], "block", "ended", id="ended stays ended"),
        case([rule("e", "allow", rules=("*",))], CHAT, [BROKEN], "flag", "on_error", id="an error in chat"),
        case([], CODE, [BROKEN], "block", "on_error", id="an error in code"),
        case([REDACT_SECRETS], CHAT, [found("secret")], "block", "redact-secrets", id="nothing to redact is nothing to deliver"),
        case([REDACT_SECRETS], CHAT, [found("secret", span=Span(99, 100))], "block", "redact-secrets", id="nor beyond the text"),
    ],
)  # fmt: skip
def test_actions(rules: list[Rule], message: Message, findings: list[Finding], action: str, decided_by: str) -> None:
    verdict = decide(message, findings, Policy(rules=tuple(rules)))
    assert (verdict.action.value, verdict.decided_by) == (action, decided_by)
    assert verdict.findings == tuple(findings)
    assert verdict.message_id == message.id
    assert not decided_by or decided_by in (*DECIDERS, *(r.name for r in rules))


@pytest.mark.parametrize("action", ["flag", "redact", "review", "block"])
def test_observing_flags_and_names_the_rule_that_would_have_acted(action: str) -> None:
    policy = Policy(mode="observe", rules=(rule("r", action, categories=(Category.SECRET,)),))
    verdict = decide(CHAT, [SECRET], policy)
    assert (verdict.action, verdict.decided_by, verdict.content_hash) == (Action.FLAG, "r", "")
    assert decide(CHAT, [], policy).action is Action.ALLOW


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("action", [Action.FLAG, Action.REVIEW, Action.BLOCK])
def test_an_internal_error_is_decided_by_the_kind_of_message(kind: Kind, action: Action) -> None:
    verdict = decide(Message("x", kind), [BROKEN], Policy(on_error={kind: action}))
    assert (verdict.action, verdict.decided_by, verdict.degraded) == (action, "on_error", True)


def test_a_kind_without_a_decision_about_errors_is_blocked() -> None:
    assert decide(CHAT, [BROKEN], Policy(on_error={})).blocked


class TestFlow:
    """Edges and permissions that a policy declares."""

    EDGES = Flow("enforce", (Edge("coder", "executor"),))

    @pytest.mark.parametrize(
        ("flow", "action", "decided_by"),
        [
            pytest.param(Flow("learn"), "allow", "", id="learning"),
            pytest.param(replace(EDGES, mode="observe"), "flag", "flow", id="observing"),
            pytest.param(EDGES, "block", "flow", id="enforcing"),
            pytest.param(Flow("enforce", (Edge("coder", "reviewer"),)), "allow", "", id="a declared edge"),
        ],
    )
    def test_an_undeclared_edge(self, flow: Flow, action: str, decided_by: str) -> None:
        verdict = decide(CHAT, [], Policy(flow=flow))
        assert (verdict.action.value, verdict.decided_by) == (action, decided_by)
        assert [finding.rule for finding in verdict.findings] == ([UNDECLARED_EDGE] if decided_by else [])

    def test_a_rule_can_decide_about_edges(self) -> None:
        policy = Policy(flow=self.EDGES, rules=(rule("ask", "review", categories=(Category.FLOW,)),))
        assert decide(CHAT, [], policy).decided_by == "ask"

    def test_an_observed_edge_is_not_blocked_by_a_rule_for_all(self) -> None:
        policy = Policy(flow=replace(self.EDGES, mode="observe"), rules=(rule("all", "block", severity=Severity.INFO),))
        assert decide(CHAT, [], policy).action is Action.FLAG

    def test_an_act_without_permission(self) -> None:
        verdict = decide(CODE, [], Policy(agents={"coder": Agent(may=("code.shell",))}))
        assert (verdict.action, verdict.decided_by) == (Action.BLOCK, "permissions")
        assert [finding.rule for finding in verdict.findings] == [NOT_PERMITTED]

    def test_an_act_with_permission(self) -> None:
        assert decide(CODE, [], Policy(agents={"coder": Agent(may=("code.python",))})).action is Action.ALLOW


class TestConditions:
    """The `when:` of a rule."""

    @staticmethod
    def policy(when: str, action: str = "block", **selectors: Any) -> Policy:
        return Policy(rules=(rule("r", action, when=compile_condition(when), **selectors),))

    def test_the_example_of_the_documentation(self) -> None:
        policy = self.policy('message.kind == "code" && "web" in message.origins', "review")
        assert decide(replace(CODE, origins=("web",)), [], policy).decided_by == "r"
        assert decide(CODE, [], policy).action is Action.ALLOW

    def test_a_condition_is_one_more_selector(self) -> None:
        policy = self.policy("message.length > 5", categories=(Category.PROMPT_INJECTION,))
        assert decide(Message("a long text"), [INJECTION], policy).decided_by == "r"
        assert decide(Message("short"), [INJECTION], policy).decided_by == "unmatched"

    def test_a_condition_sees_all_findings(self) -> None:
        policy = self.policy('findings.exists(f, f.category == "secret") && findings.exists(f, f.category == "prompt_injection")')
        assert decide(CHAT, [SECRET, INJECTION], policy).blocked
        assert not decide(CHAT, [SECRET], policy).blocked

    def test_a_condition_sees_what_the_policy_knows_about_the_agent(self) -> None:
        policy = self.policy('agent.trust == "untrusted" && agent.origin == "web" && "web" in message.origins && agent.may == ["code"]')
        agents = {"coder": Agent(Trust.UNTRUSTED, "web", ("code",))}
        assert decide(CHAT, [], replace(policy, agents=agents)).blocked
        assert not decide(CHAT, [], policy).blocked

    @pytest.mark.parametrize(("message", "action"), [(CHAT, Action.FLAG), (CODE, Action.BLOCK)], ids=["chat", "code"])
    def test_a_condition_without_an_answer_is_an_error_and_no_pass(self, message: Message, action: Action) -> None:
        policy = self.policy("has(message.metadata.n) && message.metadata.n > 1", "allow")
        verdict = decide(replace(message, metadata={"n": "many"}), [], policy)
        assert (verdict.action, verdict.decided_by, verdict.degraded) == (action, "on_error", True)
        (error,) = verdict.findings
        assert error.rule == CONDITION_FAILED
        assert error.summary == "the condition of rule `r` had no answer: `>` cannot compare a string and an int"

    def test_an_exemption_whose_condition_fails_exempts_nothing(self) -> None:
        exempt = self.policy("has(message.metadata.n) && message.metadata.n > 1", "allow", rules=("*",)).rules
        policy = Policy(rules=(*exempt, BLOCK_INJECTION))
        verdict = decide(replace(CHAT, metadata={"n": []}), [INJECTION], policy)
        assert verdict.decided_by == "block-injection"
        assert [finding.rule for finding in verdict.findings] == [INJECTION.rule, CONDITION_FAILED]

    def test_a_condition_that_fails_for_several_findings_fails_once(self) -> None:
        policy = self.policy("has(message.metadata.n) && message.metadata.n > 1", rules=("*",))
        verdict = decide(replace(CHAT, metadata={"n": []}), [INJECTION, SECRET, found("pii")], policy)
        assert [finding.rule for finding in verdict.findings].count(CONDITION_FAILED) == 1

    def test_a_defect_in_a_condition_is_an_error_too(self) -> None:
        def broken(_: object) -> bool:
            raise ZeroDivisionError("the secret")

        policy = Policy(rules=(rule("r", "allow", when=Condition("x", broken)),))
        verdict = decide(CODE, [], policy)
        assert verdict.blocked
        assert "ZeroDivisionError" in verdict.findings[0].summary
        assert "secret" not in verdict.findings[0].summary


class TestLabels:
    """Trust and origins that the policy gives an agent's words."""

    def test_a_rule_sees_the_trust_of_the_policy(self) -> None:
        strangers = rule("strangers", "block", trusts=(Trust.UNTRUSTED,))
        assert decide(CHAT, [], Policy(rules=(strangers,), agents={"coder": Agent(Trust.UNTRUSTED)})).blocked
        assert not decide(CHAT, [], Policy(rules=(strangers,))).blocked

    def test_a_rule_sees_the_origin_of_the_policy(self) -> None:
        web = rule("web", "block", origins=("web",))
        assert decide(CHAT, [], Policy(rules=(web,), agents={"coder": Agent(origin="web")})).blocked


class TestText:
    """What is delivered, shown and bound."""

    TEXT = Message("mail a@b.c, key abc")
    FINDINGS = (found("pii", "low", span=Span(5, 10)), found("secret", span=Span(16, 19)), found(span=Span(0, 4)))

    def test_a_redacted_message_loses_only_what_was_ruled_out(self) -> None:
        verdict = decide(self.TEXT, self.FINDINGS, Policy(rules=(REDACT_SECRETS,)))
        assert (verdict.action, verdict.sanitized_text) == (Action.REDACT, "mail a@b.c, key [REDACTED:secret]")

    @pytest.mark.parametrize("rules", [(), (BLOCK_INJECTION,)], ids=["flagged", "blocked"])
    def test_otherwise_the_sanitized_text_has_neither_secrets_nor_personal_data(self, rules: tuple[Rule, ...]) -> None:
        verdict = decide(self.TEXT, self.FINDINGS, Policy(rules=rules))
        assert verdict.sanitized_text == "mail [REDACTED:pii], key [REDACTED:secret]"

    def test_what_is_allowed_is_not_cut_out(self) -> None:
        policy = Policy(rules=(rule("fine", "allow", categories=(Category.PII,)),))
        assert decide(self.TEXT, self.FINDINGS, policy).sanitized_text == "mail a@b.c, key [REDACTED:secret]"

    def test_without_secrets_there_is_no_sanitized_text(self) -> None:
        assert decide(self.TEXT, [INJECTION], Policy()).sanitized_text is None

    @pytest.mark.parametrize(
        ("message", "rules", "bound"),
        [
            pytest.param(CHAT, (), False, id="a flagged message"),
            pytest.param(CHAT, (BLOCK_INJECTION,), True, id="a blocked message"),
            pytest.param(CHAT, (rule("r", "review", categories=(Category.PROMPT_INJECTION,)),), True, id="a message in review"),
            pytest.param(CODE, (), True, id="code"),
        ],
    )
    def test_what_is_withheld_or_would_run_is_bound_by_its_hash(self, message: Message, rules: tuple[Rule, ...], bound: bool) -> None:
        digest = hashlib.sha256(message.text.encode()).hexdigest()
        assert decide(message, [INJECTION], Policy(rules=rules)).content_hash == (digest if bound else "")

    def test_code_without_findings_is_bound_too(self) -> None:
        assert decide(CODE, [], Policy()).content_hash == hashlib.sha256(b"print(1)").hexdigest()

    def test_a_lone_surrogate_has_a_hash(self) -> None:
        assert decide(Message("\ud800", Kind.CODE), [], Policy()).content_hash == hashlib.sha256(b"\xed\xa0\x80").hexdigest()


def test_revisions_are_in_every_verdict() -> None:
    policy = load_policy()
    for findings in ([], [INJECTION]):
        verdict = decide(CHAT, findings, policy, rules_revision="r1")
        assert (verdict.policy_revision, verdict.rules_revision) == (policy.revision, "r1")


class TestExplanation:
    """How a verdict came about."""

    POLICY = Policy(
        rules=(
            replace(REDACT_SECRETS, place="p.yaml:3"),
            replace(BLOCK_INJECTION, place="p.yaml:4"),
            replace(rule("long", "flag", when=compile_condition("message.length > 99")), place="p.yaml:5"),
            replace(rule("short", "flag", when=compile_condition("message.length < 99")), place="p.yaml:6"),
        )
    )

    def test_every_rule_considered_is_named_with_its_reason(self) -> None:
        explanation = explain(CHAT, [INJECTION, SECRET, found("pii"), BROKEN], self.POLICY)
        assert [(s.subject, s.rule, s.matched) for s in explanation.steps] == [
            ("RUNE-X-001", "redact-secrets", False),
            ("RUNE-X-001", "block-injection", True),
            ("RUNE-X-001", "redact-secrets", True),
            ("RUNE-X-001", "redact-secrets", False),
            ("RUNE-X-001", "block-injection", False),
            ("RUNE-X-001", "unmatched", True),
            ("RUNE-ERROR-001", "on_error", True),
            ("message", "long", False),
            ("message", "short", True),
        ]
        assert explanation.lines()[0] == (
            "RUNE-X-001: redact-secrets (p.yaml:3) no: category is `prompt_injection`, the rule wants `secret`"
        )
        assert explanation.lines()[1] == "RUNE-X-001: block-injection (p.yaml:4) matches: every selector fits, so block"
        assert explanation.lines()[-3] == "message: long (p.yaml:5) no: its condition does not hold"
        assert explanation.lines()[-2] == "message: short (p.yaml:6) matches: its condition holds, so flag"
        assert explanation.lines()[-1] == "block, decided by `block-injection`"

    def test_a_message_that_nothing_speaks_against(self) -> None:
        assert explain(CHAT, [], Policy()).lines() == ("allow",)

    def test_a_finding_that_cannot_be_redacted_says_so(self) -> None:
        steps = explain(CHAT, [found("secret")], self.POLICY).steps
        assert steps[1].action is Action.BLOCK
        assert "covers no text" in steps[1].reason


FINDINGS = st.lists(
    st.builds(
        Finding,
        st.sampled_from(["RUNE-INJ-001", "RUNE-LIMIT-001", ENDED, UNDECLARED_EDGE]),
        st.sampled_from(Category),
        st.sampled_from(Severity),
        st.just("s"),
        st.floats(0, 1),
        st.none() | st.builds(Span, st.integers(0, 12), st.integers(0, 12)),
    ),
    max_size=5,
)
MESSAGES = st.builds(
    Message,
    st.text(max_size=10),
    st.sampled_from(Kind),
    st.sampled_from(Direction),
    st.sampled_from(["", "a"]),
    trust=st.sampled_from(Trust),
)


@given(MESSAGES, FINDINGS, st.sampled_from(["observe", "balanced", "strict"]))
def test_an_explanation_and_a_decision_never_differ(message: Message, findings: list[Finding], preset: str) -> None:
    policy = load_policy(preset)
    verdict = decide(message, findings, policy)
    explanation = explain(message, findings, policy)
    assert explanation.verdict == verdict
    assert not verdict.decided_by or any(step.rule == verdict.decided_by and step.matched for step in explanation.steps)


@given(MESSAGES, FINDINGS)
def test_a_further_finding_never_makes_a_verdict_milder(message: Message, findings: list[Finding]) -> None:
    policy = load_policy()
    actions = [decide(message, findings[:count], policy).action.rank for count in range(len(findings) + 1)]
    assert actions == sorted(actions)


SCRIPT = """
from rune.policy.decide import decide
from rune.policy.load import load_policy, parse_policy
from rune.types import *
pairs = enumerate(zip(Category, list(Severity) * 3))
findings = [Finding(f"RUNE-{c.value}", c, s, "x", 0.3 + i / 10, Span(i, i + 2)) for i, (c, s) in pairs]
message = Message("a text with many words in it", Kind.CODE, sender="a", origins=("web", "user"), id="m", time=0.0)
agents = "agents: {a: {may: [code.x], origin: file}, b: {}}"
rules = "rules: [{name: r, action: review, when: 'size(findings) > 3'}]"
own = parse_policy(f'version: "1"\\nextends: strict\\n{agents}\\n{rules}')
for policy in (load_policy(), load_policy("strict"), own):
    print(policy.revision, decide(message, findings, policy).to_json())
"""


def test_verdicts_are_the_same_to_the_byte_under_any_hash_seed() -> None:
    outputs = {
        subprocess.run([sys.executable, "-c", SCRIPT], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(outputs) == 1
    assert outputs.pop().count(b'"action":"block"') == 3

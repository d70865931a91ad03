"""What a policy is, once it was read."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from rune.conversation.flow import Edge
from rune.limits import ConversationLimits
from rune.policy.condition import compile_condition
from rune.policy.model import ON_ERROR, Agent, Flow, Policy, ReviewSettings, Rule, TranscriptSettings
from rune.types import Action, Category, Kind, Message, Severity, Trust

FULL = Policy(
    rules=(Rule("r", Action.BLOCK, categories=(Category.PII,), when=compile_condition("message.length > 1")),),
    agents={"a": Agent(Trust.UNTRUSTED, "web", ("code.python",))},
    flow=Flow("enforce", (Edge("a", "b"),)),
)


def test_errors_block_what_acts_and_flag_what_is_said() -> None:
    assert {kind.value: action.value for kind, action in ON_ERROR.items()} == {
        "chat": "flag",
        "code": "block",
        "tool_call": "block",
        "tool_result": "flag",
        "document": "flag",
        "memory": "flag",
        "system": "flag",
    }


def test_a_policy_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        FULL.mode = "observe"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("rule", "about_findings"),
    [
        pytest.param(Rule("r", Action.FLAG), False, id="no selector"),
        pytest.param(Rule("r", Action.FLAG, kinds=(Kind.CODE,), senders=("a",), when=compile_condition("true")), False, id="of messages"),
        pytest.param(Rule("r", Action.FLAG, categories=(Category.PII,)), True, id="category"),
        pytest.param(Rule("r", Action.FLAG, rules=("*",)), True, id="rule"),
        pytest.param(Rule("r", Action.FLAG, severity=Severity.INFO), True, id="severity"),
        pytest.param(Rule("r", Action.FLAG, confidence=0.1), True, id="confidence"),
    ],
)
def test_a_rule_is_about_findings_or_about_messages(rule: Rule, about_findings: bool) -> None:
    assert rule.is_about_findings is about_findings
    policy = Policy(rules=(rule,))
    assert (policy.finding_rules, policy.message_rules) == (((rule,), ()) if about_findings else ((), (rule,)))


@pytest.mark.parametrize(
    ("policy", "allows"),
    [
        pytest.param(Policy(), True, id="no rules"),
        pytest.param(Policy(rules=(Rule("r", Action.BLOCK, severity=Severity.LOW),)), True, id="rules about findings"),
        pytest.param(Policy(rules=(Rule("r", Action.BLOCK, kinds=(Kind.CODE,)),)), False, id="rules about messages"),
        pytest.param(Policy(flow=Flow("observe")), False, id="edges"),
        pytest.param(Policy(agents={"a": Agent(Trust.UNTRUSTED)}), True, id="agents with a trust"),
        pytest.param(Policy(agents={"a": Agent(may=())}), False, id="agents with permissions"),
    ],
)
def test_whether_a_message_without_findings_is_allowed_at_once(policy: Policy, allows: bool) -> None:
    assert policy.allows_clean is allows


def test_the_canonical_form_is_json() -> None:
    assert json.loads(json.dumps(FULL.to_dict())) == {
        "version": "1",
        "mode": "enforce",
        "rules": [
            {
                "name": "r",
                "action": "block",
                "categories": ["pii"],
                "rules": [],
                "severity": None,
                "confidence": 0.0,
                "kinds": [],
                "directions": [],
                "senders": [],
                "recipients": [],
                "origins": [],
                "trusts": [],
                "when": "message.length > 1",
            }
        ],
        "agents": {"a": {"trust": "untrusted", "origin": "web", "may": ["code.python"]}},
        "flow": {"mode": "enforce", "edges": ["a -> b"]},
        "limits": dict.fromkeys(("rounds", "message_chars", "messages_per_minute", "total_messages_per_minute", "tokens", "minutes")),
        "on_error": {kind.value: action.value for kind, action in ON_ERROR.items()},
        "transcript": {"content": "redacted"},
        "review": {"timeout": 300.0},
    }


@pytest.mark.parametrize(
    "change",
    [
        {"mode": "observe"},
        {"rules": ()},
        {"agents": {}},
        {"flow": Flow("observe", (Edge("a", "b"),))},
        {"limits": ConversationLimits(rounds=1)},
        {"on_error": {Kind.CHAT: Action.BLOCK}},
        {"transcript": TranscriptSettings("full")},
        {"review": ReviewSettings(1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_revision_changes_with_everything_that_decides(change: dict[str, Any]) -> None:
    assert replace(FULL, **change).revision != FULL.revision


def test_the_revision_does_not_change_with_what_does_not_decide() -> None:
    described = replace(FULL.rules[0], description="why", place="elsewhere.yaml:7")
    assert replace(FULL, name="other", rules=(described,)).revision == FULL.revision
    assert len(FULL.revision) == 12


def test_the_revision_depends_on_the_order_of_rules() -> None:
    a, b = Rule("a", Action.FLAG), Rule("b", Action.FLAG)
    assert Policy(rules=(a, b)).revision != Policy(rules=(b, a)).revision


@pytest.mark.parametrize(
    ("agent", "message", "trust", "origins"),
    [
        pytest.param(Agent(), Message("x", sender="a"), Trust.INTERNAL, (), id="nothing known"),
        pytest.param(Agent(Trust.TRUSTED), Message("x", sender="a"), Trust.TRUSTED, (), id="trusted by the policy"),
        pytest.param(Agent(Trust.UNTRUSTED), Message("x", sender="a"), Trust.UNTRUSTED, (), id="not trusted by the policy"),
        pytest.param(Agent(Trust.TRUSTED), Message("x", sender="a", trust=Trust.UNTRUSTED), Trust.UNTRUSTED, (), id="never cleaned"),
        pytest.param(Agent(origin="web"), Message("x", sender="a"), Trust.INTERNAL, ("web",), id="reads the web"),
        pytest.param(Agent(origin="web"), Message("x", sender="a", origins=("user",)), Trust.INTERNAL, ("user", "web"), id="and more"),
        pytest.param(Agent(origin="web"), Message("x", sender="a", origins=("web",)), Trust.INTERNAL, ("web",), id="known already"),
        pytest.param(Agent(Trust.TRUSTED, "web"), Message("x", sender="b"), Trust.INTERNAL, (), id="somebody else"),
    ],
)
def test_labels(agent: Agent, message: Message, trust: Trust, origins: tuple[str, ...]) -> None:
    labelled = Policy(agents={"a": agent}).label(message)
    assert (labelled.trust, labelled.origins) == (trust, origins)
    assert labelled.id == message.id


def test_a_message_that_needs_no_label_is_the_same_object() -> None:
    message = Message("x", sender="a", origins=("web",))
    assert Policy(agents={"a": Agent(origin="web")}).label(message) is message


def test_a_switched_off_rule_makes_another_revision() -> None:
    assert replace(Policy(), rules_off=("RUNE-INJ-001",)).revision != Policy().revision

"""One policy laid over another."""

from __future__ import annotations

from rune.conversation.flow import Edge
from rune.limits import ConversationLimits
from rune.policy.draft import Draft
from rune.policy.model import ON_ERROR, Agent, Flow, Policy, ReviewSettings, Rule, TranscriptSettings
from rune.types import Action, Kind


def rules(*names: str, action: Action = Action.FLAG) -> tuple[Rule, ...]:
    return tuple(Rule(name, action) for name in names)


def test_own_rules_come_first_and_a_rule_of_the_same_name_takes_its_place() -> None:
    base = Draft(rules=rules("a", "b", "c"))
    own = Draft(rules=rules("new", "b", "newer", action=Action.BLOCK))
    laid = own.over(base).rules
    assert [(rule.name, rule.action.value) for rule in laid] == [
        ("new", "block"),
        ("newer", "block"),
        ("a", "flag"),
        ("b", "block"),
        ("c", "flag"),
    ]


def test_agents_limits_and_errors_are_laid_over_one_by_one() -> None:
    base = Draft(
        agents={"a": Agent(origin="x"), "b": Agent(origin="x")}, limits={"rounds": 1, "tokens": 2}, on_error={Kind.CHAT: Action.FLAG}
    )
    own = Draft(agents={"b": Agent(origin="y")}, limits={"rounds": None}, on_error={Kind.CODE: Action.REVIEW})
    laid = own.over(base)
    assert laid.agents == {"a": Agent(origin="x"), "b": Agent(origin="y")}
    assert laid.limits == {"rounds": None, "tokens": 2}
    assert laid.on_error == {Kind.CHAT: Action.FLAG, Kind.CODE: Action.REVIEW}


def test_the_rest_is_replaced_as_a_whole() -> None:
    base = Draft(mode="observe", flow=Flow("enforce", (Edge("a", "b"),)), transcript=TranscriptSettings("full"), review=ReviewSettings(1))
    assert Draft().over(base) == base
    own = Draft(mode="enforce", flow=Flow("learn"), transcript=TranscriptSettings("hash"), review=ReviewSettings(2))
    assert own.over(base) == own


def test_the_name_of_the_base_is_not_inherited() -> None:
    assert Draft().over(Draft(name="base")).policy("file").name == "file"
    assert Draft(name="own").over(Draft(name="base")).policy("file").name == "own"


def test_what_was_not_given_has_a_default() -> None:
    policy = Draft().policy("p")
    assert policy == Policy("p")
    assert policy.mode == "enforce"
    assert policy.on_error == ON_ERROR
    assert policy.limits == ConversationLimits()
    assert policy.transcript.content == "redacted"
    assert policy.flow.mode == "learn"


def test_switches_and_packs_are_joined() -> None:
    base = Draft(rules_off=("RUNE-INJ-001",), rule_packs=("base/rules",))
    own = Draft(rules_off=("RUNE-JB-001", "RUNE-INJ-001"), rule_packs=("rules",))

    assert own.over(base).rules_off == ("RUNE-INJ-001", "RUNE-JB-001")
    assert own.over(base).policy("p").rule_packs == ("base/rules", "rules")

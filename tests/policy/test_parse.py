"""From a tree of values to a draft of a policy."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rune.conversation.flow import Edge
from rune.errors import PolicyError
from rune.policy.draft import Draft
from rune.policy.model import DECIDERS, Agent, Flow, ReviewSettings, TranscriptSettings
from rune.policy.parse import KEYS, parse
from rune.policy.source import from_mapping, from_yaml
from rune.types import Action, Category, Direction, Kind, Severity, Trust

HEAD = 'version: "1"\n'


def read(yaml: str) -> Draft:
    return parse(from_yaml(yaml.encode(), "p.yaml"))


def errors(yaml: str) -> list[str]:
    with pytest.raises(PolicyError) as raised:
        read(yaml)
    return str(raised.value).splitlines()


def test_the_least_policy() -> None:
    assert read(HEAD) == Draft()


def test_everything_a_policy_can_say() -> None:
    draft = read("""
version: "1"
name: our policy
description: |
  what it is
  for
mode: observe
agents:
  user_proxy: {trust: trusted}
  web surfer: {trust: untrusted, origin: web, may: []}
  coder: {may: [code.python, "tool.web_*"]}
flow: {mode: observe, edges: ["user_proxy -> coder", "* -> logger"]}
rules:
  - name: everything
    description: selects by all there is
    category: [pii, secret]
    rule: RUNE-LEAK-*
    severity: high
    confidence: 0.5
    kind: chat
    direction: [inbound, outbound]
    sender: web*
    recipient: coder
    origin: ["tool:*", web]
    trust: untrusted
    when: message.length > 10
    action: redact
limits: {rounds: 10, message_chars: 20000, messages_per_minute: 60, total_messages_per_minute: 200, tokens: 200000, minutes: 1.5}
on_error: {code: review, chat: block}
transcript: {content: hash}
review: {timeout: 30}
""")
    (rule,) = draft.rules
    assert draft.name == "our policy"
    assert draft.mode == "observe"
    assert draft.agents == {
        "user_proxy": Agent(trust=Trust.TRUSTED),
        "web surfer": Agent(Trust.UNTRUSTED, "web", ()),
        "coder": Agent(may=("code.python", "tool.web_*")),
    }
    assert draft.flow == Flow("observe", (Edge("user_proxy", "coder"), Edge("*", "logger")))
    assert draft.limits == {
        "rounds": 10,
        "message_chars": 20000,
        "messages_per_minute": 60,
        "total_messages_per_minute": 200,
        "tokens": 200000,
        "minutes": 1.5,
    }
    assert draft.on_error == {Kind.CODE: Action.REVIEW, Kind.CHAT: Action.BLOCK}
    assert draft.transcript == TranscriptSettings("hash")
    assert draft.review == ReviewSettings(30.0)
    assert (rule.name, rule.action, rule.place) == ("everything", Action.REDACT, "p.yaml:14")
    assert (rule.categories, rule.rules, rule.severity, rule.confidence) == (
        (Category.PII, Category.SECRET),
        ("RUNE-LEAK-*",),
        Severity.HIGH,
        0.5,
    )
    assert (rule.kinds, rule.directions) == ((Kind.CHAT,), (Direction.INBOUND, Direction.OUTBOUND))
    assert (rule.senders, rule.recipients, rule.origins, rule.trusts) == (
        ("web*",),
        ("coder",),
        ("tool:*", "web"),
        (Trust.UNTRUSTED,),
    )
    assert rule.when
    assert rule.when.source == "message.length > 10"
    assert rule.description == "selects by all there is"


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        pytest.param("flow: {mode: learn}", Flow("learn"), id="learning needs no edges"),
        pytest.param('flow: {edges: ["a -> b"]}', Flow("enforce", (Edge("a", "b"),)), id="edges are enforced"),
        pytest.param("flow: {mode: enforce, edges: []}", Flow("enforce"), id="nobody may talk"),
    ],
)
def test_flow(yaml: str, expected: Flow) -> None:
    assert read(HEAD + yaml).flow == expected


def test_a_limit_is_switched_off_by_null() -> None:
    assert read(f"{HEAD}limits: {{rounds: null}}").limits == {"rounds": None}


RULE = "rules:\n  - {name: r, category: pii, action: flag"


@pytest.mark.parametrize(
    ("yaml", "error"),
    [
        pytest.param("", 'p.yaml:1: the policy is empty; the least one is `version: "1"`.', id="empty"),
        pytest.param("x", "p.yaml:1: the policy has to be a mapping, not the text `x`.", id="no mapping"),
        pytest.param("[]", "p.yaml:1: the policy has to be a mapping, not a list.", id="a list"),
        pytest.param("rules: []", 'p.yaml:1: no `version`; begin the policy with `version: "1"`.', id="no version"),
        pytest.param(
            "version: 1", 'p.yaml:1: `version` has to be the text "1", not the number `1`; quote it: `version: "1"`.', id="unquoted"
        ),
        pytest.param("version: 1.0", 'quote it: `version: "1.0"`.', id="unquoted old version"),
        pytest.param('version: "2"', 'p.yaml:1: `version` has to be the text "1", not the text `2`.', id="another version"),
        pytest.param(HEAD + "ruels: []", "p.yaml:2: unknown key `ruels` in the policy; did you mean `rules`?", id="unknown key"),
        pytest.param(HEAD + "mode: enforced", "p.yaml:2: unknown mode `enforced`; did you mean `enforce`?", id="unknown mode"),
        pytest.param(HEAD + "mode: [observe]", "p.yaml:2: mode has to be one of enforce, observe, not a list.", id="list as mode"),
        pytest.param(HEAD + "name: [x]", "p.yaml:2: `name` has to be a text, not a list.", id="list as name"),
        pytest.param(HEAD + "description: [x]", "p.yaml:2: `description` has to be a text", id="list as description"),
        pytest.param(HEAD + "extends: 7", "p.yaml:2: `extends` has to be a text, not the number `7`.", id="number as base"),
        pytest.param(HEAD + "agents: [a]", "p.yaml:2: `agents` has to be a mapping, not a list.", id="agents as list"),
        pytest.param(HEAD + "agents: {a: }", "p.yaml:2: agent `a` has to be a mapping, not nothing.", id="agent without facts"),
        pytest.param(HEAD + "agents: {a: {trust: full}}", "p.yaml:2: unknown trust `full`; use one of trusted, internal", id="trust"),
        pytest.param(HEAD + "agents: {a: {my: []}}", "p.yaml:2: unknown key `my` in agent `a`; did you mean `may`?", id="agent key"),
        pytest.param(HEAD + "agents: {a: {may: code}}", "p.yaml:2: `may` has to be a list, not the text `code`.", id="may as text"),
        pytest.param(HEAD + "agents: {a: {may: [python]}}", "p.yaml:2: `python` in `may` is no permission", id="permission"),
        pytest.param(HEAD + "agents: {a: {}, a: {}}", "p.yaml:2: `a` stands twice in `agents`", id="an agent twice"),
        pytest.param(HEAD + "flow: {mode: on}", "p.yaml:2: unknown mode `on` in `flow`", id="flow mode"),
        pytest.param(HEAD + "flow: {mode: enforce}", "p.yaml:2: `flow` is to enforce no edges", id="flow without edges"),
        pytest.param(HEAD + "flow: {edges: [a to b]}", "p.yaml:2: `a to b` is no edge; an edge is `sender -> recipient`", id="edge"),
        pytest.param(HEAD + "flow: {edges: [7]}", "p.yaml:2: an edge has to be a text, not the number `7`.", id="number as edge"),
        pytest.param(HEAD + "rules: {a: b}", "p.yaml:2: `rules` has to be a list, not a mapping.", id="rules as mapping"),
        pytest.param(HEAD + "rules: [x]", "p.yaml:2: a rule has to be a mapping, not the text `x`.", id="rule as text"),
        pytest.param(HEAD + "rules: [{action: flag}]", "p.yaml:2: a rule without a `name`", id="rule without a name"),
        pytest.param(HEAD + "rules: [{name: r}]", "p.yaml:2: rule `r` has no `action`; use one of allow", id="rule without an action"),
        pytest.param(HEAD + "rules: [{name: r, action: deny}]", "p.yaml:2: unknown action `deny` in rule `r`; use one of", id="action"),
        pytest.param(f"{HEAD}{RULE}, catgory: pii}}", "p.yaml:3: unknown key `catgory` in a rule; did you mean `category`?", id="rule key"),
        pytest.param(HEAD + "rules: [{name: r, category: pi, action: flag}]", "unknown category `pi`; did you mean `pii`?", id="category"),
        pytest.param(f"{HEAD}{RULE}, kind: cod}}", "p.yaml:3: unknown kind `cod`; did you mean `code`?", id="kind"),
        pytest.param(f"{HEAD}{RULE}, direction: input}}", "p.yaml:3: unknown direction `input`", id="direction"),
        pytest.param(f"{HEAD}{RULE}, severity: [high]}}", "p.yaml:3: severity has to be one of info, low", id="severity as list"),
        pytest.param(f"{HEAD}{RULE}, severity: hi}}", "p.yaml:3: unknown severity `hi`", id="severity"),
        pytest.param(f"{HEAD}{RULE}, confidence: 0}}", "p.yaml:3: `confidence` is `0`; use a number from 0.01 to 1.", id="confidence"),
        pytest.param(f"{HEAD}{RULE}, origin: 'a*b'}}", "p.yaml:3: `origin` `a*b` has `*` in the middle", id="origin"),
        pytest.param(f"{HEAD}{RULE}, when: true}}", "p.yaml:3: `when` has to be a condition in quotes, not the truth value", id="when"),
        pytest.param(f"{HEAD}{RULE}, when: 'message.knd == 1'}}", "did you mean `kind`? (character 9 of the condition).", id="condition"),
        pytest.param(
            f"{HEAD}{RULE}}}\n  - {{name: r, action: flag}}", "p.yaml:4: a second rule `r`; the first is at p.yaml:3.", id="twins"
        ),
        pytest.param(HEAD + "rules: [{name: r, action: redact}]", "p.yaml:2: rule `r` redacts, but selects no findings", id="redact"),
        pytest.param(HEAD + "rules: [{name: r, category: internal_error, action: allow}]", "use `on_error`", id="internal errors"),
        *(
            pytest.param(HEAD + f"rules: [{{name: {name}, action: flag}}]", "give the rule another name", id=f"rule named {name}")
            for name in DECIDERS
        ),
        pytest.param(HEAD + "limits: {round: 1}", "p.yaml:2: unknown key `round` in `limits`; did you mean `rounds`?", id="limit"),
        pytest.param(HEAD + "limits: {rounds: 0}", "p.yaml:2: limit `rounds` is `0`; use a whole number from 1 to", id="limit of nothing"),
        pytest.param(HEAD + "limits: {rounds: -1}", "p.yaml:2: limit `rounds` is `-1`", id="negative limit"),
        pytest.param(HEAD + "limits: {rounds: ten}", "p.yaml:2: limit `rounds` is `ten`", id="limit in words"),
        pytest.param(HEAD + "limits: {messages_per_minute: 10001}", "use a whole number from 1 to 10000.", id="limit that is none"),
        pytest.param(HEAD + "limits: 7", "p.yaml:2: `limits` has to be a mapping, not the number `7`.", id="limits as number"),
        pytest.param(
            HEAD + "on_error: {coed: block}", "p.yaml:2: unknown key `coed` in `on_error`; did you mean `code`?", id="kind of error"
        ),
        pytest.param(
            HEAD + "on_error: {code: allow}", "unknown action for `code` `allow` in `on_error`; use one of flag", id="silent error"
        ),
        pytest.param(HEAD + "transcript: {content: none}", "p.yaml:2: unknown content `none` in `transcript`", id="transcript"),
        pytest.param(HEAD + "review: {timeout: 0}", "p.yaml:2: `timeout` is `0`; use a number from 0.1 to 86400.", id="timeout"),
    ],
)
def test_a_mistake_is_named_with_its_line(yaml: str, error: str) -> None:
    (line,) = errors(yaml)
    assert line.startswith("p.yaml:")
    assert error in line


def test_all_mistakes_are_named_at_once() -> None:
    lines = errors(
        f"{HEAD}mode: x\nlimits: {{rounds: 0, minuets: 3}}\nrules:\n  - {{name: a, action: b}}\n  - {{name: c, kind: d, action: e}}"
    )
    assert [line.partition(": ")[0] for line in lines] == ["p.yaml:2", "p.yaml:3", "p.yaml:3", "p.yaml:5", "p.yaml:6", "p.yaml:6"]


def test_a_mapping_is_held_to_the_same() -> None:
    with pytest.raises(PolicyError) as raised:
        parse(from_mapping({"version": "1", "rules": [{"name": "r", "action": "deny"}]}))
    assert str(raised.value).startswith("policy: rules[0].action: unknown action `deny` in rule `r`;")


def _values() -> st.SearchStrategy[Any]:
    words = st.sampled_from(
        ["1", "1.0", "code", "block", "redact", "a -> b", "*", "high", "pii", "learn", "enforce", "true", "message.kind == 'x'"]
    )
    scalars = st.none() | st.booleans() | st.integers(-5, 10**7) | st.floats(allow_nan=True) | words | st.text(max_size=5)
    keys = st.sampled_from(sorted({key for part in KEYS.values() for key in part})) | st.text(max_size=3)
    return st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=6), max_leaves=12)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS["policy"]), _values(), max_size=8))
def test_any_mapping_is_a_policy_or_a_policy_error(value: dict[str, Any]) -> None:
    with suppress(PolicyError):
        parse(from_mapping({"version": "1", **value})).policy("p").to_dict()

"""Conditions from text to answer, held to the answers of another implementation of CEL."""

from __future__ import annotations

import threading
import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rune.policy.cel.compile import compile_expression
from rune.policy.cel.schema import AGENT_FIELDS, FINDING_FIELDS, MESSAGE_FIELDS
from rune.policy.facts import ConditionError, Speaker
from rune.types import Category, Direction, Finding, Kind, Message, Severity, Trust

METADATA = {"tool": "fetch", "n": 3, "x": 1.5, "flag": True, "none": None, "list": [1, 2], "deep": {"a": "b"}}
MESSAGE = Message("hello wörld 😀 1", Kind.CODE, Direction.INTERNAL, "coder", "executor", "c1", ("web", "user"), metadata=METADATA)
FINDINGS = (
    Finding("RUNE-INJ-001", Category.PROMPT_INJECTION, Severity.HIGH, "", 0.9, chain=("base64",)),
    Finding("RUNE-LEAK-001", Category.SECRET, Severity.LOW, ""),
)
FACTS = (MESSAGE, FINDINGS, Speaker("coder", Trust.INTERNAL, "", ("code.python",)))

ANSWERS = [
    ('message.kind == "code" && "web" in message.origins', True),
    ("message.kind == 'chat'", False),
    ('message.kind != "chat"', True),
    ('message.direction == "internal" && message.trust == "internal"', True),
    ('message.sender in ["coder", "reviewer"]', True),
    ('!(message.sender in ["reviewer"])', True),
    ('message.text.contains("wörld") && message.text.startsWith("hello") && message.text.endsWith("1")', True),
    ('message.text.matches("(?i)HELLO")', True),
    ('message.text.matches("^world")', False),
    ("message.text.size() == 15", True),
    ("size(message.text) == message.length", True),
    ("size(findings) == 2 && findings.size() > 1", True),
    ('findings.exists(f, f.severity == "high" && f.confidence > 0.5)', True),
    ("findings.all(f, f.confidence >= 1.0)", False),
    ('findings.exists_one(f, f.category == "secret")', True),
    ('findings.filter(f, f.severity in ["high", "critical"]).size() == 1', True),
    ('"secret" in findings.map(f, f.category)', True),
    ('findings[0].rule.startsWith("RUNE-INJ")', True),
    ('findings.exists(f, "base64" in f.chain)', True),
    ("findings.exists(f, findings.all(g, g.confidence >= f.confidence))", True),
    ("findings.exists(f, findings.exists(f, f.confidence < 1.0) && f.confidence == 1.0)", True),
    ('has(message.metadata.tool) && message.metadata.tool == "fetch"', True),
    ("has(message.metadata.missing)", False),
    ("has(message.sender)", True),
    ('has(message.metadata.missing) && message.metadata.missing == "x"', False),
    ('message.metadata["tool"] == "fetch" && "tool" in message.metadata', True),
    ("message.metadata.n > 2 && message.metadata.n + 1 == 4", True),
    ("message.metadata.x > 1.0", True),
    ("message.metadata.flag == true", True),
    ("message.metadata.none == null", True),
    ('message.metadata.deep.a == "b" && has(message.metadata.deep.a)', True),
    ("message.metadata.list.exists(v, v == 2)", True),
    ('message.metadata.exists(k, k == "tool")', True),
    ("message.metadata.list[1] == 2", True),
    ('agent.name == "coder" && "code.python" in agent.may', True),
    ('agent.trust == "untrusted" || agent.origin == "web"', False),
    ("message.length / 2 == 7 && message.length % 2 == 1 && -message.length < 0", True),
    ("message.length - 1 > 5 * 2", True),
    ('"a" + "b" == "ab"', True),
    ("1 < 2 ? true : false", True),
    ('message.kind == "code" ? message.length > 5 : message.length > 500', True),
    ("[1, 2] == [1, 2] && [1] != [2]", True),
    ("[].all(x, x) && ![].exists(x, x)", True),
    ("true || 1 / 0 == 1", True),
    ("1 / 0 == 1 || true", True),
    ("false && 1 / 0 == 1", False),
    ("1 / 0 == 1 && false", False),
    ("1.0 / 0.0 > 1.0", True),
    ("-7 / 2 == -3 && -7 % 2 == -1", True),
    ("0x10 == 16 && 1e3 == 1000.0", True),
    (r'"\u00e9" == "é" && r"\d" == "\\d"', True),
    ('"é😀".size() == 2', True),
    ("!!true && --1 == 1", True),
    ('"a" < "b" && false < true', True),
]

OURS = [
    ("message.length == 15.0 && message.length > 14.5", True),
    ("1 in [1.0, 2.0]", True),
    ("message.metadata.n == 3.0", True),
    ('message.metadata.n == "3"', False),
    ("message.metadata.flag == 1", False),
    ("message.metadata.list == [1.0, 2.0]", True),
    ('findings.exists(f, f.rule == "RUNE-LEAK-001" || message.metadata.missing == 1)', True),
]
"""Answers of the specification that the other implementation does not give: it refuses to compare an int with a double or a string."""


@pytest.mark.parametrize(("source", "answer"), [*ANSWERS, *OURS], ids=lambda value: str(value)[:60])
def test_answers(source: str, answer: bool) -> None:
    assert compile_expression(source)(FACTS) is answer


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("mesage.kind == 'code'", "unknown variable `mesage`; did you mean `message`?"),
        ("message.kidn == 'code'", "unknown field `kidn` of the message; did you mean `kind`? (character 9"),
        ("findings.exists(f, f.severty == 'low')", "unknown field `severty` of the finding; did you mean `severity`?"),
        ("agent.nam == 'x'", "unknown field `nam` of the agent"),
        ("message.kind == 'cod'", "no such word `cod`; did you mean `code`? (character 17"),
        ("'cod' == message.kind", "no such word `cod`"),
        ("message.kind in ['code', 'tool']", "no such word `tool`"),
        ("'secrets' in findings.map(f, f.category)", "no such word `secrets`; did you mean `secret`?"),
        ("message.kind", "has to be true or false, and this is string"),
        ("message.metadata.flag", "compare it with `== true`"),
        ("message.length", "has to be true or false, and this is int"),
        ("message.length == 'x'", "`==` compares int with string, which are never equal"),
        ("message == message", "`==` compares message with message"),
        ("message.origins == 'web'", "compares list of string with string"),
        ("message.kind < 1", "`<` cannot compare string and int"),
        ("message.origins < message.origins", "`<` cannot compare list"),
        ("message.kind + 1 == 'x'", "`+` cannot join string and int"),
        ("1 + 1.0 == 2.0", "`+` cannot join int and double"),
        ("1.5 % 1.0 == 0.5", "`%` cannot join double and double"),
        ("-message.kind == 'x'", "`-` needs a number, not string"),
        ("!message.kind", "needs true or false, not string"),
        ("message.kind && true", "needs true or false, not string"),
        ("message.kind ? true : false", "needs true or false, not string"),
        ("true ? 1 : 'a'", "one side of `:` is int, the other string"),
        ("1 in 'abc'", "`in` cannot find int in string"),
        ("1 in message.origins", "`in` cannot find int in list of string"),
        ("message.text[0] == 'h'", "string has no items by int"),
        ("findings['x'].rule == 'x'", "has no items by string"),
        ("message.text.kind == 'x'", "string has no fields"),
        ("message.origins.startsWith('x')", "`startsWith` needs a string, not list of string"),
        ("message.text.startsWith(1)", "`startsWith` needs a string, not int"),
        ("message.text.startswith('x')", "unknown function `startswith`; did you mean `startsWith`?"),
        ("message.text.startsWith()", "`startsWith` is called as `text.startsWith(part)`"),
        ("size(1) == 1", "`size` needs a string"),
        ("size() == 1", "`size` is called as `size(x)`"),
        ("message.text.matches(message.sender)", "needs its regular expression as a string in place"),
        ("message.text.matches('(')", "is no RE2 regular expression"),
        ("message.text.exists(c, c == 'x')", "`exists` goes through a list, not string"),
        ("findings.exists(f)", "`exists` is called as `list.exists(x, condition)`"),
        ("findings.exists(1, true)", "`exists` is called as"),
        ("findings.exists(f, f)", "needs true or false, not finding"),
        ("findings.all(f, f.rule)", "needs true or false, not string"),
        ("exists(findings, true)", "`exists` is called as"),
        ("has(message)", "`has` needs a field"),
        ("has(message.nope)", "unknown field `nope`"),
        ("timestamp('2020') == 1", "unknown function `timestamp`"),
        ("int('1') == 1", "unknown function `int`"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_at_load(source: str, problem: str) -> None:
    with pytest.raises(ConditionError) as error:
        compile_expression(source)
    assert problem in str(error.value)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("message.metadata.missing == 1", "no key `missing`"),
        ('message.metadata["missing"] == 1', "no key `missing`"),
        ("message.metadata.tool > 1", "cannot compare a string and an int"),
        ("message.metadata.tool && true", "needs true or false, not a string"),
        ("message.metadata.n.startsWith('x')", "needs a string, not an int"),
        ("message.metadata.n.deeper == 1", "has no items by"),
        ("message.length / 0 == 1", "division by zero"),
        ("findings[7].rule == 'x'", "no item 7"),
        ("1 in message.metadata.n", "`in` needs a list or a map"),
        ("message.metadata.n.exists(x, x)", "a macro needs a list or a map, not an int"),
    ],
)
def test_what_has_no_answer_for_these_facts(source: str, problem: str) -> None:
    condition = compile_expression(source)
    with pytest.raises(ConditionError) as error:
        condition(FACTS)
    assert problem in str(error.value)


def test_an_error_repeats_nothing_of_the_message() -> None:
    hostile = Message("the secret", metadata={"k": "v"})
    with pytest.raises(ConditionError) as error:
        compile_expression("message.metadata[message.text] == 1")((hostile, (), FACTS[2]))
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("depth", [10, 1_000, 100_000])
def test_metadata_nested_however_deep_does_no_harm(depth: int) -> None:
    nested: Any = "core"
    for _ in range(depth):
        nested = [nested]
    facts = (Message("x", metadata={"a": nested, "b": nested}), (), FACTS[2])
    condition = compile_expression("has(message.metadata.a) && message.metadata.a == message.metadata.b")
    if depth <= 10:
        assert condition(facts)
    else:
        with pytest.raises(ConditionError):
            condition(facts)


def test_metadata_however_long_is_bounded_work() -> None:
    facts = (Message("x", metadata={"a": list(range(1_000_000))}), (), FACTS[2])
    with pytest.raises(ConditionError, match="rounds of macros"):
        compile_expression("message.metadata.a.all(x, message.metadata.a.all(y, y == y))")(facts)


def test_a_long_chain_runs() -> None:
    assert compile_expression(" + ".join(["1"] * 250) + " == 250")(FACTS)
    assert compile_expression(" && ".join(["true"] * 290))(FACTS)


def test_a_stack_that_is_used_up_is_an_error_of_ours() -> None:
    condition = compile_expression(" + ".join(["1"] * 250) + " == 250")

    def at_the_end_of_the_stack() -> bool:
        try:
            return at_the_end_of_the_stack()
        except RecursionError:
            return condition(FACTS)

    with pytest.raises(ConditionError, match="nested too deep"):
        at_the_end_of_the_stack()


def test_one_condition_in_many_threads() -> None:
    condition = compile_expression("findings.exists(f, findings.exists(g, f.rule == g.rule && f.confidence < 1.0))")
    answers: list[bool] = []
    threads = [threading.Thread(target=lambda: answers.extend(condition(FACTS) for _ in range(200))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 1_600


def reference(source: str) -> bool | None:
    """Return the answer of `cel-python`, None where it has none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        celpy = pytest.importorskip("celpy")
    message, findings, agent = FACTS
    facts = {
        "message": {name: _json(field.read(message)) for name, field in MESSAGE_FIELDS.items()},
        "findings": [{name: _json(field.read(finding)) for name, field in FINDING_FIELDS.items()} for finding in findings],
        "agent": {name: _json(field.read(agent)) for name, field in AGENT_FIELDS.items()},
    }
    environment = celpy.Environment()
    try:
        answer = environment.program(environment.compile(source)).evaluate(celpy.json_to_cel(facts))
    except (celpy.CELEvalError, celpy.CELParseError):
        return None
    return bool(answer) if isinstance(answer, celpy.celtypes.BoolType) else None


def _json(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize(("source", "answer"), ANSWERS, ids=lambda value: str(value)[:60])
def test_the_other_implementation_gives_the_same_answers(source: str, answer: bool) -> None:
    assert reference(source) is answer


def _numbers() -> st.SearchStrategy[str]:
    leaves = st.sampled_from(["0", "1", "7", "message.length", "size(findings)", "message.metadata.n", "size(message.origins)"])
    return st.recursive(leaves, lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from("+-*/%"), inner), max_leaves=4)


def _strings() -> st.SearchStrategy[str]:
    return st.sampled_from(['"web"', '"code"', '""', "message.sender", "message.text", "message.metadata.tool", "agent.name"])


def _truths() -> st.SearchStrategy[str]:
    relation = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    leaves = st.one_of(
        st.sampled_from(["true", "false", "has(message.metadata.tool)", "has(message.metadata.nothing)", "message.metadata.flag == true"]),
        st.builds("{} {} {}".format, _numbers(), relation, _numbers()),
        st.builds("{} {} {}".format, _strings(), relation, _strings()),
        st.builds("{} in message.origins".format, _strings()),
        st.builds("{}.contains({})".format, _strings(), _strings()),
        st.builds("findings.exists(f, f.confidence < {}.0)".format, st.integers(0, 2)),
        st.builds("message.origins.all(o, o != {})".format, _strings()),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds("({} && {})".format, inner, inner),
            st.builds("({} || {})".format, inner, inner),
            st.builds("!({})".format, inner),
            st.builds("({} ? {} : {})".format, inner, inner, inner),
        ),
        max_leaves=5,
    )


@settings(max_examples=60, deadline=None)
@given(_truths())
def test_any_condition_is_answered_as_the_other_implementation_does(source: str) -> None:
    try:
        answer: bool | None = compile_expression(source)(FACTS)
    except ConditionError:
        answer = None
    assert answer is reference(source)

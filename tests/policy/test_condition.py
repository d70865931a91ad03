"""The `when:` of a rule."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rune.policy.condition import compile_condition
from rune.policy.facts import ConditionError, Speaker
from rune.types import Kind, Message, Trust

AGENT = Speaker("a", Trust.INTERNAL)


def test_a_condition_keeps_its_source_and_answers() -> None:
    condition = compile_condition('message.kind == "code" && "web" in message.origins')
    assert condition.source.startswith("message.kind")
    assert condition.holds((Message("x", Kind.CODE, origins=("web",)), (), AGENT)) is True
    assert condition.holds((Message("x", Kind.CHAT, origins=("web",)), (), AGENT)) is False


def test_conditions_compare_by_their_text() -> None:
    assert compile_condition("true") == compile_condition("true")
    assert compile_condition("true") != compile_condition("!true")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ('message.metadata.tool == "shell"', "no key `tool` (for a message of kind chat); metadata can lack any key, so ask `has("),
        ('message.kind == "tool_call" && message.metadata.tool == "shell"', "for a message of kind tool_call"),
        ('findings[0].severity == "high"', "no item 0 in a list of 0"),
        ("1 / 0 == 1", "a division by zero"),
        ("message.text", "has to be true or false"),
    ],
)
def test_a_condition_that_an_ordinary_message_breaks_is_refused(source: str, problem: str) -> None:
    with pytest.raises(ConditionError) as error:
        compile_condition(source)
    assert problem in str(error.value)


def test_a_guarded_key_is_fine() -> None:
    condition = compile_condition('has(message.metadata.tool) && message.metadata.tool == "shell"')
    assert condition.holds((Message("x", metadata={"tool": "shell"}), (), AGENT))
    assert not condition.holds((Message("x"), (), AGENT))


def test_a_policy_without_conditions_does_not_pay_for_them() -> None:
    code = "import sys; from rune.policy.load import load_policy; load_policy(); print('rune.policy.cel.compile' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"

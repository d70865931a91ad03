"""The page about policies says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rune.policy.advice import advice
from rune.policy.cel.schema import AGENT_FIELDS, FINDING_FIELDS, MESSAGE_FIELDS
from rune.policy.legacy import ACTIONS, SCANNERS
from rune.policy.load import PRESETS, load_policy, parse_policy
from rune.policy.parse import CONTENTS, FLOW_MODES, KEYS, MODES
from rune.types import Action, Category, Direction, Kind, Severity, Trust

PAGE = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
WORDS = [
    *(key for part in KEYS.values() for key in part),
    *(word.value for vocabulary in (Action, Category, Direction, Kind, Severity, Trust) for word in vocabulary),
    *(*MODES, *FLOW_MODES, *CONTENTS, *PRESETS, *SCANNERS, *ACTIONS),
    *(*MESSAGE_FIELDS, *FINDING_FIELDS, *AGENT_FIELDS),
]


@pytest.mark.parametrize("word", sorted(set(WORDS)))
def test_every_key_and_word_is_documented(word: str) -> None:
    assert re.search(rf"`(?:transcript\.|review\.)?{word}[`(]", PAGE)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_example_loads_without_advice(example: str) -> None:
    policy = parse_policy(example, "policies.md")
    assert not [line for line in advice(policy) if "never decides" in line]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 7


@pytest.mark.parametrize("preset", ["balanced", "strict"])
def test_the_limits_of_the_presets_are_the_ones_in_the_table(preset: str) -> None:
    limits = load_policy(preset).limits
    numbers = [limits.rounds, limits.message_chars, limits.messages_per_minute, limits.total_messages_per_minute]
    assert ", ".join(f"{number:,}".replace(",", " ") for number in numbers) in PAGE
    assert f"{limits.tokens:,}".replace(",", " ") in PAGE

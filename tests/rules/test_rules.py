"""What every shipped rule owes its reader: a place, an identity, examples that hold, literals that are needed, references that exist."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from rune.limits import ScanLimits
from rune.scan.engine import Engine
from rune.scan.expression import expression, folded
from rune.scan.patterns import Pattern
from rune.scan.readings import Readings
from rune.scan.rule import Example, Maturity, Rule
from rune.scan.signatures import load_rules
from rune.scan.syntax import parse, uncovered
from rune.types import Category, Direction, Kind, Message, Severity

RULES = tuple(load_rules())
FOLDERS = {
    "INJ": "injection",
    "IMP": "impersonation",
    "TOOL": "tools",
    "EXT": "extraction",
    "EXF": "exfiltration",
    "JB": "jailbreak",
    "OBF": "obfuscation",
    "MAS": "agents",
}
SENTENCES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "sentences.yaml").read_text(encoding="utf-8"))
DATA = Path(__file__).parents[3] / "shared" / "data"
REFERENCE = re.compile(r"OWASP-LLM(?:0[1-9]|10)|OWASP-ASI(?:0[1-9]|10)|ATLAS-AML\.T\d{4}(?:\.\d{3})?|CWE-\d{1,4}")
LONGEST_GAP = 160
WORDS = 8

every_rule = pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES])


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Made without a cache, so that making it proves every example of every rule."""
    return Engine(backend="re2", cache=None, learned=False)


def group(rule: Rule) -> str:
    return rule.id.split("-")[1]


def plain(text: str) -> bytes:
    """The text as signatures read it."""
    return next(iter(Readings(text, ScanLimits()))).data


def rules_found(engine: Engine, example: Example) -> set[str]:
    return {finding.rule for finding in engine.scan(example.message())}


def test_there_are_rules_for_every_group() -> None:
    counts = Counter(group(rule) for rule in RULES)

    assert set(counts) == set(FOLDERS)
    assert len(RULES) >= 250
    assert min(counts.values()) >= 5


@pytest.mark.parametrize(
    "category",
    [
        Category.PROMPT_INJECTION,
        Category.JAILBREAK,
        Category.IMPERSONATION,
        Category.TOOL_COERCION,
        Category.PROMPT_EXTRACTION,
        Category.EXFILTRATION,
        Category.OBFUSCATION,
    ],
)
def test_every_category_that_text_can_show_has_a_rule(category: Category) -> None:
    assert any(rule.category is category for rule in RULES)


@every_rule
def test_the_file_is_named_and_filed_like_the_rule(rule: Rule) -> None:
    assert rule.file == f"{FOLDERS[group(rule)]}/{rule.id}.yaml"


@every_rule
def test_there_are_varied_examples_on_both_sides(rule: Rule) -> None:
    matched, unmatched = {example.text for example in rule.match}, {example.text for example in rule.no_match}

    fewest = 2 if rule.since == "0.1" else 3
    assert len(matched) == len(rule.match) >= fewest
    assert len(unmatched) == len(rule.no_match) >= fewest
    assert not matched & unmatched


@every_rule
def test_its_examples_hold_in_the_engine(rule: Rule, engine: Engine) -> None:
    missed = [example.text for example in rule.match if rule.id not in rules_found(engine, example)]
    wrong = [example.text for example in rule.no_match if rule.id in rules_found(engine, example)]

    assert (missed, wrong) == ([], [])


@every_rule
def test_no_example_matches_without_its_literals(rule: Rule) -> None:
    literals = b"|".join(re.escape(folded(literal)) for literal in rule.literal)
    pattern = Pattern(rule)
    for example in rule.match:
        without = re.sub(literals, lambda found: b"~" * len(found[0]), plain(example.text), flags=re.IGNORECASE)
        assert pattern.spans(without, -1) == [], example.text


@every_rule
def test_no_text_at_all_matches_without_its_literals(rule: Rule) -> None:
    literals = [folded(literal) for literal in rule.literal]

    assert uncovered(parse(expression(rule.pattern)), literals) is None


@every_rule
def test_its_references_are_well_formed(rule: Rule) -> None:
    assert all(REFERENCE.fullmatch(reference) for reference in rule.references)
    assert all(any(reference.startswith(prefix) for reference in rule.references) for prefix in ("OWASP-ASI", "OWASP-LLM", "ATLAS-"))
    assert len(set(rule.references)) == len(rule.references)


@every_rule
def test_its_gaps_are_bounded(rule: Rule) -> None:
    outside_classes = re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", "x", rule.pattern)

    assert not re.search(r"\.[*+]", outside_classes)
    assert all(int(most) <= LONGEST_GAP for most in re.findall(r"\]\{0,(\d+)\}", rule.pattern))


def test_no_rule_looks_for_secrets_which_detectors_know_better() -> None:
    assert [rule.id for rule in RULES if rule.mask or rule.category is Category.SECRET] == []


def test_titles_are_unique() -> None:
    assert [title for title, count in Counter(rule.title for rule in RULES).items() if count > 1] == []


def test_a_rule_in_shadow_blocks_nothing() -> None:
    assert all(rule.effective_severity is Severity.INFO for rule in RULES if rule.maturity is Maturity.SHADOW)


@pytest.mark.parametrize(
    ("family", "text"),
    [pytest.param(family, text, id=f"{family}: {text[:40]}") for family, texts in SENTENCES["attacks"].items() for text in texts],
)
def test_an_attack_in_other_words_is_found(engine: Engine, family: str, text: str) -> None:
    kind = Kind.TOOL_RESULT if family == "hidden in data" else Kind.CHAT

    found = engine.scan(Message(text, kind=kind))

    assert max((finding.severity.rank for finding in found), default=-1) >= Severity.HIGH.rank


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize("text", [pytest.param(text, id=text[:40]) for text in SENTENCES["honest"]])
def test_an_honest_message_passes(engine: Engine, text: str, direction: Direction) -> None:
    found = engine.scan(Message(text, direction=direction))

    assert [finding.rule for finding in found if finding.severity.rank > Severity.MEDIUM.rank] == []


@pytest.mark.skipif(not DATA.exists(), reason="the development data is not here")
def test_no_example_is_copied_from_data_that_may_only_tune() -> None:
    ours = {run: rule.id for rule in RULES for example in (*rule.match, *rule.no_match) for run in runs(example.text)}

    copied = {ours[run] for text in tuning_texts() for run in runs(text) if run in ours}

    assert copied == set()


def runs(text: str) -> Iterator[str]:
    """Every run of eight words."""
    words = re.findall(r"\w+", text.lower())
    return (" ".join(words[start : start + WORDS]) for start in range(len(words) - WORDS + 1))


def tuning_texts() -> Iterator[str]:
    with (DATA / "text.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            if '"use": "tune"' in line or '"use":"tune"' in line:
                yield json.loads(line)["text"]

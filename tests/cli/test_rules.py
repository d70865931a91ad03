"""`rune rules`: what is looked for, with the examples that prove it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rune.scan.detectors.catalog import detector_rules
from rune.scan.signatures import load_rules

from .conftest import Rune

OWN = """id: RUNE-OWN-001
title: An internal project name
category: secret
severity: high
maturity: stable
since: "1.0"
pattern: 'project bluebird'
literal: [project bluebird]
references: [OWASP-LLM02]
match: ["We call it project bluebird."]
no_match: ["A blue bird sang."]
remediation: Leave the name out.
"""


def test_every_signature_is_listed(rune: Rune) -> None:
    known = load_rules()
    listed = json.loads(rune("rules", "list", "--json").out)
    assert [rule["id"] for rule in listed["rules"]] == [rule.id for rule in known]
    assert listed["revision"] == known.revision


def test_the_list_for_people(rune: Rune) -> None:
    done = rune("rules", "list")
    assert done.code == 0
    assert f"{len(load_rules()) + len(detector_rules())} rules" in done.out
    assert "RUNE-PII-004" in done.out


def test_the_list_is_narrowed_down(rune: Rune) -> None:
    listed = json.loads(rune("rules", "list", "--category", "exfiltration", "--severity", "high", "--json").out)
    for rules in (listed["rules"], listed["detectors"]):
        assert {rule["category"] for rule in rules} == {"exfiltration"}
        assert {rule["severity"] for rule in rules} <= {"high", "critical"}


def test_a_rule_of_a_detector_is_shown(rune: Rune, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNE_DISABLE_RULES", "RUNE-PII-004")
    assert "E-mail address" in rune("rules", "show", "rune-pii-004").out
    shown = json.loads(rune("rules", "show", "RUNE-PII-004", "--json").out)
    assert (shown["category"], shown["severity"], shown["enabled"]) == ("pii", "low", False)
    assert "1 rule off" in rune("rules", "list").out


def test_one_signature_with_its_examples(rune: Rune) -> None:
    rule = next(iter(load_rules()))
    done = rune("rules", "show", rule.id.lower())
    assert done.code == 0
    assert rule.id in done.out
    assert "Must not match" in done.out
    assert json.loads(rune("rules", "show", rule.id, "--json").out)["match"] == [example.text for example in rule.match]


def test_examples_of_attacks_are_shown_escaped(rune: Rune) -> None:
    odd = [rule.id for rule in load_rules() if any(not c.isprintable() for example in rule.match for c in example.text)]
    for rule_id in odd[:3]:
        assert not any(not c.isprintable() and c != "\n" for c in rune("rules", "show", rule_id).out), rule_id


def test_a_folder_of_ones_own(rune: Rune, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    assert "An internal project name" in rune("rules", "show", "RUNE-OWN-001", "--rules", tmp_path).out


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        pytest.param(("show", "RUNE-XXX-999"), "there is no signature `RUNE-XXX-999`; `rune rules list` names them all.", id="unknown"),
        pytest.param(("list", "--rules", "missing"), "no such folder of rules", id="missing folder"),
        pytest.param(("list", "--category", "nonsense"), "Invalid value for '--category'", id="unknown category"),
    ],
)
def test_a_mistake_is_one_line(rune: Rune, arguments: tuple[str, ...], error: str) -> None:
    done = rune("rules", *arguments)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert error in done.err


def test_a_rule_that_is_off_is_shown_as_off(rune: Rune, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNE_DISABLE_RULES", "RUNE-INJ-001")

    assert "1 rule off" in rune("rules", "list").out
    assert "switched off" in rune("rules", "show", "RUNE-INJ-001").out
    listed = json.loads(rune("rules", "list", "--json").out)["rules"]
    assert [rule["id"] for rule in listed if not rule["enabled"]] == ["RUNE-INJ-001"]

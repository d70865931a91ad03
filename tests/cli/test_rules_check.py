"""`rune rules check`: rules of one's own are proved and held to what the shipped ones owe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rune.cli.rules_check import honest_messages, reference_text
from rune.errors import ConfigurationError
from rune.types import Kind

from .conftest import Rune

OWN = """id: RUNE-OWN-001
title: An internal project name
category: exfiltration
severity: high
maturity: stable
since: "1.0"
pattern: 'project\\s{1,4}bluebird'
literal: [bluebird]
references: [OWASP-ASI02, OWASP-LLM02, ATLAS-AML.T0086]
match: ["We call it project bluebird."]
no_match: ["A blue bird sang."]
remediation: Leave the name out.
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "own.yaml").write_text(OWN)
    return folder


def test_a_good_pack_passes(rune: Rune, pack: Path) -> None:
    done = rune("rules", "check", pack)

    assert (done.code, "1 rule checked, 0 complaints" in done.out) == (0, True)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        pytest.param("OWASP-ASI02, ", "", "own.yaml:9: `references` names no OWASP-ASI entry", id="linter"),
        pytest.param("project\\s{1,4}bluebird", "project\\s*bluebird", "own.yaml:7: `pattern` has a part of any length", id="gap"),
    ],
)
def test_a_complaint_names_its_place(rune: Rune, pack: Path, old: str, new: str, complaint: str) -> None:
    (pack / "own.yaml").write_text(OWN.replace(old, new))

    found = json.loads(rune("rules", "check", pack, "--json").out)["complaints"]

    assert [complaint in line for line in found] == [True]
    assert found[0].startswith(str(pack))


def test_a_rule_that_does_not_do_what_it_says_is_an_error(rune: Rune, pack: Path) -> None:
    (pack / "own.yaml").write_text(OWN.replace("A blue bird sang.", "Project bluebird it is."))

    done = rune("rules", "check", pack)

    assert done.code == 2
    assert f"{pack / 'own.yaml'}:11: `no_match` is `Project bluebird it is.`" in done.err.replace("\n", " ").replace("  ", " ")


def test_the_speed_of_a_rule_is_measured_when_asked(rune: Rune, pack: Path) -> None:
    assert "1 rule checked" in rune("rules", "check", pack, "--speed").out


def test_honest_texts_that_are_hit_are_counted(rune: Rune, pack: Path, tmp_path: Path) -> None:
    rows = [{"text": "our project bluebird", "label": 0}, {"text": "project bluebird", "label": 1}, {"text": "hello", "label": 0}]
    (tmp_path / "texts.jsonl").write_text("\n".join(map(json.dumps, rows)))

    found = json.loads(rune("rules", "check", pack, "--data", tmp_path, "--json").out)["complaints"]

    assert ["hits `1` of 2 honest texts" in line for line in found] == [True]


def test_without_the_data_a_note_says_so(rune: Rune, pack: Path, tmp_path: Path) -> None:
    done = rune("rules", "check", pack, "--data", tmp_path / "none", "--json")

    assert done.code == 0
    assert json.loads(done.out)["notes"] == [f"hits were not counted: there is no folder {tmp_path / 'none'}."]


def test_honest_texts_stand_where_their_kind_says(tmp_path: Path) -> None:
    kinds = {"benign_tool_output": Kind.TOOL_RESULT, "benign_security_doc": Kind.DOCUMENT, "benign_chat": Kind.CHAT, "": Kind.CHAT}
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"text": "x", "label": 0, "kind": kind}) for kind in kinds) + "\n7\n")

    assert [message.kind for message in honest_messages(tmp_path)] == list(kinds.values())


def test_what_is_not_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "x", "label": 0}\nnonsense')

    with pytest.raises(ConfigurationError, match=r"a.jsonl:2: not JSON \(`nonsense`\)"):
        list(honest_messages(tmp_path))


def test_the_reference_text_is_the_same_everywhere() -> None:
    assert reference_text() == reference_text()
    assert reference_text().isascii()

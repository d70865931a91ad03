"""Rules that an earlier start parsed: the same rules, and parsed anew whenever anything is different."""

from __future__ import annotations

from pathlib import Path

import pytest

from rune.scan import parsed
from rune.scan.rule import RuleSet
from rune.scan.signatures import load_rules, read_rule

SHIPPED = Path(__file__).parent.parent.parent / "src" / "rune" / "rules"
FILE = min(SHIPPED.rglob("*.yaml"))
CONTENTS = {FILE.name: FILE.read_bytes()}


@pytest.fixture
def rules(tmp_path: Path) -> RuleSet:
    rules = RuleSet((read_rule(FILE.read_bytes(), FILE.name),))
    parsed.remember(CONTENTS, rules, tmp_path)
    return rules


def test_what_was_parsed_comes_back_equal(rules: RuleSet, tmp_path: Path) -> None:
    assert parsed.remembered(CONTENTS, tmp_path) == rules


@pytest.mark.parametrize(
    "contents",
    [
        pytest.param({FILE.name: FILE.read_bytes() + b"\n"}, id="one byte more"),
        pytest.param({"other.yaml": FILE.read_bytes()}, id="another name"),
        pytest.param({**CONTENTS, "second.yaml": b"id: x"}, id="one file more"),
        pytest.param({}, id="no file"),
    ],
)
def test_other_files_are_not_remembered(rules: RuleSet, contents: dict[str, bytes], tmp_path: Path) -> None:
    assert parsed.remembered(contents, tmp_path) is None


def test_a_damaged_memory_is_no_memory(rules: RuleSet, tmp_path: Path) -> None:
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-9])

    assert parsed.remembered(CONTENTS, tmp_path) is None


def test_rules_of_another_form_are_parsed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rune.scan.parsed._key", lambda _: "same")
    parsed.kept.write(tmp_path, "same", b'[{"id": "RUNE-X-001"}]')

    assert parsed.remembered(CONTENTS, tmp_path) is None


def test_loading_with_a_cache_changes_nothing(tmp_path: Path) -> None:
    plain, first, second = load_rules(), load_rules(cache=tmp_path), load_rules(cache=tmp_path)

    assert plain.digest == first.digest == second.digest == RuleSet(plain.rules).digest
    assert list(plain) == list(second)

"""Each check finds what is wrong, and a broken part is a result instead of a crash."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rune.cli import checks
from rune.cli.checks import CHECKS, Check, look
from rune.errors import PolicyError
from rune.integrations.base import Coverage, ObjectCoverage, SeamState


@pytest.mark.parametrize("name", list(CHECKS))
def test_nothing_is_wrong_here(name: str) -> None:
    found = list(look(name, CHECKS[name]))
    assert found
    assert [check for check in found if check.state == "wrong"] == []


@pytest.mark.autogen
def test_every_seam_of_a_group_is_looked_at() -> None:
    pytest.importorskip("autogen")
    found = {check.name: check for check in checks.seams()}
    assert found["seams"].state == "ok"
    assert "proven by a canary" in found["seams"].found
    assert found["open paths"].state == "note"


def test_a_seam_that_stays_open_is_wrong() -> None:
    seams = (SeamState("send", "messages", "proven"), SeamState("tool call", "arguments", "open"))
    check = checks._seams(Coverage((ObjectCoverage("writer", "ConversableAgent", seams),)))
    assert check.state == "wrong"
    assert "open: `tool call` of ConversableAgent" in check.found


def test_without_autogen_there_is_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    (check,) = checks.seams()
    assert (check.state, check.todo) == ("note", 'To guard AutoGen: `pip install "runesec[autogen]"`.')


def test_a_package_that_writes_into_our_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.packages_distributions", lambda: {"rune": ["runesec", "Rune"]})
    (check,) = checks.collision()
    assert check.state == "wrong"
    assert check.todo == "`pip uninstall rune`, then `pip install --force-reinstall runesec`."


def test_a_file_that_would_be_imported_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rune.py").write_text("")
    monkeypatch.chdir(tmp_path)
    (check,) = checks.collision()
    assert check.state == "wrong"
    assert str(tmp_path / "rune.py") in check.found


def test_a_transcript_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RUNE_TRANSCRIPT", str(tmp_path / "file" / "transcript.db"))
    (check,) = look("transcript", checks.transcript)
    assert check.state == "wrong"
    assert "is not a folder" in check.found


def test_a_missing_part_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_version", lambda name: "" if name == "msgspec" else "1.0")
    found = {check.name: check for check in checks.versions()}
    assert found["dependencies"].state == "wrong"
    assert "Missing: msgspec." in found["dependencies"].todo


def test_the_slower_engine_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hyperscan", None)

    class Re2:
        backend = "re2"

    check = checks._backend(Re2())  # type: ignore[arg-type]
    assert check.state == "note"
    assert check.found.startswith("re2: hyperscan cannot be loaded")


@pytest.mark.parametrize(
    ("hostile", "honest", "found"),
    [
        pytest.param(True, False, "the hostile sample is withheld, the honest one passes", id="as it should be"),
        pytest.param(False, False, "the hostile sample passes", id="blind"),
        pytest.param(True, True, "the honest sample is withheld", id="stops everything"),
    ],
)
def test_a_canary_is_a_pair(hostile: bool, honest: bool, found: str) -> None:
    check = checks._canary("canary", hostile=hostile, honest=honest)
    assert check.found == found
    assert (check.state == "ok") is (hostile and not honest)


@pytest.mark.parametrize(
    ("error", "found"),
    [
        pytest.param(PolicyError("p.yaml:1: unknown key"), "p.yaml:1: unknown key", id="our own error is the message"),
        pytest.param(ValueError("odd"), "failed with `ValueError: odd`", id="any other is named"),
    ],
)
def test_a_check_that_fails_is_a_result(error: Exception, found: str) -> None:
    def broken() -> Iterator[Check]:
        yield Check("first", "ok", "fine")
        raise error

    first, second = look("thing", broken)
    assert first.state == "ok"
    assert (second.name, second.state, second.found) == ("thing", "wrong", found)
    assert second.todo


def test_rules_that_are_switched_off_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNE_DISABLE_RULES", "RUNE-INJ-001")
    (check,) = [check for check in checks.engine() if check.name == "rules"]
    assert check.state == "note"
    assert check.found.endswith("switched off: RUNE-INJ-001")


def test_a_stage_out_of_order_is_wrong() -> None:
    class Reader:
        degraded = ("the model `light.bin` is damaged",)

    (check,) = checks._out_of_order(Reader())
    assert check.state == "wrong"
    assert "`light.bin`" in check.found
    assert "degraded" in check.todo


@pytest.mark.parametrize(
    ("content", "mode", "found"),
    [
        pytest.param(b"rune signatures 1\n" + b"x" * 40, 0o600, 1, id="damaged"),
        pytest.param(b"", 0o600, 1, id="empty"),
        pytest.param(None, 0o600, 0, id="sound"),
        pytest.param(None, 0o666, 1, id="anybody may write it"),
    ],
)
def test_a_kept_database_that_cannot_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, mode: int, found: int
) -> None:
    from rune.scan import cache

    cache.write(tmp_path, "key", b"payload")
    (file,) = tmp_path.glob("signatures-*.db")
    file.write_bytes(file.read_bytes() if content is None else content)
    file.chmod(mode)
    monkeypatch.setattr(cache, "user_folder", lambda: tmp_path)

    assert len(list(checks._unusable())) == found

"""Where policies come from."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rune.errors import ConfigurationError, PolicyError
from rune.policy.load import EXTENDED, PRESETS, load_policy, parse_policy
from rune.policy.model import Policy
from rune.policy.source import SOURCE_BYTES

LEAST = 'version: "1"\n'


def error(source: Any) -> str:
    with pytest.raises(PolicyError) as raised:
        load_policy(source)
    assert isinstance(raised.value, ConfigurationError)
    return str(raised.value)


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_the_default_is_balanced() -> None:
    assert load_policy() is load_policy("balanced")
    assert load_policy().name == "balanced"


@pytest.mark.parametrize("name", PRESETS)
def test_presets_load_by_name(name: str) -> None:
    assert load_policy(name).name == name


def test_a_policy_is_returned_as_it_is() -> None:
    policy = Policy()
    assert load_policy(policy) is policy


def test_a_file(tmp_path: Path) -> None:
    path = written(tmp_path / "ours.yaml", LEAST + "limits: {rounds: 3}")
    assert load_policy(path) == load_policy(str(path))
    assert load_policy(path).name == "ours"
    assert load_policy(path).limits.rounds == 3


def test_a_mapping() -> None:
    policy = load_policy({"version": "1", "limits": {"rounds": 3}})
    assert policy.name == "custom"
    assert policy.limits.rounds == 3


def test_a_text() -> None:
    assert parse_policy(LEAST + "mode: observe").mode == "observe"
    with pytest.raises(PolicyError, match=r"^mine\.yaml:2: unknown mode `x`"):
        parse_policy(LEAST + "mode: x", "mine.yaml")


def test_the_same_policy_has_the_same_revision_from_everywhere(tmp_path: Path) -> None:
    path = written(tmp_path / "p.yaml", "# a comment\n" + LEAST + "limits:\n  rounds: 3\n")
    revisions = {load_policy(path).revision, load_policy({"version": "1", "limits": {"rounds": 3}}).revision}
    assert revisions == {parse_policy(LEAST + "limits: {rounds: 3}").revision}


def test_every_file_of_windows_reads_the_same(tmp_path: Path) -> None:
    path = written(tmp_path / "p.yaml", b'\xef\xbb\xbfversion: "1"\r\nlimits: {rounds: 3}\r\n')
    assert load_policy(path).limits.rounds == 3


@pytest.mark.parametrize("source", [7, b"balanced", ["balanced"], object()], ids=["number", "bytes", "list", "object"])
def test_what_is_no_policy(source: Any) -> None:
    assert error(source).startswith("policy: `")
    assert "pass a preset (observe, balanced, strict), a path or a mapping" in error(source)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ballanced", "ballanced:1: no such file, and no such preset; did you mean `balanced`? Presets are observe, balanced, strict."),
        ("nowhere.yaml", "nowhere.yaml:1: no such file, and no such preset; presets are observe, balanced, strict."),
        ("", ".:1: a directory, not a file"),
        ("a\x00b", r"a\x00b:1: cannot be read: ValueError"),
        ("x" * 5000, "cannot be read: File name too long"),
    ],
    ids=["typo", "missing", "empty", "NUL", "long"],
)
def test_a_name_that_stands_for_nothing(name: str, expected: str) -> None:
    assert expected in error(name)


def test_a_directory(tmp_path: Path) -> None:
    assert "a directory, not a file; pass the path of a YAML file." in error(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "a device, pipe or socket, not a file" in error(tmp_path / "pipe")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything is readable here")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = written(tmp_path / "p.yaml", LEAST)
    path.chmod(0)
    assert "cannot be read: Permission denied; check the path and its permissions." in error(path)


def test_a_huge_file(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    with path.open("wb") as file:
        file.truncate(SOURCE_BYTES * 1_000)
    assert "more than 512 KB" in error(path)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", "p.yaml:1: the policy is empty", id="empty"),
        pytest.param(b"\xff", "p.yaml:1: byte `0xff` is not UTF-8", id="not UTF-8"),
        pytest.param(LEAST + "modus: x", "p.yaml:2: unknown key `modus`", id="a mistake"),
    ],
)
def test_errors_begin_with_file_and_line(tmp_path: Path, data: str | bytes, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "p.yaml", data)
    monkeypatch.chdir(tmp_path)
    assert error("p.yaml").startswith(expected)


def test_extending_a_preset(tmp_path: Path) -> None:
    path = written(
        tmp_path / "p.yaml",
        LEAST + "extends: balanced\nlimits: {rounds: 7}\nrules: [{name: redact-secrets, category: secret, action: block}]",
    )
    policy, base = load_policy(path), load_policy("balanced")
    assert [rule.name for rule in policy.rules] == [rule.name for rule in base.rules]
    assert {rule.name: rule.action for rule in policy.rules}["redact-secrets"] == "block"
    assert (policy.limits.rounds, policy.limits.tokens) == (7, base.limits.tokens)


def test_extending_a_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "team").mkdir()
    written(tmp_path / "base.yaml", LEAST + "extends: strict\nmode: observe")
    path = written(tmp_path / "team" / "p.yaml", LEAST + "extends: ../base.yaml\nlimits: {tokens: 7}")
    policy = load_policy(path)
    assert (policy.mode, policy.limits.tokens, policy.limits.rounds) == ("observe", 7, load_policy("strict").limits.rounds)


def test_a_mapping_extends_too() -> None:
    assert load_policy({"version": "1", "extends": "strict", "mode": "observe"}).limits == load_policy("strict").limits


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"a.yaml": "a.yaml"}, "a.yaml:2: `a.yaml` extends this policy, and this policy extends it", id="itself"),
        pytest.param({"a.yaml": "b.yaml", "b.yaml": "./a.yaml"}, "extends this policy, and this policy extends it", id="one another"),
        pytest.param({"a.yaml": "strikt"}, "a.yaml:2: `extends` is `strikt`: no such file, and no such preset; did", id="nothing"),
        pytest.param({"a.yaml": "/etc/passwd"}, "a.yaml:2: `extends` is `/etc/passwd`; use a preset", id="an absolute path"),
        pytest.param({"a.yaml": "."}, "a directory, not a file", id="a directory"),
        pytest.param({"a.yaml": '"a\\0b"'}, "a.yaml:2: `extends` `a\\x00b` has to be one printable line", id="NUL"),
        pytest.param({f"{n}.yaml": f"{n + 1}.yaml" for n in range(EXTENDED + 2)}, "policies extend one another", id="a long chain"),
    ],
)
def test_what_cannot_be_extended(tmp_path: Path, files: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, base in files.items():
        written(tmp_path / name, LEAST + f"extends: {base}")
    monkeypatch.chdir(tmp_path)
    assert expected in error(next(iter(files)))


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege here")
def test_a_link_to_itself_cannot_be_extended(tmp_path: Path) -> None:
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    assert "cannot be read" in error(written(tmp_path / "p.yaml", LEAST + "extends: loop.yaml"))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120) | st.text(alphabet='version: "1"\n- rulesagent{}[]', max_size=120).map(lambda text: LEAST + text))
def test_any_text_is_a_policy_or_a_policy_error(text: str) -> None:
    with suppress(PolicyError):
        parse_policy(text)


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=60)
    | st.none()
    | st.integers()
    | st.binary(max_size=5)
    | st.dictionaries(st.text(max_size=5), st.integers(), max_size=3)
)
def test_any_value_is_a_policy_or_a_policy_error(source: Any) -> None:
    with suppress(PolicyError):
        load_policy(source)


def test_rule_packs_lie_beside_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "base.yaml").write_text('version: "1"\nrule_packs: [rules]\nrules_off: RUNE-INJ-001\n')
    (tmp_path / "own.yaml").write_text('version: "1"\nextends: deep/base.yaml\nrule_packs: [own]\n')

    policy = load_policy(tmp_path / "own.yaml")

    assert policy.rule_packs == (str(tmp_path / "deep" / "rules"), str(tmp_path / "own"))
    assert policy.rules_off == ("RUNE-INJ-001",)

"""A policy as a tree of values that know where they were written."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rune.errors import PolicyError
from rune.policy import source
from rune.policy.source import DEPTH, NODES, SOURCE_BYTES, Node, Scalar, Sequence, Table, from_mapping, from_yaml
from rune.types import Action


def plain(node: Node) -> Any:
    match node:
        case Scalar():
            return node.value
        case Sequence():
            return [plain(item) for item in node.items]
        case Table():
            return {key.text: plain(value) for key, value in node.entries}


@pytest.fixture(params=["C", "Python"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read with both parsers of PyYAML; a wheel without the C one must not read differently."""
    if request.param == "Python":
        monkeypatch.setattr(source, "_LOADER", yaml.SafeLoader)
    elif not hasattr(yaml, "CSafeLoader"):
        pytest.skip("PyYAML without its C parser")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1", {"a": 1}),
        ("a: '1'", {"a": "1"}),
        ("a: 1.5", {"a": 1.5}),
        ("a: 1e3", {"a": "1e3"}),
        ("a: .5", {"a": 0.5}),
        ("a: -7", {"a": -7}),
        ("a: true", {"a": True}),
        ("a: yes", {"a": "yes"}),
        ("a: on", {"a": "on"}),
        ("a:", {"a": None}),
        ("a: ~", {"a": None}),
        ("a: null", {"a": None}),
        ("a: ''", {"a": ""}),
        ("a: 0x10", {"a": "0x10"}),
        ("a: 010", {"a": 10}),
        ("a: 1_000", {"a": "1_000"}),
        ("a: 2001-01-01", {"a": "2001-01-01"}),
        ("a: .inf", {"a": ".inf"}),
        (f"a: {'9' * 30}", {"a": "9" * 30}),
        ("a: [b, {c: d}]", {"a": ["b", {"c": "d"}]}),
        ("a: |\n  two\n  lines\n", {"a": "two\nlines\n"}),
        ("1: b", {"1": "b"}),
        ("\ufeffa: b", {"a": "b"}),
        ("--- \na: b\n...\n", {"a": "b"}),
        ("", None),
        ("# only a comment", None),
        ("just words", "just words"),
    ],
)
def test_yaml_values(text: str, value: object) -> None:
    assert plain(from_yaml(text.encode(), "p.yaml")) == value


def test_every_value_knows_its_line() -> None:
    tree = from_yaml(b"a: 1\nb:\n  - x\n  - y: z\n", "p.yaml")
    assert isinstance(tree, Table)
    (_, a), (key, items) = tree.entries
    assert isinstance(items, Sequence)
    assert [a.place, key.place, items.place, *(item.place for item in items.items)] == [f"p.yaml:{n}" for n in (1, 2, 3, 3, 4)]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(b"a: 1\n\tb: 2\n", "p.yaml:2: a tab indents this line; YAML wants spaces.", id="tab"),
        pytest.param(b"a: [1, 2\nb: 3\n", "p.yaml:2: not valid YAML:", id="open list"),
        pytest.param(b"a: 'x\n", "p.yaml:2: not valid YAML:", id="open string"),
        pytest.param(b"a: b: c\n", "p.yaml:1: not valid YAML:", id="two colons"),
        pytest.param(b"a: 1\nb: \xff\n", "p.yaml:2: byte `0xff` is not UTF-8", id="not UTF-8"),
        pytest.param("a: 1".encode("utf-16"), "p.yaml:1: byte `0xff` is not UTF-8", id="UTF-16"),
        pytest.param(b"a: 1\nb: x\x00y\n", "p.yaml:2: a control character", id="NUL"),
        pytest.param(b"a: 1\nb: \x1b[2J\n", "p.yaml:2: a control character", id="terminal escape"),
        pytest.param(b"a: &x [1]\nb: *x\n", "p.yaml:1: `x` is an anchor or alias", id="anchor"),
        pytest.param(b"a: *x\n", "p.yaml:1: `x` is an anchor or alias", id="alias"),
        pytest.param(b"a: !!python/object/apply:os.system [ls]\n", "p.yaml:1: `tag:yaml.org,2002:python/object/", id="tag"),
        pytest.param(b"a: !!str 1\n", "p.yaml:1: `tag:yaml.org,2002:str` is a tag", id="harmless tag"),
        pytest.param(b"a: 1\n---\nb: 2\n", "p.yaml:3: a second document", id="two documents"),
        pytest.param(b"[a]: 1\n", "p.yaml:1: a list or mapping as a key", id="list as key"),
        pytest.param(b"a: " + b"[" * 100 + b"]" * 100, f"p.yaml:1: deeper than {DEPTH} levels", id="deep"),
        pytest.param(b"[" * 200_000, f"p.yaml:1: deeper than {DEPTH} levels", id="very deep"),
        pytest.param(b"a: [" + b"1," * (NODES + 1) + b"]", "p.yaml:1: deeper than", id="very many"),
        pytest.param(b"a: b\n" * (SOURCE_BYTES // 5 + 1), "p.yaml:1: more than 512 KB", id="very large"),
    ],
)
def test_what_is_no_plain_yaml(data: bytes, error: str) -> None:
    with pytest.raises(PolicyError) as raised:
        from_yaml(data, "p.yaml")
    assert str(raised.value).startswith(error)


def test_an_alias_bomb_is_refused_at_once() -> None:
    levels = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))
    started = time.perf_counter()
    with pytest.raises(PolicyError, match="anchor or alias"):
        from_yaml(f"a0: &a0 [x]\n{levels}".encode(), "bomb.yaml")
    assert time.perf_counter() - started < 0.5


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=80) | st.text(alphabet="ab:-[]{}&*!|>'\"#?, \n\t0.~\u2028", max_size=60).map(str.encode))
def test_any_bytes_are_a_tree_or_a_policy_error(data: bytes) -> None:
    with suppress(PolicyError):
        from_yaml(data, "p.yaml")


class Odd(Mapping[str, int]):
    """A mapping of its own kind."""

    def __getitem__(self, key: str) -> int:
        return 1

    def __iter__(self) -> Any:
        return iter(["a"])

    def __len__(self) -> int:
        return 1


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ({"a": [1, 2.5, True, None, "x"]}, {"a": [1, 2.5, True, None, "x"]}),
        ({"a": (1,)}, {"a": [1]}),
        ({"a": Action.BLOCK}, {"a": "block"}),
        (Odd(), {"a": 1}),
    ],
)
def test_mappings(value: Any, read: object) -> None:
    assert plain(from_mapping(value)) == read


def test_a_value_of_a_mapping_knows_its_path() -> None:
    tree = from_mapping({"rules": [{"name": "x"}]})
    assert isinstance(tree, Table)
    rules = tree.entries[0][1]
    assert isinstance(rules, Sequence)
    rule = rules.items[0]
    assert isinstance(rule, Table)
    assert [tree.place, rules.place, rule.place, rule.entries[0][1].place] == [
        "policy",
        "policy: rules",
        "policy: rules[0]",
        "policy: rules[0].name",
    ]


def endless() -> dict[str, Any]:
    value: dict[str, Any] = {}
    value["a"] = value
    return value


def wide() -> Any:
    value: Any = "x"
    for _ in range(DEPTH - 1):
        value = [value, value]
    return {"a": value}


@pytest.mark.parametrize(
    ("value", "error"),
    [
        pytest.param({"a": object()}, "policy: a: a value of type `object`", id="an object"),
        pytest.param({"a": b"x"}, "policy: a: a value of type `bytes`", id="bytes"),
        pytest.param({"a": Path("x")}, "policy: a: a value of type", id="a path"),
        pytest.param({1: "x"}, "policy: a key of type `int`", id="a number as key"),
        pytest.param({"a": 10**18}, "policy: a: a number of more than 18 digits", id="a huge number"),
        pytest.param({"a": 10**5000}, "policy: a: a number of more than 18 digits", id="an endless number"),
        pytest.param(endless(), "policy: a.a.a", id="a cycle"),
        pytest.param(wide(), "policy: a[0]", id="a doubling list"),
    ],
)
def test_what_is_no_plain_mapping(value: Any, error: str) -> None:
    with pytest.raises(PolicyError) as raised:
        from_mapping(value)
    assert str(raised.value).startswith(error)

"""Reading the values of a policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rune.errors import PolicyError
from rune.policy import fields
from rune.policy.problems import Problems
from rune.policy.source import Node, from_yaml
from rune.types import Action, Kind

Reader = Callable[[Node, Problems], Any]


def node(yaml: str) -> Node:
    return from_yaml(yaml.encode(), "p")


def read(reader: Reader, yaml: str) -> Any:
    problems = Problems()
    value = reader(node(yaml), problems)
    problems.raise_if_any()
    return value


ACTION: Reader = lambda n, p: fields.word(n, Action, "action", p, "rule `r`")  # noqa: E731
KINDS: Reader = lambda n, p: fields.words(n, Kind, "kind", p)  # noqa: E731
TEXT: Reader = lambda n, p: fields.text(n, "`name`", p, limit=5)  # noqa: E731
PATTERNS: Reader = lambda n, p: fields.patterns(n, "`sender`", p)  # noqa: E731
WHOLE: Reader = lambda n, p: fields.number(n, "`rounds`", (1, 10), p, whole=True)  # noqa: E731
NUMBER: Reader = lambda n, p: fields.number(n, "`minutes`", (0.5, 10), p)  # noqa: E731
TABLE: Reader = lambda n, p: {key: value.place for key, (_, value) in fields.table(n, "`flow`", ["mode", "edges"], p).items()}  # noqa: E731
ITEMS: Reader = lambda n, p: len(fields.items(n, "`edges`", p))  # noqa: E731


@pytest.mark.parametrize(
    ("reader", "yaml", "value"),
    [
        pytest.param(ACTION, "block", Action.BLOCK, id="a word"),
        pytest.param(KINDS, "code", (Kind.CODE,), id="one word"),
        pytest.param(KINDS, "[code, chat]", (Kind.CODE, Kind.CHAT), id="several words"),
        pytest.param(TEXT, "'12345'", "12345", id="a text as long as allowed"),
        pytest.param(PATTERNS, "[web*, '*']", ("web*", "*"), id="patterns"),
        pytest.param(WHOLE, "10", 10, id="the greatest number"),
        pytest.param(NUMBER, "0.5", 0.5, id="the least number"),
        pytest.param(TABLE, "mode: learn\nedges: []", {"mode": "p:1", "edges": "p:2"}, id="a table"),
        pytest.param(ITEMS, "[a, b]", 2, id="a list"),
    ],
)
def test_what_is_read(reader: Reader, yaml: str, value: object) -> None:
    assert read(reader, yaml) == value


@pytest.mark.parametrize(
    ("reader", "yaml", "error"),
    [
        pytest.param(ACTION, "deny", "p:1: unknown action `deny` in rule `r`; use one of allow, flag, redact, review, block.", id="word"),
        pytest.param(ACTION, "Block", "p:1: unknown action `Block` in rule `r`; did you mean `block`? Use one of", id="upper case"),
        pytest.param(ACTION, "", "p:1: unknown action `nothing`", id="no word"),
        pytest.param(ACTION, "true", "p:1: unknown action `true`", id="a truth value for a word"),
        pytest.param(
            ACTION, "[block]", "p:1: action has to be one of allow, flag, redact, review, block, not a list.", id="list for a word"
        ),
        pytest.param(KINDS, "[code, cat]", "p:1: unknown kind `cat`; did you mean `chat`? Use one of chat, code", id="one wrong word"),
        pytest.param(KINDS, "[]", "p:1: kind is an empty list, which selects nothing", id="no words"),
        pytest.param(KINDS, "{a: b}", "p:1: kind has to be one of chat", id="mapping for words"),
        pytest.param(TEXT, "12", "p:1: `name` has to be a text, not the number `12`.", id="number for a text"),
        pytest.param(TEXT, "false", "p:1: `name` has to be a text, not the truth value `false`.", id="truth value for a text"),
        pytest.param(TEXT, "'  '", "p:1: `name` has to be a text, not the text `  `.", id="blank text"),
        pytest.param(TEXT, "", "p:1: `name` has to be a text, not nothing.", id="no text"),
        pytest.param(TEXT, "123456x", "p:1: `name` `123456x` has to be one printable line of at most 5 characters.", id="long text"),
        pytest.param(TEXT, '"a\\nb"', r"p:1: `name` `a\nb` has to be one printable line", id="two lines"),
        pytest.param(PATTERNS, "a*b", "p:1: `sender` `a*b` has `*` in the middle; it stands at the end only.", id="star in the middle"),
        pytest.param(WHOLE, "0", "p:1: `rounds` is `0`; use a whole number from 1 to 10.", id="below the least"),
        pytest.param(WHOLE, "1.5", "p:1: `rounds` is `1.5`; use a whole number", id="fraction"),
        pytest.param(WHOLE, "true", "p:1: `rounds` is `true`; use a whole number", id="truth value for a number"),
        pytest.param(WHOLE, "'5'", "p:1: `rounds` is `5`; use a whole number", id="text for a number"),
        pytest.param(WHOLE, "[5]", "p:1: `rounds` is a list; use a whole number", id="list for a number"),
        pytest.param(NUMBER, "10.01", "p:1: `minutes` is `10.01`; use a number from 0.5 to 10.", id="above the greatest"),
        pytest.param(TABLE, "mod: x", "p:1: unknown key `mod` in `flow`; did you mean `mode`? Use one of mode, edges.", id="unknown key"),
        pytest.param(TABLE, "mode: a\nmode: b", "p:2: `mode` stands twice in `flow`; the first is at p:1.", id="a key twice"),
        pytest.param(TABLE, "x", "p:1: `flow` has to be a mapping, not the text `x`.", id="text for a table"),
        pytest.param(TABLE, "[x]", "p:1: `flow` has to be a mapping, not a list.", id="list for a table"),
        pytest.param(ITEMS, "{a: b}", "p:1: `edges` has to be a list, not a mapping.", id="mapping for a list"),
    ],
)
def test_what_is_wrong_is_named(reader: Reader, yaml: str, error: str) -> None:
    with pytest.raises(PolicyError) as raised:
        read(reader, yaml)
    assert str(raised.value).startswith(error)

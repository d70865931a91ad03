"""From the text of a condition to its syntax tree."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rune.policy.cel.syntax import (
    DEPTH,
    LARGEST_INT,
    SOURCE_CHARS,
    TOKENS,
    Binary,
    Call,
    Choice,
    Index,
    Items,
    Literal,
    Logic,
    Member,
    Name,
    Node,
    Unary,
    parse,
)
from rune.policy.facts import ConditionError


def written(node: Node) -> str:  # noqa: C901, PLR0911 - one case a kind of node
    """Return a tree as a fully bracketed text."""
    match node:
        case Literal():
            return repr(node.value)
        case Name():
            return node.name
        case Member():
            return f"{written(node.target)}.{node.field}"
        case Index():
            return f"{written(node.target)}[{written(node.key)}]"
        case Call():
            target = f"{written(node.target)}." if node.target else ""
            return f"{target}{node.name}({', '.join(map(written, node.arguments))})"
        case Items():
            return f"[{', '.join(map(written, node.items))}]"
        case Unary():
            return f"({node.operator}{written(node.operand)})"
        case Binary():
            return f"({written(node.left)} {node.operator} {written(node.right)})"
        case Logic():
            return f"({f' {node.operator} '.join(map(written, node.operands))})"
        case Choice():
            return f"({written(node.test)} ? {written(node.yes)} : {written(node.no)})"
    raise AssertionError(node)


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("a || b && c", "(a || (b && c))"),
        ("a && b && c", "(a && b && c)"),
        ("(a || b) && c", "((a || b) && c)"),
        ("a == b && c != d", "((a == b) && (c != d))"),
        ("1 + 2 * 3 - 4", "((1 + (2 * 3)) - 4)"),
        ("a - b - c", "((a - b) - c)"),
        ("1 < 2 == true", "((1 < 2) == True)"),
        ("!a.b(c)", "(!a.b(c))"),
        ("!!a", "(!(!a))"),
        ("-1 + 2", "((-1) + 2)"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("a.b[0].c(d, e).f", "a.b[0].c(d, e).f"),
        ('"x" in a', "('x' in a)"),
        ("inside in a", "(inside in a)"),
        ("[1, 2,]", "[1, 2]"),
        ("f()", "f()"),
        ("a // why\n&& b", "(a && b)"),
        ("true || false || null", "(True || False || None)"),
    ],
)
def test_precedence_and_grouping_of_cel(source: str, tree: str) -> None:
    assert written(parse(source)) == tree


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("12", 12),
        ("0x1F", 31),
        (str(LARGEST_INT), LARGEST_INT),
        ("1.5", 1.5),
        (".5", 0.5),
        ("2e3", 2000.0),
        ("1.5E-1", 0.15),
        ("true", True),
        ("null", None),
        ('"a"', "a"),
        ("'a\"b'", 'a"b'),
        ('""', ""),
        ('"""a"b\nc"""', 'a"b\nc'),
        ("'''a'b'''", "a'b"),
        ('""""""', ""),
        (r'"\n\t\\\"\x41\u00e9\U0001F600\101"', '\n\t\\"Aé😀A'),
        (r'r"\d\n"', r"\d\n"),
        (r"R'''\d'''", r"\d"),
        (r'r"\"', "\\"),
    ],
)
def test_constants(source: str, value: object) -> None:
    tree = parse(source)
    assert isinstance(tree, Literal)
    assert tree.value == value
    assert type(tree.value) is type(value)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        pytest.param("", "expected a value, found the end", id="empty"),
        pytest.param("a b", "expected an operator or the end, found `b` (character 3", id="two values"),
        pytest.param("a == ", "expected a value, found the end", id="half a relation"),
        pytest.param("a = b", "`=` is no operator; write `==`", id="assignment"),
        pytest.param("a & b", "write `&&`", id="one ampersand"),
        pytest.param("a and b", "found `and`", id="Python's and"),
        pytest.param("(a", "expected `)`", id="open parenthesis"),
        pytest.param("a)", "expected an operator or the end, found `)`", id="closing parenthesis"),
        pytest.param("[a", "expected `,`", id="open list"),
        pytest.param("f(a,)", "expected a value, found `)`", id="comma before the end of a call"),
        pytest.param("a.", "expected a name", id="no field"),
        pytest.param("a ? b", "expected `:`", id="half a choice"),
        pytest.param("'abc", "a string without its closing quote (character 1", id="open string"),
        pytest.param("'a\nb'", "a string without its closing quote", id="a string over two lines"),
        pytest.param(r'"\q"', r"`\q` is no escape sequence", id="unknown escape"),
        pytest.param(r'"\ud800"', r"`\ud800` is no escape sequence", id="half a surrogate pair"),
        pytest.param(r'"\U00110000"', "is no escape sequence", id="beyond Unicode"),
        pytest.param("b'x'", "bytes are not available", id="bytes"),
        pytest.param("1u", "unsigned numbers are not available", id="unsigned"),
        pytest.param("{'a': 1}", "maps are not available", id="map"),
        pytest.param(str(LARGEST_INT + 1), "larger than the largest number", id="65 bits"),
        pytest.param("!-a", "parentheses between `!` and `-`", id="mixed signs"),
        pytest.param("a; b", "unreadable character ';'", id="semicolon"),
        pytest.param("a\u202e", r"unreadable character '\u202e'", id="bidi control"),
        pytest.param("a # b", "unreadable character '#'", id="hash"),
    ],
)
def test_what_is_no_condition(source: str, problem: str) -> None:
    with pytest.raises(ConditionError) as error:
        parse(source)
    assert problem in str(error.value)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("(" * (DEPTH + 1) + "a" + ")" * (DEPTH + 1), id="parentheses"),
        pytest.param("[" * (DEPTH + 1) + "]" * (DEPTH + 1), id="lists"),
        pytest.param("!" * (DEPTH + 1) + "a", id="signs"),
        pytest.param("f(" * (DEPTH + 1) + "a" + ")" * (DEPTH + 1), id="calls"),
        pytest.param("a ? " * (DEPTH + 1) + "b" + " : c" * (DEPTH + 1), id="choices"),
        pytest.param("a" * (SOURCE_CHARS + 1), id="length"),
        pytest.param("+".join("a" * TOKENS), id="words"),
        pytest.param("(" * 100_000, id="hostile"),
    ],
)
def test_size_and_depth_are_bounded(source: str) -> None:
    with pytest.raises(ConditionError):
        parse(source)


def test_the_longest_chain_is_read() -> None:
    parse("+".join("a" * (TOKENS // 2)))


@given(st.text(alphabet=st.sampled_from("ab.()[]'\"\\!-+*/%&|=<>?:,0123 \nurx{}#é\ud800"), max_size=60) | st.text(max_size=60))
def test_any_text_is_a_condition_or_an_error_of_ours(source: str) -> None:
    with suppress(ConditionError):
        parse(source)

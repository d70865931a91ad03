"""From the text of a condition to its syntax tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rune.policy.facts import ConditionError

SOURCE_CHARS = 4_000
TOKENS = 600
DEPTH = 32
LARGEST_INT = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a condition; `offset` is where it stands in the text."""

    offset: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A constant: null, a truth value, a number or a string."""

    value: bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Member(Node):
    """A field of an object: `message.kind`."""

    target: Node
    field: str


@dataclass(frozen=True, slots=True)
class Index(Node):
    """An item of a list or a value of a map: `message.metadata["tool"]`."""

    target: Node
    key: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function, a method or a macro; `target` is None for `size(x)` and `has(x)`."""

    name: str
    target: Node | None
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Items(Node):
    """A list of values between brackets."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """`!x` or `-x`."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Two operands and a relation or an arithmetic operator."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """Operands joined by `&&`, or by `||`."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """`test ? yes : no`."""

    test: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the language: its kind (a group of `_TOKEN`, or the operator itself), its text and place."""

    kind: str
    text: str
    offset: int


_STRING = r"""'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|'(?:\\.|[^'\\\r\n])*'|"(?:\\.|[^"\\\r\n])*\""""
_RAW = r"""[rR](?:'''.*?'''|\"\"\".*?\"\"\"|'[^'\r\n]*'|"[^"\r\n]*")"""
_TOKEN = re.compile(
    rf"(?P<space>[ \t\r\n\f]+|//[^\n]*)|(?P<raw>{_RAW})|(?P<bytes>[bB][rR]?(?=['\"]))|(?P<string>{_STRING})"
    r"|(?P<unsigned>(?:0x[0-9a-fA-F]+|[0-9]+)[uU])|(?P<double>[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)"
    r"|(?P<int>0x[0-9a-fA-F]+|[0-9]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<operator>&&|\|\||==|!=|<=|>=|[<>!+\-*/%?:.,()\[\]])",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))", re.DOTALL)
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"} | {c: c for c in "\\'\"`?"}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_LEVELS = (("==", "!=", "<", "<=", ">", ">=", "in"), ("+", "-"), ("*", "/", "%"))
_NOT_HERE = {"bytes": "bytes", "unsigned": "unsigned numbers"}
_SLIPS = {"=": "==", "&": "&&", "|": "||"}


def parse(source: str) -> Node:
    """Return the syntax tree of a condition.

    Raises:
        ConditionError: the text is no condition, or longer or deeper than `SOURCE_CHARS`, `TOKENS` and `DEPTH` allow.
    """
    if len(source) > SOURCE_CHARS:
        raise ConditionError(f"the condition has {len(source)} characters; at most {SOURCE_CHARS} are read")
    tokens = list(_tokens(source))
    if len(tokens) > TOKENS:
        raise ConditionError(f"the condition has {len(tokens)} words; at most {TOKENS} are read")
    return _Parser([*tokens, Token("end", "", len(source))]).whole()


def _tokens(source: str) -> Iterator[Token]:
    offset = 0
    while offset < len(source):
        match = _TOKEN.match(source, offset)
        if match is None:
            raise ConditionError(_unreadable(source[offset]), offset)
        kind, text = str(match.lastgroup), match.group()
        if kind in _NOT_HERE:
            raise ConditionError(f"{_NOT_HERE[kind]} are not available in conditions", offset)
        if kind != "space":
            is_operator = kind == "operator" or text == "in"
            yield Token(text if is_operator else kind, text, offset)
        offset = match.end()


def _unreadable(character: str) -> str:
    if character in _SLIPS:
        return f"`{character}` is no operator; write `{_SLIPS[character]}`"
    if character in "'\"":
        return "a string without its closing quote"
    if character in "{}":
        return "maps are not available in conditions"
    return f"unreadable character {character!a}"


class _Parser:
    """Recursive descent over the tokens, one method a level of the grammar."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._expression()
        if self._token.kind != "end":
            raise self._unexpected("an operator or the end")
        return node

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._token
        self._at += token.kind != "end"
        return token

    def _accept(self, kind: str) -> bool:
        found = self._token.kind == kind
        self._at += found
        return found

    def _expect(self, kind: str) -> Token:
        if self._token.kind != kind:
            raise self._unexpected("a name" if kind == "name" else f"`{kind}`")
        return self._next()

    def _unexpected(self, wanted: str) -> ConditionError:
        token = self._token
        got = f"`{token.text}`" if token.kind != "end" else "the end of the condition"
        return ConditionError(f"expected {wanted}, found {got}", token.offset)

    def _expression(self) -> Node:
        self._depth += 1
        if self._depth > DEPTH:
            raise ConditionError(f"nested deeper than {DEPTH} levels", self._token.offset)
        node = self._choice()
        self._depth -= 1
        return node

    def _choice(self) -> Node:
        offset = self._token.offset
        test = self._logic("||", lambda: self._logic("&&", lambda: self._binary(0)))
        if not self._accept("?"):
            return test
        yes = self._expression()
        self._expect(":")
        return Choice(offset, test, yes, self._expression())

    def _logic(self, operator: str, operand: Callable[[], Node]) -> Node:
        offset = self._token.offset
        operands = [operand()]
        while self._accept(operator):
            operands.append(operand())
        return Logic(offset, operator, tuple(operands)) if len(operands) > 1 else operands[0]

    def _binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while self._token.kind in _LEVELS[level]:
            operator = self._next()
            left = Binary(operator.offset, operator.kind, left, self._binary(level + 1))
        return left

    def _unary(self) -> Node:
        signs = []
        while self._token.kind in ("!", "-"):
            signs.append(self._next())
        if len({sign.kind for sign in signs}) > 1 or len(signs) > DEPTH:
            raise ConditionError("write parentheses between `!` and `-`", signs[0].offset)
        node = self._postfix(self._primary())
        for sign in reversed(signs):
            node = Unary(sign.offset, sign.kind, node)
        return node

    def _postfix(self, node: Node) -> Node:
        while self._token.kind in (".", "["):
            opening = self._next()
            if opening.kind == "[":
                node = Index(opening.offset, node, self._expression())
                self._expect("]")
            else:
                node = self._member(node)
        return node

    def _member(self, target: Node) -> Node:
        name = self._expect("name")
        if self._accept("("):
            return Call(name.offset, name.text, target, self._list(")"))
        return Member(name.offset, target, name.text)

    def _primary(self) -> Node:
        token = self._next()
        if token.kind == "(":
            node = self._expression()
            self._expect(")")
            return node
        if token.kind == "[":
            return Items(token.offset, self._list("]"))
        if token.kind == "name" and token.text not in _WORDS:
            if self._accept("("):
                return Call(token.offset, token.text, None, self._list(")"))
            return Name(token.offset, token.text)
        return Literal(token.offset, self._value(token))

    def _value(self, token: Token) -> bool | int | float | str | None:
        if token.kind == "name":
            return _WORDS[token.text]
        if token.kind == "int":
            return _integer(token)
        if token.kind == "double":
            return float(token.text)
        if token.kind == "string":
            return _unescaped(token)
        if token.kind == "raw":
            return _unquoted(token.text[1:])
        self._at -= token.kind != "end"
        raise self._unexpected("a value")

    def _list(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while not self._accept(closing):
            if items:
                self._expect(",")
                if closing == "]" and self._accept(closing):
                    break
            items.append(self._expression())
        return tuple(items)


def _integer(token: Token) -> int:
    value = int(token.text, 16 if token.text[:2] == "0x" else 10)
    if value > LARGEST_INT:
        raise ConditionError(f"`{token.text}` is larger than the largest number, {LARGEST_INT}", token.offset)
    return value


def _unquoted(text: str) -> str:
    return text[3:-3] if text[:3] in ("'''", '"""') and len(text) > 5 else text[1:-1]


def _unescaped(token: Token) -> str:
    def character(match: re.Match[str]) -> str:
        code = match.group(1) or match.group(2) or match.group(3)
        if code or match.group(4):
            point = int(code, 16) if code else int(match.group(4), 8)
            if point <= 0x10FFFF and not 0xD800 <= point <= 0xDFFF:
                return chr(point)
        elif match.group(5) in _ESCAPED:
            return _ESCAPED[match.group(5)]
        raise ConditionError(f"`{match.group()}` is no escape sequence; write `\\\\` for a backslash", token.offset + match.start())

    return _ESCAPE.sub(character, _unquoted(token.text))

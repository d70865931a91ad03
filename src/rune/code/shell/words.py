"""What the words of a shell command expand to: quotes, variables, substitutions, braces, splitting."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from itertools import product
from typing import TYPE_CHECKING

from rune.code.decode import decode
from rune.code.environment import variable
from rune.code.values import CONSTANT_CHARS, HOLE, UNKNOWN, Value, concatenate, constant, join, sequence, text

if TYPE_CHECKING:
    from tree_sitter import Node

    from rune.code.shell.interpreter import Shell

WORDS = 256
"""Words that one expansion yields at most."""
EXPANSION_NODES = 5
"""What one `${…}` costs, in nodes."""
_PARAMETER = re.compile(r"\$\{([!#]?)(\w+|[@*#?$!-])(?:\[([^\]]*)\])?(.*)\}\Z", re.DOTALL)
_SUBSTRING = re.compile(r":\s*(-?\d{1,6})(?:\s*:\s*(-?\d{1,6}))?\Z")
_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")
_SPLITTING = frozenset({"simple_expansion", "expansion", "command_substitution"})
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def expand(shell: Shell, node: Node) -> list[Value]:
    """Return the words that one word of the source becomes."""
    if node.type == "string" and len(node.named_children) == 1 and shell.text(node).endswith(('[@]}"', '$@"', '{@}"')):
        node = node.named_children[0]
    value = evaluate(shell, node)
    if value.items is not None and node.type in _SPLITTING:
        return list(value.items[:WORDS])
    if node.type in _SPLITTING or (node.type in ("concatenation", "command_name") and any(_splits(child) for child in node.children)):
        return split(value, shell.separators)
    if node.type in ("word", "concatenation") and any("{" in word and "," in word for word in value.texts):
        return [text(word).labeled(value.labels) for word in braces(value.texts[0])]
    return [value]


def _splits(node: Node) -> bool:
    return node.type in _SPLITTING or (node.type == "concatenation" and any(_splits(child) for child in node.children))


def split(value: Value, separators: str) -> list[Value]:
    """Split an unquoted expansion as the shell does; alternatives are split side by side."""
    rows = [_pieces(word, separators) for word in value.texts]
    if rows == [[""]]:
        return []
    if all(len(row) == 1 for row in rows):
        return [value]
    columns: list[Value] = []
    for row in rows:
        for position, piece in enumerate(row[:WORDS]):
            spelled = Value((piece,), value.labels)
            if position < len(columns):
                columns[position] = join(columns[position], spelled)
            else:
                columns.append(spelled)
    return columns


def _pieces(word: str, separators: str) -> list[str]:
    cleaned = word.translate({ord(separator): " " for separator in separators}) if separators else word
    return cleaned.split() or [""]


def braces(word: str) -> list[str]:
    """Expand `{a,b}` in a word."""
    words = [word]
    for _ in range(4):
        match = _BRACES.search(words[0])
        if match is None or len(words) > WORDS:
            break
        words = [
            found[: match.start()] + choice + found[match.end() :]
            for found, choice in product(words, match[1].split(","))
            if found[match.start() : match.end()] == match[0]
        ][:WORDS]
    return words


def evaluate(shell: Shell, node: Node) -> Value:
    """Return what a word or a part of one may be."""
    shell.session.budget.spend()
    handler = _HANDLERS.get(node.type)
    return handler(shell, node) if handler is not None else _parts(shell, node)


def _parts(shell: Shell, node: Node) -> Value:
    children = node.named_children
    return concatenate([evaluate(shell, child) for child in children]) if children else _word(shell, node)


def _word(shell: Shell, node: Node) -> Value:
    spelled = shell.text(node)
    if "\\" in spelled:
        spelled = _ESCAPED.sub(lambda match: "" if match[1] == "\n" else match[1], spelled)
    return text(spelled)


def _raw(shell: Shell, node: Node) -> Value:
    return text(shell.text(node)[1:-1])


def _ansi(shell: Shell, node: Node) -> Value:
    inner = shell.text(node)[2:-1]
    found = decode("escape", text(_octal(inner)))
    return constant(item.decode("utf-8", "replace") if isinstance(item, bytes) else item for item in found.constants)


def _octal(spelled: str) -> str:
    return re.sub(r"\\(?:0?([0-7]{1,3})|e)", lambda match: f"\\x{int(match[1], 8) & 255:02x}" if match[1] else "\\x1b", spelled)


def _string(shell: Shell, node: Node) -> Value:
    """Evaluate a double-quoted string: expansions and the text between them, blanks included."""
    parts: list[Value] = []
    position = node.start_byte + 1
    for child in node.named_children:
        if child.start_byte > position:
            parts.append(_quoted(shell.slice(position, child.start_byte)))
        parts.append(_quoted(shell.text(child)) if child.type == "string_content" else _flat(evaluate(shell, child)))
        position = child.end_byte
    parts.append(_quoted(shell.slice(position, max(position, node.end_byte - 1))))
    return concatenate(parts)


def _quoted(spelled: str) -> Value:
    return text(re.sub(r'\\([$`"\\\n])', lambda match: "" if match[1] == "\n" else match[1], spelled))


def _flat(value: Value) -> Value:
    """Return a list as the one text it makes inside quotes."""
    if value.items is None:
        return value
    woven: list[Value] = []
    for position, item in enumerate(value.items[:WORDS]):
        woven += [item] if position == 0 else [text(" "), item]
    return concatenate(woven)


def _concatenation(shell: Shell, node: Node) -> Value:
    parts: list[Value] = []
    position = node.start_byte
    for child in node.children:
        value = _flat(evaluate(shell, child))
        if not value.constants and not value.labels and parts and child.type in _SPLITTING:
            value = Value(("", HOLE))
        if child.start_byte > position:
            parts.append(text(shell.slice(position, child.start_byte)))
        parts.append(value)
        position = child.end_byte
    return concatenate(parts)


def _simple(shell: Shell, node: Node) -> Value:
    spelled = shell.text(node)
    # The grammar takes the prompt of a pasted transcript (`$ python x.py`) for an expansion.
    return lookup(shell, spelled[1:]) if not spelled[1:2].isspace() else text(spelled[1:].strip())


def lookup(shell: Shell, name: str) -> Value:
    """Return what a variable may hold."""
    found = shell.variables.get(name)
    if found is not None:
        return found
    if name in ("@", "*"):
        return sequence(shell.positional) if shell.positional else text("")
    if name.isdigit():
        position = int(name[:6]) - 1
        if name == "0":
            return text("sh")
        return shell.positional[position] if 0 <= position < len(shell.positional) else UNKNOWN
    if name in ("#", "?", "$", "!", "-"):
        return UNKNOWN
    return variable(shell.session, name)


def _expansion(shell: Shell, node: Node) -> Value:
    shell.session.budget.spend(EXPANSION_NODES)
    match = _PARAMETER.match(shell.text(node))
    if match is None:
        return UNKNOWN
    prefix, name, position, rest = match.groups()
    value = lookup(shell, name)
    if prefix == "#":
        return UNKNOWN
    if prefix == "!":
        found = UNKNOWN
        for indirect in value.texts:
            found = join(found, lookup(shell, indirect))
        return found
    if position is not None:
        value = _array_item(value, position)
    return _modified(shell, node, value, rest) if rest else value


def _array_item(value: Value, position: str) -> Value:
    if value.items is None or position in ("@", "*"):
        return value
    index = int(position) if re.fullmatch(r"-?\d{1,4}", position) else -1
    return value.items[index] if -len(value.items) <= index < len(value.items) else UNKNOWN


def _modified(shell: Shell, node: Node, value: Value, rest: str) -> Value:
    operator = re.match(r":?[-=+?]|##?|%%?|//?|\^\^?|,,?|@|:", rest)
    if operator is None:
        return value
    sign = operator[0]
    if sign == ":":
        cut = _SUBSTRING.match(rest)
        return _substring(_flat(value), int(cut[1]), int(cut[2]) if cut[2] else None) if cut else Value((), value.labels)
    if sign.lstrip(":") in ("-", "=", "+", "?"):
        return _defaulted(sign, value, _operand(shell, node))
    change = _change(sign, rest[len(sign) :], _operand(shell, node))
    return _mapped(value, change) if change is not None else Value((), value.labels)


def _defaulted(sign: str, value: Value, operand: Value) -> Value:
    if sign.endswith("+"):
        return operand
    if sign.endswith("?"):
        return value
    return join(value, operand) if value.constants or value.labels else operand


def _change(sign: str, rest: str, operand: Value) -> Callable[[str], str] | None:
    """Return what an operator does to a text; None when that is not known."""
    if sign[0] in "#%":
        return _trimmer(sign, operand.text or rest)
    if sign[0] == "/":
        old, _, new = rest.partition("/")
        return _replacer(old, new, everywhere=sign == "//") if "$" not in rest else None
    if sign[0] in "^,":
        upper = sign[0] == "^"
        return (str.upper if upper else str.lower) if len(sign) == 2 else _first(upper=upper)
    return str


def _operand(shell: Shell, node: Node) -> Value:
    """Return the word after the operator of `${name-word}`."""
    after = [child for child in node.named_children if child.type not in ("variable_name", "special_variable_name", "subscript")]
    return concatenate([_flat(evaluate(shell, child)) for child in after]) if after else text("")


def _mapped(value: Value, change: Callable[[str], str]) -> Value:
    return constant((change(word) for word in value.texts), value.labels)


def _substring(value: Value, start: int, length: int | None) -> Value:
    stop = None if length is None else length if length < 0 else start + length if start >= 0 or start + length < 0 else None
    return constant((word[start:stop] for word in value.texts), value.labels)


def _trimmer(sign: str, pattern: str) -> Callable[[str], str]:
    def trim(word: str) -> str:
        if len(word) > 2000 or len(pattern) > 200:
            return word
        lengths: Iterable[int] = range(len(word) + 1)
        for length in lengths if len(sign) == 1 else reversed(range(len(word) + 1)):
            cut = word[:length] if sign[0] == "#" else word[len(word) - length :]
            if fnmatchcase(cut, pattern):
                return word[length:] if sign[0] == "#" else word[: len(word) - length]
        return word

    return trim


def _replacer(old: str, new: str, *, everywhere: bool) -> Callable[[str], str]:
    plain = old.replace("\\", "").strip("'\"")

    def replace(word: str) -> str:
        if not plain or word.count(plain) * len(new) > CONSTANT_CHARS:
            return word
        return word.replace(plain, new.strip("'\""), -1 if everywhere else 1)

    return replace


def _first(*, upper: bool) -> Callable[[str], str]:
    return lambda word: (word[:1].upper() if upper else word[:1].lower()) + word[1:]


def _substitution(shell: Shell, node: Node) -> Value:
    output = shell.substitute(node)
    return constant((word.rstrip("\n") for word in output.texts), output.labels)._replace(names=output.names)


def _array(shell: Shell, node: Node) -> Value:
    return sequence(word for child in node.named_children for word in expand(shell, child))


def _unknown(_shell: Shell, _node: Node) -> Value:
    return UNKNOWN


def words_of(shell: Shell, nodes: Sequence[Node]) -> list[Value]:
    """Return the words that several words of the source become."""
    return [word for node in nodes for word in expand(shell, node)][:WORDS]


_HANDLERS: dict[str, Callable[[Shell, Node], Value]] = {
    "word": _word,
    "number": _word,
    "variable_name": _word,
    "special_variable_name": _word,
    "extglob_pattern": _word,
    "regex": _word,
    "raw_string": _raw,
    "ansi_c_string": _ansi,
    "string": _string,
    "translated_string": _parts,
    "concatenation": _concatenation,
    "simple_expansion": _simple,
    "expansion": _expansion,
    "command_substitution": _substitution,
    "process_substitution": _substitution,
    "array": _array,
    "arithmetic_expansion": _unknown,
    "heredoc_content": lambda shell, node: text(shell.text(node)),
    "string_content": lambda shell, node: _quoted(shell.text(node)),
}

"""From a syntax tree to a function: every part is checked against the types of `schema` once, then runs without looking them up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rune.policy.cel import values
from rune.policy.cel.macros import MACROS, STEPS, Run, any_or_all, mapped
from rune.policy.cel.schema import ANY, BOOL, DOUBLE, INT, LIST, MAP, NULL, STRING, VARIABLES, Type
from rune.policy.cel.syntax import Binary, Call, Choice, Index, Items, Literal, Logic, Member, Name, Node, Unary, parse
from rune.policy.facts import ConditionError, Facts
from rune.policy.problems import closest

_FIRST_VARIABLE = 1
_NUMBERS = (INT, DOUBLE)


@dataclass(frozen=True, slots=True)
class Part:
    """A checked part of a condition."""

    type: Type
    run: Run


def compile_expression(source: str) -> Callable[[Facts], bool]:
    """Return a function that evaluates a condition.

    The function raises `ConditionError` when the condition has no answer for these facts.

    Raises:
        ConditionError: the text is no condition, or its types do not fit.
    """
    tree = parse(source)
    part = _Checker(VARIABLES).part(tree)
    if part.type != BOOL:
        hint = "; compare it with `== true`" if part.type == ANY else ""
        raise ConditionError(f"a condition has to be true or false, and this is {part.type}{hint}", tree.offset)
    run = part.run

    def evaluate(facts: Facts) -> bool:
        try:
            return bool(run([STEPS, *facts]))
        except RecursionError:
            raise ConditionError("nested too deep for the stack that is left") from None

    return evaluate


class _Checker:
    """Turns nodes into parts, knowing the variables in scope."""

    def __init__(self, variables: Mapping[str, Type]) -> None:
        self.types = dict(variables)
        self.places = {name: index + _FIRST_VARIABLE for index, name in enumerate(self.types)}

    def part(self, node: Node) -> Part:
        return _PARTS[type(node)](self, node)

    def _inside(self, name: str, item: Type) -> _Checker:
        checker = _Checker(self.types)
        checker.places = {**self.places, name: max(self.places.values()) + 1}
        checker.types[name] = item
        return checker

    def truth(self, node: Node) -> Run:
        part = self.part(node)
        if part.type == BOOL:
            return part.run
        if part.type != ANY:
            raise ConditionError(f"needs true or false, not {part.type}", node.offset)
        run = part.run
        return lambda frame: values.truth(run(frame))

    def literal(self, node: Literal) -> Part:
        value = node.value
        names = {bool: BOOL, int: INT, float: DOUBLE, str: STRING}
        return Part(NULL if value is None else names[type(value)], lambda _: value)

    def name(self, node: Name) -> Part:
        if node.name not in self.types:
            raise ConditionError(f"unknown variable `{node.name}`; {_did_you_mean(node.name, self.types)}", node.offset)
        place = self.places[node.name]
        return Part(self.types[node.name], lambda frame: frame[place])

    def member(self, node: Member) -> Part:
        target, name = self.part(node.target), node.field
        run = target.run
        if target.type in (MAP, ANY):
            return Part(ANY, lambda frame: values.item(run(frame), name, name))
        if not target.type.fields:
            raise ConditionError(f"{target.type} has no fields, so no `{name}`", node.offset)
        if name not in target.type.fields:
            hint = _did_you_mean(name, target.type.fields)
            raise ConditionError(f"unknown field `{name}` of the {target.type}; {hint}", node.offset)
        known = target.type.fields[name]
        read = known.read
        return Part(known.type, lambda frame: read(run(frame)))

    def index(self, node: Index) -> Part:
        target, key = self.part(node.target), self.part(node.key)
        wanted = {"map": STRING, "list": INT}.get(target.type.name)
        if (wanted is None and target.type != ANY) or (wanted and key.type not in (wanted, ANY)):
            raise ConditionError(f"{target.type} has no items by {key.type}", node.offset)
        get, at = target.run, key.run
        known = node.key.value[:40] if isinstance(node.key, Literal) and isinstance(node.key.value, str) else ""
        return Part(target.type.item or ANY, lambda frame: values.item(get(frame), at(frame), known))

    def items(self, node: Items) -> Part:
        parts = [self.part(item) for item in node.items]
        alike = bool(parts) and all(part.type == parts[0].type for part in parts)
        runs = [part.run for part in parts]
        return Part(Type("list", parts[0].type) if alike else LIST, lambda frame: [run(frame) for run in runs])

    def unary(self, node: Unary) -> Part:
        if node.operator == "!":
            holds = self.truth(node.operand)
            return Part(BOOL, lambda frame: not holds(frame))
        part = self.part(node.operand)
        if part.type not in (*_NUMBERS, ANY):
            raise ConditionError(f"`-` needs a number, not {part.type}", node.offset)
        run = part.run
        return Part(part.type, lambda frame: values.negated(run(frame)))

    def logic(self, node: Logic) -> Part:
        return Part(BOOL, any_or_all(node.operator == "||", [self.truth(operand) for operand in node.operands]))

    def choice(self, node: Choice) -> Part:
        test, yes, no = self.truth(node.test), self.part(node.yes), self.part(node.no)
        if not _comparable(yes.type, no.type):
            raise ConditionError(f"one side of `:` is {yes.type}, the other {no.type}", node.offset)
        a, b = yes.run, no.run
        return Part(yes.type if yes.type == no.type else ANY, lambda frame: a(frame) if test(frame) else b(frame))

    def binary(self, node: Binary) -> Part:
        left, right = self.part(node.left), self.part(node.right)
        _check_words(node, left.type, right.type)
        sign, a, b = node.operator, left.run, right.run
        if sign in ("==", "!="):
            return _equality(node, left, right)
        if sign == "in":
            return _membership(node, left, right)
        if sign in ("<", "<=", ">", ">="):
            if not _comparable(left.type, right.type) or left.type.name not in _ORDERED:
                raise ConditionError(f"`{sign}` cannot compare {left.type} and {right.type}", node.offset)
            return Part(BOOL, lambda frame: values.ordered(sign, a(frame), b(frame)))
        joined = _joined(sign, left.type, right.type)
        if joined is None:
            raise ConditionError(f"`{sign}` cannot join {left.type} and {right.type}", node.offset)
        return Part(joined, lambda frame: values.arithmetic(sign, a(frame), b(frame)))

    def call(self, node: Call) -> Part:
        if node.name in (*MACROS, "map") and node.target is not None:
            return self._macro(node)
        if node.name == "has" and node.target is None:
            return self._has(node)
        operands = (*((node.target,) if node.target else ()), *node.arguments)
        if node.name == "size" and len(operands) == 1:
            return self._size(node, operands[0])
        if node.name in _TESTS and node.target is not None and len(node.arguments) == 1:
            return self._test(node, node.target, node.arguments[0])
        known = _FUNCTIONS.get(node.name)
        problem = f"`{node.name}` is called as `{known}`" if known else f"unknown function `{node.name}`"
        raise ConditionError(f"{problem}; {_did_you_mean(node.name, _FUNCTIONS)}" if not known else problem, node.offset)

    def _size(self, node: Call, operand: Node) -> Part:
        part = self.part(operand)
        if part.type.name not in ("string", "list", "map", "any"):
            raise ConditionError(f"`size` needs a string, a list or a map, not {part.type}", node.offset)
        run = part.run
        return Part(INT, lambda frame: values.size(run(frame)))

    def _test(self, node: Call, target: Node, argument: Node) -> Part:
        subject = self._string(target, node)
        if node.name == "matches":
            if not isinstance(argument, Literal) or not isinstance(argument.value, str):
                raise ConditionError("`matches` needs its regular expression as a string in place", argument.offset)
            found = values.pattern(argument.value)
            return Part(BOOL, lambda frame: found(subject(frame)))
        part, test = self._string(argument, node), _TESTS[node.name]
        return Part(BOOL, lambda frame: test(subject(frame), part(frame)))

    def _string(self, node: Node, call: Call) -> Run:
        part = self.part(node)
        if part.type.name not in ("string", "any"):
            raise ConditionError(f"`{call.name}` needs a string, not {part.type}", call.offset)
        run = part.run
        return run if part.type == STRING else lambda frame: values.text(run(frame))

    def _has(self, node: Call) -> Part:
        if len(node.arguments) != 1 or not isinstance(node.arguments[0], Member):
            raise ConditionError("`has` needs a field: `has(message.metadata.tool)`", node.offset)
        member = node.arguments[0]
        target = self.part(member.target)
        if target.type not in (MAP, ANY):
            self.member(member)
            return Part(BOOL, lambda _: True)
        run, name = target.run, member.field
        return Part(BOOL, lambda frame: values.contained(name, run(frame)))

    def _macro(self, node: Call) -> Part:
        target = self.part(node.target or node)
        if target.type.name not in ("list", "map", "any"):
            raise ConditionError(f"`{node.name}` goes through a list, not {target.type}", node.offset)
        if len(node.arguments) != 2 or not isinstance(node.arguments[0], Name):
            raise ConditionError(f"`{node.name}` is called as `{_FUNCTIONS[node.name]}`", node.offset)
        name = node.arguments[0].name
        item = STRING if target.type == MAP else target.type.item or ANY
        checker = self._inside(name, item)
        if node.name == "map":
            body = checker.part(node.arguments[1])
            return Part(Type("list", body.type), mapped(target.run, checker.places[name], body.run))
        holds = checker.truth(node.arguments[1])
        return Part(Type("list", item) if node.name == "filter" else BOOL, MACROS[node.name](target.run, checker.places[name], holds))


_PARTS: dict[type[Node], Callable[[_Checker, Any], Part]] = {
    Literal: _Checker.literal,
    Name: _Checker.name,
    Member: _Checker.member,
    Index: _Checker.index,
    Items: _Checker.items,
    Unary: _Checker.unary,
    Logic: _Checker.logic,
    Choice: _Checker.choice,
    Binary: _Checker.binary,
    Call: _Checker.call,
}
_TESTS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "matches": lambda _text, _pattern: False,
}
_FUNCTIONS = {
    "has": "has(message.metadata.tool)",
    "size": "size(x)",
    "contains": "text.contains(part)",
    "startsWith": "text.startsWith(part)",
    "endsWith": "text.endsWith(part)",
    "matches": 'text.matches("regular expression")',
    "all": "list.all(x, condition)",
    "exists": "list.exists(x, condition)",
    "exists_one": "list.exists_one(x, condition)",
    "filter": "list.filter(x, condition)",
    "map": "list.map(x, value)",
}
_ORDERED = ("int", "double", "string", "bool", "any")


def _equality(node: Binary, left: Part, right: Part) -> Part:
    if not _comparable(left.type, right.type):
        raise ConditionError(f"`{node.operator}` compares {left.type} with {right.type}, which are never equal", node.offset)
    a, b = left.run, right.run
    if left.type == right.type == STRING:
        if node.operator == "==":
            return Part(BOOL, lambda frame: a(frame) == b(frame))
        return Part(BOOL, lambda frame: a(frame) != b(frame))
    wanted = node.operator == "=="
    return Part(BOOL, lambda frame: values.equal(a(frame), b(frame)) is wanted)


def _membership(node: Binary, left: Part, right: Part) -> Part:
    fits = right.type == ANY or (right.type == MAP and left.type in (STRING, ANY))
    if right.type.name == "list":
        fits = right.type.item is None or _comparable(left.type, right.type.item)
    if not fits:
        raise ConditionError(f"`in` cannot find {left.type} in {right.type}", node.offset)
    a, b = left.run, right.run
    return Part(BOOL, lambda frame: values.contained(a(frame), b(frame)))


def _comparable(left: Type, right: Type) -> bool:
    if ANY in (left, right) or (left in _NUMBERS and right in _NUMBERS):
        return True
    if left.name == right.name == "list":
        return left.item is None or right.item is None or _comparable(left.item, right.item)
    return left == right and not left.fields


def _joined(sign: str, left: Type, right: Type) -> Type | None:
    for known in (*_NUMBERS, *((STRING,) if sign == "+" else ())):
        if {left, right} <= {known, ANY} and known in (left, right):
            return None if sign == "%" and known == DOUBLE else known
    return ANY if left == right == ANY else None


def _check_words(node: Binary, left: Type, right: Type) -> None:
    words = left.words or right.words or (right.item.words if right.item else ())
    for side in (node.left, node.right) if words and node.operator in ("==", "!=", "in") else ():
        for literal in side.items if isinstance(side, Items) else (side,):
            if isinstance(literal, Literal) and isinstance(literal.value, str) and literal.value not in words:
                raise ConditionError(f"no such word `{ascii(literal.value)[1:-1]}`; {_did_you_mean(literal.value, words)}", literal.offset)


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    close = closest(word, known)
    return f"did you mean `{close}`?" if close else f"known are {', '.join(known)}"

"""What each Python expression may evaluate to."""

from __future__ import annotations

import ast
import string
from collections.abc import Callable, Sequence
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from rune.code import rules
from rune.code.environment import everything, variable
from rune.code.python import constants
from rune.code.python.calls import call_node, call_value
from rune.code.python.frame import Class, Closure, Frame, Instance
from rune.code.python.names import attribute
from rune.code.values import (
    CONSTANT_CHARS,
    CONSTANTS,
    DISGUISED,
    ENVIRONMENT,
    INPUT,
    ITEMS,
    UNKNOWN,
    Value,
    concatenate,
    constant,
    element,
    join,
    named,
    sequence,
    text,
)

if TYPE_CHECKING:
    from rune.code.python.interpreter import Interpreter

ROUNDS = 4096
"""Elements of a known collection over which a comprehension is really run."""
_KNOWN = {
    **dict.fromkeys(("os.sep", "os.path.sep", "os.altsep"), text("/")),
    **dict.fromkeys(("os.curdir", "os.path.curdir"), text(".")),
    **dict.fromkeys(("os.pardir", "os.path.pardir"), text("..")),
    "os.devnull": text("/dev/null"),
    "os.linesep": text("\n"),
    "os.name": text("posix"),
    "sys.executable": text("python3"),
    **{
        f"string.{name}": text(getattr(string, name))
        for name in ("ascii_lowercase", "ascii_uppercase", "ascii_letters", "digits", "punctuation")
    },
    "string.printable": text(string.printable),
}
"""Attributes with a known value."""
_SCRIPT = {"__file__": text("./script.py"), "__name__": text("__main__")}
_OPENING = frozenset({"__subclasses__", "f_builtins", "f_globals", "gi_frame", "__closure__"})
"""Attributes that lead from any object to every other."""


def children(reader: Interpreter, node: ast.expr, frame: Frame) -> Value:
    """Read the parts of an expression whose own result says nothing."""
    labels = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            labels |= reader.evaluate(child, frame).labels
    return Value((), labels) if labels else UNKNOWN


def _constant(_reader: Interpreter, node: ast.Constant, _frame: Frame) -> Value:
    value = node.value
    if isinstance(value, (str, bytes)):
        return Value((value,)) if len(value) <= CONSTANT_CHARS else UNKNOWN
    return Value((value,)) if isinstance(value, (int, float, type(None))) else UNKNOWN


def _name(reader: Interpreter, node: ast.Name, frame: Frame) -> Value:
    found = frame.lookup(node.id)
    if found is not None:
        return found
    if node.id in _SCRIPT:
        return _SCRIPT[node.id]
    names = ("builtins",) if node.id == "__builtins__" else (node.id, *(f"{module}.{node.id}" for module in reader.stars[:3]))
    return Value((), 0, names)


def documentation(node: ast.AST) -> Value:
    """Return the text that a module, class or function begins with."""
    if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        return UNKNOWN
    return constant((ast.get_docstring(node, clean=False),))


def _attribute(reader: Interpreter, node: ast.Attribute, frame: Frame) -> Value:
    return get_attribute(reader, reader.evaluate(node.value, frame), node.attr)


def get_attribute(reader: Interpreter, owner: Value, name: str, *, disguised: bool = False) -> Value:
    """Return an attribute of a value."""
    if name in _OPENING:
        reader.session.report(rules.HANDS_OVER, name)
    own = _own_attribute(owner, name)
    if own is not None:
        return own
    names = tuple(attribute(owned, name) for owned in owner.names)
    labels = owner.labels | (DISGUISED if disguised else 0)
    if names and names[0] in _KNOWN:
        return _KNOWN[names[0]]
    if "os.environ" in names:
        return Value((), labels | ENVIRONMENT, ("os.environ",))
    if "sys.argv" in names:
        return Value((), INPUT, names)
    if "pathlib.Path()" in owner.names:
        return constants.path_attribute(owner, name)
    return Value((), labels, names)


def _own_attribute(owner: Value, name: str) -> Value | None:
    """Return an attribute that the snippet itself defined."""
    if name == "__doc__" and isinstance(owner.target, Closure):
        return documentation(owner.target.node)
    if owner.fields is not None and name in owner.fields and not (isinstance(owner.target, Class) and name == "__dict__"):
        return owner.fields[name]
    kind = owner.target.of if isinstance(owner.target, Instance) else owner.target
    if isinstance(kind, Class):
        member = kind.member(name)
        if member is not None and isinstance(member.target, Closure) and isinstance(owner.target, Instance):
            return Value(target=member.target.bind(owner))
        return member
    return None


def set_attribute(reader: Interpreter, target: ast.Attribute, value: Value, frame: Frame) -> None:
    """Assign an attribute."""
    owner = reader.evaluate(target.value, frame)
    reader.module.version += 1
    if owner.fields is not None:
        before = owner.fields.get(target.attr)
        owner.fields[target.attr] = value if before is None else join(before, value)


def _subscript(reader: Interpreter, node: ast.Subscript, frame: Frame) -> Value:
    owner = reader.evaluate(node.value, frame)
    if isinstance(node.slice, ast.Slice):
        return _slice(reader, owner, node.slice, frame)
    key = reader.evaluate(node.slice, frame)
    if isinstance(owner.target, Instance):
        return method(reader, owner, "__getitem__", [key]) or UNKNOWN
    return get_element(reader, owner, key, disguised=not isinstance(node.slice, ast.Constant))


def get_element(reader: Interpreter, owner: Value, key: Value, *, disguised: bool = False) -> Value:
    """Return an element of a collection, an entry of a mapping or of a module's dictionary."""
    if "os.environ" in owner.names:
        return _environment(reader, key)
    if owner.fields is not None:
        return _entry(owner, key, disguised=disguised)
    if owner.items is not None:
        return _item(owner, key)
    picked = constants.index(owner, key)
    if picked is not None:
        return picked
    names = [attribute(name, word) for name in owner.names for word in key.texts if constants.IDENTIFIER.match(word)]
    names = [name.removeprefix("sys.modules.") for name in names] or [f"{name}[]" for name in owner.names]
    hidden = DISGUISED if key.texts and (disguised or any("__" in name for name in owner.names)) else 0
    return Value((), owner.labels | hidden, tuple(names[:4]))


def _environment(reader: Interpreter, key: Value) -> Value:
    if not key.texts:
        return Value((), 0)
    found = UNKNOWN
    for name in key.texts:
        found = join(found, variable(reader.session, name))
    return found


def _entry(owner: Value, key: Value, *, disguised: bool) -> Value:
    fields = owner.fields or {}
    known = [fields[name] for name in key.constants if name in fields]
    if known:
        return known[0].labeled(DISGUISED) if disguised and known[0].names else known[0]
    if "globals()" in owner.names and key.texts:
        word = key.texts[0]
        return named("builtins" if word == "__builtins__" else word, DISGUISED if disguised else 0)
    found = Value((), owner.labels)
    if not key.constants:
        for value in list(fields.values())[:16]:
            found = join(found, value)
    return found


def _item(owner: Value, key: Value) -> Value:
    items = owner.items or ()
    position = key.integer
    if position is not None and -len(items) <= position < len(items):
        return items[position]
    return element(owner) if position is None else UNKNOWN


def set_element(reader: Interpreter, target: ast.Subscript, value: Value, frame: Frame) -> None:
    """Assign an element."""
    owner = reader.evaluate(target.value, frame)
    key = reader.evaluate(target.slice, frame)
    reader.module.version += 1
    if "os.environ" in owner.names:
        reader.session.exported.update(dict.fromkeys(key.texts, value))
    elif owner.fields is not None:
        for name in key.constants:
            if len(owner.fields) < ITEMS:
                owner.fields[name] = value
    elif owner.items is not None or not owner.names:
        reader.bind_again(target.value, _replaced(owner, key.integer, value), frame)


def _replaced(owner: Value, position: int | None, value: Value) -> Value:
    """Return a list after an assignment to one of its elements."""
    items = owner.items or ()
    if position is None or not -len(items) <= position < len(items):
        return owner.labeled(value.labels)
    changed = list(items)
    changed[position] = join(value, items[position])
    return sequence(changed).labeled(owner.labels)


def _slice(reader: Interpreter, owner: Value, node: ast.Slice, frame: Frame) -> Value:
    bounds = [reader.evaluate(part, frame).integer if part is not None else None for part in (node.lower, node.upper, node.step)]
    cut = slice(*bounds)
    if cut.step == 0:
        return UNKNOWN
    if owner.items is not None:
        return sequence(owner.items[cut]).labeled(owner.labels)
    return constant((item[cut] for item in owner.constants if isinstance(item, (str, bytes))), owner.labels)


def _binary(reader: Interpreter, node: ast.BinOp, frame: Frame) -> Value:
    """Evaluate a chain of operators without one stack frame for each of its links."""
    links: list[ast.BinOp] = [node]
    while isinstance(links[-1].left, ast.BinOp):
        links.append(links[-1].left)
        reader.spend()
    value = reader.evaluate(links[-1].left, frame)
    for link in reversed(links):
        value = operate(reader, link.op, value, reader.evaluate(link.right, frame))
    return value


def operate(reader: Interpreter, operator: ast.operator, left: Value, right: Value) -> Value:
    """Return the result of a binary operator."""
    if isinstance(operator, ast.Add):
        if left.items is not None and right.items is not None:
            return sequence(left.items + right.items)
        return constants.add(left, right)
    if isinstance(operator, ast.Div) and ("pathlib.Path()" in left.names or "pathlib.Path()" in right.names):
        return constants.path_join([left, right])
    if isinstance(operator, ast.Mod) and any(isinstance(item, (str, bytes)) for item in left.constants):
        return constants.percent(left, right)
    if isinstance(operator, ast.Mult) and constants.huge(left, right):
        reader.session.report(rules.HOGS)
    found = (constants.arithmetic(operator, a, b) for a, b in islice(product(left.constants, right.constants), CONSTANTS))
    return constant((item for item in found if item is not None), left.labels | right.labels)


def _unary(reader: Interpreter, node: ast.UnaryOp, frame: Frame) -> Value:
    value = reader.evaluate(node.operand, frame)
    if isinstance(node.op, ast.USub):
        return constant(-item for item in value.constants if isinstance(item, (int, float)))
    if isinstance(node.op, ast.Invert):
        return constant(~item for item in value.constants if isinstance(item, int))
    return UNKNOWN


def _boolean(reader: Interpreter, node: ast.BoolOp, frame: Frame) -> Value:
    found = UNKNOWN
    for value in node.values:
        found = join(found, reader.evaluate(value, frame))
    return found


def _conditional(reader: Interpreter, node: ast.IfExp, frame: Frame) -> Value:
    reader.evaluate(node.test, frame)
    return join(reader.evaluate(node.body, frame), reader.evaluate(node.orelse, frame))


def _compare(reader: Interpreter, node: ast.Compare, frame: Frame) -> Value:
    reader.evaluate(node.left, frame)
    for part in node.comparators:
        reader.evaluate(part, frame)
    return UNKNOWN


def _sequence(reader: Interpreter, node: ast.List | ast.Tuple | ast.Set, frame: Frame) -> Value:
    if len(node.elts) > ITEMS and all(isinstance(part, ast.Constant) for part in node.elts):
        reader.spend(len(node.elts) // 8)
        return _plain_sequence(node.elts)
    items: list[Value] = []
    for part in node.elts:
        value = reader.evaluate(part, frame)
        if isinstance(part, ast.Starred):
            items += value.items if value.items is not None else [element(value)]
        else:
            items.append(value)
    return sequence(items)


def _plain_sequence(parts: Sequence[ast.expr]) -> Value:
    """Keep a long list of numbers as the bytes it may spell."""
    values = [part.value for part in parts if isinstance(part, ast.Constant)]
    small = [value for value in values if isinstance(value, int) and 0 <= value < 256]
    spelled = constant((bytes(small),)) if len(small) == len(values) else UNKNOWN
    return spelled._replace(items=tuple(constant((value,)) for value in values[:ITEMS] if isinstance(value, (str, bytes, int, float))))


def _mapping(reader: Interpreter, node: ast.Dict, frame: Frame) -> Value:
    fields: dict[Any, Value] = {}
    labels = 0
    for key, part in zip(node.keys, node.values, strict=True):
        value = reader.evaluate(part, frame)
        labels |= value.labels
        if key is None:
            fields.update(value.fields or {})
            continue
        name = reader.evaluate(key, frame)
        labels |= name.labels
        if len(fields) < ITEMS:
            fields[name.constants[0] if name.constants else len(fields)] = value
    return Value((), labels, (), None, fields)


def _joined(reader: Interpreter, node: ast.JoinedStr, frame: Frame) -> Value:
    return concatenate([reader.evaluate(part, frame) for part in node.values])


def _formatted(reader: Interpreter, node: ast.FormattedValue, frame: Frame) -> Value:
    value = reader.evaluate(node.value, frame)
    if node.format_spec is None:
        return constants.spelled(value) if node.conversion == -1 else Value((), value.labels)
    reader.evaluate(node.format_spec, frame)
    return constants.spelled(value) if value.texts else constants.formatted_number(value, node.format_spec)


def _call(reader: Interpreter, node: ast.Call, frame: Frame) -> Value:
    return call_node(reader, node, frame)


def _lambda(reader: Interpreter, node: ast.Lambda, frame: Frame) -> Value:
    closure = Closure(node, frame)
    frame.captured = True
    reader.pending[id(node)] = closure
    return Value(target=closure)


def _walrus(reader: Interpreter, node: ast.NamedExpr, frame: Frame) -> Value:
    value = reader.evaluate(node.value, frame)
    frame.assign(node.target.id, value)
    return value


def _passed_on(reader: Interpreter, node: ast.Await | ast.Starred, frame: Frame) -> Value:
    return reader.evaluate(node.value, frame)


def _yield(reader: Interpreter, node: ast.Yield | ast.YieldFrom, frame: Frame) -> Value:
    if node.value is not None:
        value = reader.evaluate(node.value, frame)
        frame.returned = join(frame.returned, sequence([value]) if isinstance(node, ast.Yield) else value)
    return UNKNOWN


def iterated(reader: Interpreter, node: ast.expr, frame: Frame) -> Value:
    """Return the collection that a loop goes over."""
    value = reader.evaluate(node, frame)
    if "os.environ" in value.names:
        return everything(reader.session)
    if value.items is None and value.fields is not None and not isinstance(value.target, Instance):
        return sequence(constant((key,)) for key in value.fields if isinstance(key, (str, bytes, int, float))).labeled(value.labels)
    return constants.elements(value)


def _comprehension(reader: Interpreter, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, frame: Frame) -> Value:
    scope = Frame(frame, frame.top)
    items: list[Value] = []
    _rounds(reader, node.generators, scope, lambda: items.append(reader.evaluate(node.elt, scope)))
    return constants.compact(items)


def _dict_comprehension(reader: Interpreter, node: ast.DictComp, frame: Frame) -> Value:
    scope = Frame(frame, frame.top)
    fields: dict[Any, Value] = {}
    labels = [0]

    def add() -> None:
        key, value = reader.evaluate(node.key, scope), reader.evaluate(node.value, scope)
        labels[0] |= key.labels | value.labels
        if len(fields) < ITEMS:
            fields[key.constants[0] if key.constants else len(fields)] = value

    _rounds(reader, node.generators, scope, add)
    return Value((), labels[0], (), None, fields)


def _rounds(reader: Interpreter, generators: Sequence[ast.comprehension], scope: Frame, act: Callable[[], None]) -> None:
    """Run a comprehension over the known elements of its first collection, and once over those of the others."""
    first, *rest = generators
    collection = iterated(reader, first.iter, scope)
    rounds = collection.items if collection.items is not None and not rest else [element(collection)]
    for item in rounds[:ROUNDS]:
        scope.variables.clear()
        reader.bind(first.target, item, scope)
        for generator in rest:
            reader.bind(generator.target, element(iterated(reader, generator.iter, scope)), scope)
        for condition in (condition for generator in generators for condition in generator.ifs):
            reader.evaluate(condition, scope)
        act()


def method(reader: Interpreter, owner: Value, name: str, arguments: list[Value]) -> Value | None:
    """Call a method that the snippet defined; None when it defined none of that name."""
    found = _own_attribute(owner, name)
    return None if found is None else call_value(reader, found, arguments, {})


HANDLERS: dict[type[ast.expr], Callable[[Interpreter, Any, Frame], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.IfExp: _conditional,
    ast.Compare: _compare,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Set: _sequence,
    ast.Dict: _mapping,
    ast.JoinedStr: _joined,
    ast.FormattedValue: _formatted,
    ast.Call: _call,
    ast.Lambda: _lambda,
    ast.NamedExpr: _walrus,
    ast.Await: _passed_on,
    ast.Starred: _passed_on,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _dict_comprehension,
}

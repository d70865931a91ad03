"""What a call in Python does: the snippet's own functions are entered, known ones looked up, others assumed to pass their input on."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rune.code import rules
from rune.code.python import constants
from rune.code.python.call import Call
from rune.code.python.frame import Class, Closure, Frame, Instance, Partial
from rune.code.python.library import DANGEROUS, LIBRARY, unknown_method
from rune.code.python.pure import FUNCTIONS, IDENTITY, METHODS
from rune.code.values import DISGUISED, ENV_KEY, ENVIRONMENT, ITEMS, UNKNOWN, Value, element, join, named, sequence

if TYPE_CHECKING:
    from rune.code.python.interpreter import Interpreter

_PASSED_ON = ~(ENV_KEY | ENVIRONMENT | DISGUISED)
"""Labels that the result of an unknown function keeps; a client made with a key does not answer with it."""
_DICTIONARY_METHODS = ("__dict__.get", "__dict__.pop", "__dict__.__getitem__", "__globals__.get", "__globals__.__getitem__")
_ADDING = frozenset({"append", "add", "appendleft", "push"})
_LOOPING = re.compile(r"(?:^map|\.map|\.imap\w*|starmap)$")


def call_node(reader: Interpreter, node: ast.Call, frame: Frame) -> Value:
    """Read a call expression."""
    receiver = UNKNOWN
    method = ""
    if isinstance(node.func, ast.Attribute):
        receiver = reader.evaluate(node.func.value, frame)
        method = node.func.attr
        function = reader.attribute(receiver, method)
    else:
        function = reader.evaluate(node.func, frame)
    arguments, spread = _arguments(reader, node, frame)
    keywords = _keywords(reader, node, frame)
    special = _special(reader, node, function, [receiver, *arguments] if method else arguments, frame)
    if special is not None:
        return special
    result = call_value(reader, function, arguments, keywords, receiver=receiver, method=method, spread=spread)
    if method and isinstance(node.func, ast.Attribute) and receiver.items is not None:
        _grown(reader, node.func, arguments, receiver, frame)
    return result


def _arguments(reader: Interpreter, node: ast.Call, frame: Frame) -> tuple[list[Value], bool]:
    arguments: list[Value] = []
    spread = False
    for part in node.args:
        value = reader.evaluate(part, frame)
        if isinstance(part, ast.Starred):
            spread = spread or value.items is None
            arguments += value.items if value.items is not None else [element(value)]
        else:
            arguments.append(value)
    return arguments, spread


def _keywords(reader: Interpreter, node: ast.Call, frame: Frame) -> dict[str, Value]:
    keywords: dict[str, Value] = {}
    for part in node.keywords:
        value = reader.evaluate(part.value, frame)
        if part.arg is not None:
            keywords[part.arg] = value
        else:
            keywords.update({name: item for name, item in (value.fields or {}).items() if isinstance(name, str)})
            keywords.setdefault("**", Value((), value.labels))
    return keywords


def _special(reader: Interpreter, node: ast.Call, function: Value, arguments: list[Value], frame: Frame) -> Value | None:
    """Handle the functions that need the scope of the call or the way their arguments are spelled; None for all others."""
    name = function.names[0] if function.names else ""
    if name == "getattr" or name.endswith((".__getattribute__", ".getattr_static")):
        owner, key = (UNKNOWN, UNKNOWN, *arguments)[-2:] if name.endswith("_") else (*arguments, UNKNOWN, UNKNOWN)[:2]
        computed = bool(node.args) and not any(isinstance(part, ast.Constant) for part in node.args)
        return _get_attributes(reader, owner, key, disguised=computed)
    if name.endswith(_DICTIONARY_METHODS):
        return reader.element(arguments[0], (*arguments, UNKNOWN)[1])
    scoped = _SCOPED.get(name) if isinstance(node.func, ast.Name) else None
    return scoped(reader, arguments, frame) if scoped is not None else None


def _names_in_scope(_reader: Interpreter, arguments: list[Value], frame: Frame) -> Value:
    if not arguments:
        return Value((), 0, ("globals()",), None, frame.top.variables)
    return Value((), 0, tuple(f"{owned}.__dict__" for owned in arguments[0].names), None, arguments[0].fields)


def _local_names(_reader: Interpreter, _arguments: list[Value], frame: Frame) -> Value:
    return Value((), 0, ("globals()",), None, frame.variables)


def _parent_object(_reader: Interpreter, _arguments: list[Value], frame: Frame) -> Value:
    owner = frame.lookup("self") or UNKNOWN
    bases = owner.target.of.bases if isinstance(owner.target, Instance) else ()
    return Value((), 0, owner.names, None, owner.fields, Instance(Class("super", {}, bases)))


def _set_attributes(reader: Interpreter, arguments: list[Value], _frame: Frame) -> Value:
    owner, key, value = (*arguments, UNKNOWN, UNKNOWN, UNKNOWN)[:3]
    for word in key.texts:
        if owner.fields is not None and len(owner.fields) < ITEMS:
            owner.fields[word] = value
    reader.module.version += 1
    return UNKNOWN


_SCOPED: dict[str, Callable[[Interpreter, list[Value], Frame], Value]] = {
    "globals": _names_in_scope,
    "vars": _names_in_scope,
    "locals": _local_names,
    "super": _parent_object,
    "setattr": _set_attributes,
}


def _get_attributes(reader: Interpreter, owner: Value, key: Value, *, disguised: bool) -> Value:
    found = UNKNOWN
    if not key.texts and any(name in ("os", "subprocess", "builtins", "shutil", "sys") for name in owner.names):
        reader.session.report(rules.HANDS_OVER, f"getattr({owner.names[0]}, …)")
    for word in key.texts:
        if constants.IDENTIFIER.match(word):
            found = join(found, reader.attribute(owner, word, disguised=disguised))
    return found


def _grown(reader: Interpreter, target: ast.Attribute, arguments: list[Value], receiver: Value, frame: Frame) -> None:
    """Keep what a list becomes when it is added to."""
    if reader.session.endless and target.attr in (*_ADDING, "extend"):
        reader.session.report(rules.HOGS)
    items = receiver.items or ()
    if target.attr in _ADDING and arguments:
        grown = (*items, arguments[0])
    elif target.attr in ("extend", "update") and arguments:
        grown = (*items, *(constants.elements(arguments[0]).items or (element(arguments[0]),)))
    elif target.attr == "insert" and len(arguments) > 1:
        position = arguments[0].integer or 0
        grown = (*items[:position], arguments[1], *items[position:])
    elif target.attr == "reverse":
        grown = items[::-1]
    else:
        return
    if len(grown) <= ITEMS:
        reader.bind_again(target.value, sequence(grown).labeled(receiver.labels), frame)


def call_value(
    reader: Interpreter,
    function: Value,
    arguments: Sequence[Value],
    keywords: dict[str, Value],
    *,
    receiver: Value = UNKNOWN,
    method: str = "",
    spread: bool = False,
) -> Value:
    """Call a value with these arguments and return what it may return."""
    if function.target is not None:
        return _local(reader, function, arguments, keywords)
    getter = _getter(reader, function, arguments)
    if getter is not None:
        return getter
    result: Value | None = None
    for dotted in function.names:
        call = Call(dotted, arguments, keywords, receiver, spread)
        found = _known(reader, function, call, method)
        if found is not None:
            result = found if result is None else join(result, found)
    if result is None:
        call = Call(function.names[0] if function.names else method, arguments, keywords, receiver, spread)
        result = _method(reader, call, method)
    return result


def _getter(reader: Interpreter, function: Value, arguments: Sequence[Value]) -> Value | None:
    """Call what `operator.attrgetter` or `methodcaller` returned; None for anything else."""
    name = function.names[0] if function.names else ""
    if not name.startswith("operator.") or not name.endswith("()") or not arguments or function.text is None:
        return None
    found = reader.attribute(arguments[0], function.text, disguised=True)
    return call_value(reader, found, function.items or (), {}) if name == "operator.methodcaller()" else found


def _local(reader: Interpreter, function: Value, arguments: Sequence[Value], keywords: dict[str, Value]) -> Value:
    target = function.target
    if isinstance(target, Closure):
        return reader.invoke(target, arguments, keywords)
    if isinstance(target, Class):
        return reader.construct(function, arguments, keywords)
    if isinstance(target, Partial):
        return call_value(reader, target.function, [*target.arguments, *arguments], {**target.keywords, **keywords})
    if isinstance(target, Instance):
        member = target.of.member("__call__")
        if member is not None and isinstance(member.target, Closure):
            return reader.invoke(member.target.bind(function), arguments, keywords)
    return UNKNOWN


def _known(reader: Interpreter, function: Value, call: Call, method: str) -> Value | None:
    handler = LIBRARY.get(call.name)
    if handler is not None:
        if function.labels & DISGUISED and call.name in DANGEROUS:
            reader.session.report(rules.DISGUISED_CALL, call.name)
        return handler(reader, call)
    pure = FUNCTIONS.get(call.name)
    if pure is not None:
        return pure(reader, call)
    if not method and call.name:
        return fallback(reader, call)
    return None


def _method(reader: Interpreter, call: Call, method: str) -> Value:
    """Read a call of a method by its name alone."""
    pure = METHODS.get(method)
    if pure is not None and (call.receiver.constants or not call.receiver.names or method in ("encode", "decode")):
        return pure(reader, call)
    if IDENTITY.match(method):
        return call.receiver
    if method == "pop" and call.receiver.items:
        position = call.first.integer if call.first.integer is not None else -1
        return call.receiver.items[position] if -len(call.receiver.items) <= position < len(call.receiver.items) else UNKNOWN
    mapping = _mapping_method(reader, call, method)
    if mapping is not None:
        return mapping
    known = unknown_method(reader, call, method)
    return known if known is not None else fallback(reader, call)


def _mapping_method(reader: Interpreter, call: Call, method: str) -> Value | None:
    fields = call.receiver.fields
    if fields is None or call.receiver.target is not None:
        return None
    if method in ("get", "pop", "setdefault"):
        found = [fields[key] for key in call.first.constants if key in fields]
        return found[0] if found else call.argument(1)
    if method in ("values", "items", "keys"):
        keys = [Value((key,)) if isinstance(key, (str, bytes, int, float)) else UNKNOWN for key in fields]
        pairs = [sequence(pair) for pair in zip(keys, fields.values(), strict=True)]
        listed = {"keys": keys, "values": list(fields.values()), "items": pairs}[method]
        return sequence(listed).labeled(call.receiver.labels)
    if method == "update":
        fields.update(call.first.fields or {})
        fields.update(call.keywords)
        reader.module.version += 1
        return UNKNOWN
    return None


def fallback(reader: Interpreter, call: Call) -> Value:
    """Read a call of something unknown: functions handed to it are called with what follows them."""
    values = [*call.arguments, *call.keywords.values()]
    if _LOOPING.search(call.name) and len(values) > 1:
        items = constants.elements(values[1]).items or (element(values[1]),)
        return sequence(call_value(reader, values[0], [item], {}) for item in items)
    for position, value in enumerate(values):
        if value.target is not None or any(name in DANGEROUS for name in value.names):
            _callback(reader, call, value, values[position + 1 :])
    name = f"{call.name}()" if call.name else ""
    return named(name, call.labels & _PASSED_ON)._replace(fields=None) if name else Value((), call.labels & _PASSED_ON)


def _callback(reader: Interpreter, call: Call, function: Value, rest: list[Value]) -> Value:
    given = call.keywords.get("args")
    if (
        given is None
        and rest
        and rest[0].items is not None
        and call.name.endswith(("Thread", "Process", "Timer", "apply", "apply_async", "enter"))
    ):
        given = rest[0]
    arguments = list(given.items or ()) if given is not None else [value for value in rest if value is not call.keywords.get("kwargs")]
    keywords = {key: value for key, value in (call.keywords.get("kwargs", UNKNOWN).fields or {}).items() if isinstance(key, str)}
    if function.target is None and not arguments and not keywords:
        reader.session.report(rules.HANDS_OVER, function.names[0])
        return UNKNOWN
    return call_value(reader, function, arguments, keywords)


def gadget(reader: Interpreter, result: Value) -> None:
    """Read what `__reduce__` returns: a function and its arguments, called by whoever loads the object."""
    if not result.items or not result.items[0].names:
        return
    function, arguments = result.items[0], result.items[1] if len(result.items) > 1 else UNKNOWN
    if any(name in DANGEROUS for name in function.names):
        reader.session.report(rules.GADGET, function.names[0])
    call_value(reader, function, list(arguments.items or ()), {})

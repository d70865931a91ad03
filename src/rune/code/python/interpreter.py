"""Python read as an abstract interpreter reads it: statements in order, with what each name may be."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rune.code import rules
from rune.code.python import expressions
from rune.code.python.call import Call
from rune.code.python.calls import call_value, fallback, gadget
from rune.code.python.frame import Class, Closure, Frame, Instance
from rune.code.python.names import canonical, imported
from rune.code.python.source import FILE
from rune.code.session import Session
from rune.code.values import NETWORK, UNKNOWN, Value, constant, element, join, named, sequence

EXPRESSION_DEPTH = 90
"""Expressions inside one another, over calls of local functions too; each takes several frames of the host's own stack."""
CALL_DEPTH = 16
"""Local functions calling one another."""
UNROLLED = 16
"""Rounds of a loop over known elements that are read one by one."""
UNROLLED_SIMPLE = 256
"""The same for a loop of one or two plain statements, as text is put together in."""
NESTED_LOOPS_REPEATED = 2
"""Loops inside one another whose body is read twice, so that what one round leaves behind reaches the next."""
_GADGET_METHODS = frozenset({"__reduce__", "__reduce_ex__"})

_EXPRESSIONS = expressions.HANDLERS


class Interpreter:
    """Reads the statements of one Python source into a session."""

    def __init__(self, session: Session) -> None:
        """Begin with an empty module."""
        self.session = session
        self.module = Frame()
        self.stars: list[str] = []
        """Modules whose names were all imported."""
        self.pending: dict[int, Closure] = {}
        """Functions defined and not yet called."""
        self._results: dict[object, tuple[Value, object]] = {}
        """Results of calls, with the arguments: kept alive, because the key has their identities in it."""
        self._active: list[int] = []
        self._depth = 0
        self._loops = 0
        self.unrolling = 0
        """Loops around the present statement that are read round by round."""
        self.spend = session.budget.spend

    def run(self, tree: ast.Module) -> None:
        """Read a module's statements."""
        self.module.variables.setdefault("__doc__", expressions.documentation(tree))
        self.block(tree.body, self.module)

    def finish(self) -> None:
        """Read the functions nobody called, with arguments unknown."""
        for _ in range(4):
            waiting, self.pending = list(self.pending.values()), {}
            for closure in waiting:
                self.invoke(closure, [], {})
            if not self.pending:
                return

    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """Return what is known of an expression."""
        self.spend()
        if self._depth > EXPRESSION_DEPTH:
            self.session.report(rules.LIMIT, "expression nested too deeply")
            return UNKNOWN
        self._depth += 1
        handler = _EXPRESSIONS.get(type(node))
        value = handler(self, node, frame) if handler is not None else expressions.children(self, node, frame)
        self._depth -= 1
        return value

    def expression(self, source: str) -> Value:
        """Return what `eval` of a known text gives; a text that is no expression is reported as unreadable."""
        try:
            tree = ast.parse(source.strip(), FILE, "eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self.session.execution.code(constant((source,)))
            return UNKNOWN
        return self.evaluate(tree.body, self.module)

    def attribute(self, owner: Value, name: str, *, disguised: bool = False) -> Value:
        """Return an attribute of a value; `disguised` when its name was put together at run time."""
        return expressions.get_attribute(self, owner, name, disguised=disguised)

    def element(self, owner: Value, key: Value) -> Value:
        """Return an entry of a value, by a key put together at run time."""
        return expressions.get_element(self, owner, key, disguised=True)

    def call(self, function: Value, arguments: Sequence[Value]) -> Value:
        """Call a value."""
        return call_value(self, function, arguments, {})

    def fallback(self, call: Call) -> Value:
        """Read a call of a function that is not looked into: what is handed to it is called."""
        return fallback(self, call)

    def bind_again(self, target: ast.expr, value: Value, frame: Frame) -> None:
        """Replace what a name or attribute is known to be, after the object itself changed."""
        if isinstance(target, ast.Name):
            owner = frame if target.id in frame.variables else frame.top
            if target.id in owner.variables:
                owner.variables[target.id] = value
                self.module.version += 1
        elif isinstance(target, ast.Attribute):
            expressions.set_attribute(self, target, value, frame)

    def block(self, statements: Sequence[ast.stmt], frame: Frame) -> None:
        """Read statements in order."""
        for statement in statements:
            self.spend()
            self.session.line = statement.lineno
            handler = _STATEMENTS.get(type(statement))
            if handler is not None:
                handler(self, statement, frame)

    def branch(self, statements: Sequence[ast.stmt], frame: Frame) -> None:
        """Read statements that may or may not run."""
        frame.branches += 1
        self.block(statements, frame)
        frame.branches -= 1

    def loop(self, statements: Sequence[ast.stmt], frame: Frame, *, endless: bool) -> None:
        """Read the body of a loop, twice where its rounds may feed one another."""
        self._loops += 1
        self.session.endless += endless
        before = dict(frame.variables)
        self.branch(statements, frame)
        if self._loops <= NESTED_LOOPS_REPEATED and _changed(before, frame.variables):
            self.branch(statements, frame)
        self.session.endless -= endless
        self._loops -= 1

    def bind(self, target: ast.expr, value: Value, frame: Frame) -> None:
        """Assign a value to a name, attribute, element or pattern of them."""
        if isinstance(target, ast.Name):
            frame.assign(target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target.elts, value, frame)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, value, frame)
        elif isinstance(target, ast.Attribute):
            expressions.set_attribute(self, target, value, frame)
        elif isinstance(target, ast.Subscript):
            expressions.set_element(self, target, value, frame)

    def _unpack(self, targets: Sequence[ast.expr], value: Value, frame: Frame) -> None:
        known = value.items is not None and len(value.items) == len(targets)
        for position, target in enumerate(targets):
            part = value.items[position] if known and value.items is not None else element(value)
            self.bind(target, part, frame)

    def invoke(self, closure: Closure, arguments: Sequence[Value], keywords: dict[str, Value]) -> Value:
        """Read the body of a local function with these arguments and return what it may return."""
        self.pending.pop(id(closure.node), None)
        key = (
            closure.node,
            closure.frame,
            self.module.version,
            _shape((closure.bound or UNKNOWN, *arguments, *keywords.values())),
            tuple(keywords),
        )
        known = self._results.get(key)
        if known is not None:
            return known[0]
        if id(closure.node) in self._active:
            return UNKNOWN
        if len(self._active) >= CALL_DEPTH:
            self.session.report(rules.LIMIT, "calls nested too deeply")
            return UNKNOWN
        self._active.append(id(closure.node))
        line = self.session.line
        result = self._body(closure, arguments, keywords)
        self.session.line = line
        self._active.pop()
        if getattr(closure.node, "name", "") in _GADGET_METHODS:
            gadget(self, result)
        self._results[key] = result, (closure.bound, arguments, keywords)
        return result

    def _body(self, closure: Closure, arguments: Sequence[Value], keywords: dict[str, Value]) -> Value:
        frame = Frame(closure.frame, closure.frame.top)
        given = [closure.bound, *arguments] if closure.bound is not None else list(arguments)
        self._parameters(closure, frame, given, keywords)
        if isinstance(closure.node, ast.Lambda):
            return self.evaluate(closure.node.body, frame)
        self.block(closure.node.body, frame)
        return frame.returned

    def _parameters(self, closure: Closure, frame: Frame, given: list[Value], keywords: dict[str, Value]) -> None:
        spec = closure.node.args
        names = [argument.arg for argument in (*spec.posonlyargs, *spec.args)]
        for name, default in zip(reversed(names), reversed(spec.defaults), strict=False):
            frame.variables[name] = self.evaluate(default, closure.frame)
        for argument, preset in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
            frame.variables[argument.arg] = self.evaluate(preset, closure.frame) if preset else UNKNOWN
        for name in names:
            frame.variables.setdefault(name, UNKNOWN)
        frame.variables.update(zip(names, given, strict=False))
        frame.variables.update({name: value for name, value in keywords.items() if name in frame.variables})
        if spec.vararg:
            frame.variables[spec.vararg.arg] = sequence(given[len(names) :])
        if spec.kwarg:
            frame.variables[spec.kwarg.arg] = Value(fields={k: v for k, v in keywords.items() if k not in frame.variables})

    def construct(self, owner: Value, arguments: Sequence[Value], keywords: dict[str, Value]) -> Value:
        """Make an object of a local class and read its constructor."""
        kind: Class = owner.target
        made = Value((), 0, tuple(f"{name}()" for base in kind.bases for name in base.names)[:2], None, {}, Instance(kind))
        for method in ("__new__", "__init__", "__post_init__"):
            member = kind.member(method)
            if member is not None and isinstance(member.target, Closure):
                self.invoke(member.target.bind(made), arguments, keywords)
        return made


def _changed(before: dict[str, Value], after: dict[str, Value]) -> bool:
    return len(before) != len(after) or any(before.get(name) is not value for name, value in after.items())


def _shape(values: Iterable[Value]) -> tuple[object, ...]:
    return tuple(_key(value, 3) for value in values)


def _key(value: Value, depth: int) -> object:
    """Return what tells two arguments apart; objects by identity."""
    items = tuple(_key(item, depth - 1) for item in value.items) if value.items and depth else id(value.items)
    kinds = tuple(map(type, value.constants))
    return value.constants, kinds, value.labels, value.names, items, id(value.fields), id(value.target)


def _function(reader: Interpreter, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> None:
    closure = Closure(node, frame)
    frame.captured = True
    reader.pending[id(node)] = closure
    value = Value(target=closure)
    for decorator in reversed(node.decorator_list):
        value = _decorated(reader, reader.evaluate(decorator, frame), value)
    frame.assign(node.name, value)


def _decorated(reader: Interpreter, decorator: Value, value: Value) -> Value:
    if decorator.target is None and not decorator.names:
        return value
    result = call_value(reader, decorator, [value], {})
    return result if result.target is not None or decorator.target is not None else value


def _class(reader: Interpreter, node: ast.ClassDef, frame: Frame) -> None:
    body = Frame(frame, frame.top)
    reader.block(node.body, body)
    bases = tuple(reader.evaluate(base, frame) for base in node.bases)
    body.variables.setdefault("__doc__", expressions.documentation(node))
    kind = Class(node.name, body.variables, bases)
    value = Value(names=tuple(name for base in bases for name in base.names)[:2], fields=kind.members, target=kind)
    me = Value((), 0, (), None, {}, Instance(kind))
    for member in list(kind.members.values()):
        if isinstance(member.target, Closure) and member.target.bound is None and id(member.target.node) in reader.pending:
            reader.pending[id(member.target.node)] = member.target.bind(me)
    for decorator in reversed(node.decorator_list):
        value = _decorated(reader, reader.evaluate(decorator, frame), value)
    frame.assign(node.name, value)


def _return(reader: Interpreter, node: ast.Return, frame: Frame) -> None:
    if node.value is not None:
        frame.returned = join(frame.returned, reader.evaluate(node.value, frame))


def _assign(reader: Interpreter, node: ast.Assign, frame: Frame) -> None:
    value = reader.evaluate(node.value, frame)
    for target in node.targets:
        reader.bind(target, value, frame)


def _annotated(reader: Interpreter, node: ast.AnnAssign, frame: Frame) -> None:
    if node.value is not None:
        reader.bind(node.target, reader.evaluate(node.value, frame), frame)


def _augmented(reader: Interpreter, node: ast.AugAssign, frame: Frame) -> None:
    left = reader.evaluate(_loaded(node.target), frame)
    right = reader.evaluate(node.value, frame)
    reader.bind(node.target, expressions.operate(reader, node.op, left, right), frame)


def _loaded(target: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Name(target.id, ast.Load()), target) if isinstance(target, ast.Name) else target


def _for(reader: Interpreter, node: ast.For | ast.AsyncFor, frame: Frame) -> None:
    iterated = expressions.iterated(reader, node.iter, frame)
    if _unrolled(reader, node, iterated, frame):
        return
    endless = any(name in ("itertools.count()", "itertools.cycle()", "itertools.repeat()", "iter()") for name in iterated.names)
    frame.branches += 1
    reader.bind(node.target, element(iterated), frame)
    frame.branches -= 1
    reader.loop(node.body, frame, endless=endless and not leaves(node.body))
    reader.branch(node.orelse, frame)


def _unrolled(reader: Interpreter, node: ast.For | ast.AsyncFor, iterated: Value, frame: Frame) -> bool:
    """Read a loop over a few known elements round by round; returns whether it was one."""
    simple = len(node.body) < 3 and all(isinstance(part, (ast.Assign, ast.AugAssign, ast.Expr)) for part in node.body)
    items = iterated.items
    if items is None or len(items) > (UNROLLED_SIMPLE if simple else UNROLLED) or (reader.unrolling and not simple):
        return False
    reader.unrolling += 1
    may_end = any(isinstance(part, (ast.Break, ast.Continue)) for statement in node.body for part in ast.walk(statement))
    frame.branches += may_end
    for item in items:
        reader.bind(node.target, item.labeled(iterated.labels), frame)
        reader.block(node.body, frame)
    frame.branches -= may_end
    reader.unrolling -= 1
    reader.branch(node.orelse, frame)
    return True


def _while(reader: Interpreter, node: ast.While, frame: Frame) -> None:
    test = reader.evaluate(node.test, frame)
    endless = isinstance(node.test, ast.Constant) and any(test.constants) and not leaves(node.body)
    reader.loop(node.body, frame, endless=endless)
    reader.branch(node.orelse, frame)


def leaves(body: Sequence[ast.stmt]) -> bool:
    """Tell whether a loop body can end or pause: by `break`, `return`, `raise`, a sleep or a question."""
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, (ast.Break, ast.Return, ast.Raise, ast.Await, ast.Yield)):
                return True
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in _PAUSES:
                return True
    return False


_PAUSES = frozenset({"sleep", "input", "wait", "join", "exit", "_exit", "select", "accept", "recv", "get", "mainloop"})


def _if(reader: Interpreter, node: ast.If, frame: Frame) -> None:
    current: ast.stmt = node
    while isinstance(current, ast.If):
        reader.session.line = current.lineno
        reader.evaluate(current.test, frame)
        reader.branch(current.body, frame)
        rest = current.orelse
        if len(rest) == 1 and isinstance(rest[0], ast.If):
            reader.spend()
            current = rest[0]
        else:
            reader.branch(rest, frame)
            return


def _try(reader: Interpreter, node: ast.Try, frame: Frame) -> None:
    reader.block(node.body, frame)
    for handler in node.handlers:
        if handler.name:
            frame.assign(handler.name, named("exception()"))
        reader.branch(handler.body, frame)
    reader.branch(node.orelse, frame)
    reader.block(node.finalbody, frame)


def _with(reader: Interpreter, node: ast.With | ast.AsyncWith, frame: Frame) -> None:
    for item in node.items:
        value = reader.evaluate(item.context_expr, frame)
        if isinstance(value.target, Instance):
            value = expressions.method(reader, value, "__enter__", []) or value
        if item.optional_vars is not None:
            reader.bind(item.optional_vars, value, frame)
    reader.block(node.body, frame)


def _match(reader: Interpreter, node: ast.Match, frame: Frame) -> None:
    subject = reader.evaluate(node.subject, frame)
    for case in node.cases:
        for part in ast.walk(case.pattern):
            if isinstance(part, (ast.MatchAs, ast.MatchStar)) and part.name:
                frame.assign(part.name, element(subject) if subject.items is not None else subject)
        if case.guard is not None:
            reader.evaluate(case.guard, frame)
        reader.branch(case.body, frame)


def _import(reader: Interpreter, node: ast.Import, frame: Frame) -> None:
    for alias in node.names:
        load_module(reader, alias.name)
        if alias.asname:
            frame.assign(alias.asname, named(canonical(alias.name)))
        else:
            frame.assign(alias.name.split(".")[0], named(canonical(alias.name.split(".")[0])))


def _import_from(reader: Interpreter, node: ast.ImportFrom, frame: Frame) -> None:
    module = node.module or ""
    if not node.level:
        load_module(reader, module)
    for alias in node.names:
        if alias.name == "*":
            reader.stars.append(canonical(module))
        else:
            frame.assign(alias.asname or alias.name, named(canonical(f"{module}.{alias.name}") if module else alias.name))


def load_module(reader: Interpreter, name: str) -> None:
    """Report an import; a module that the code wrote itself is read."""
    imported(reader.session, name)
    written = reader.session.files.content(name.split(".", maxsplit=1)[0] + ".py")
    if written.labels & NETWORK:
        reader.session.report(rules.RUNS_DOWNLOAD, name)


def _delete(reader: Interpreter, node: ast.Delete, frame: Frame) -> None:
    for target in node.targets:
        if not isinstance(target, ast.Name):
            reader.evaluate(target, frame)


def _outer(_reader: Interpreter, node: ast.Global | ast.Nonlocal, frame: Frame) -> None:
    frame.outer.update(node.names)


def _expressions(reader: Interpreter, node: ast.stmt, frame: Frame) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            reader.evaluate(child, frame)


_STATEMENTS: dict[type[ast.stmt], Callable[[Interpreter, Any, Frame], None]] = {
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Return: _return,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.If: _if,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.Match: _match,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Delete: _delete,
    ast.Global: _outer,
    ast.Nonlocal: _outer,
    ast.Expr: _expressions,
    ast.Raise: _expressions,
    ast.Assert: _expressions,
}
if hasattr(ast, "TryStar"):
    _STATEMENTS[ast.TryStar] = _try

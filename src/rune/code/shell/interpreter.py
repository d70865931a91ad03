"""Shell read as an abstract interpreter reads it: commands in order, with what each variable and stream may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rune.code import rules
from rune.code.paths import matches
from rune.code.shell.command import Command, merged, program_name
from rune.code.shell.grammar import Parsed
from rune.code.shell.programs import run
from rune.code.shell.words import evaluate, expand, words_of
from rune.code.values import NETWORK, OUTPUT, UNKNOWN, Value, concatenate, constant, join, sequence, text

if TYPE_CHECKING:
    from tree_sitter import Node

    from rune.code.session import Session

DEPTH = 60
"""Compound commands and substitutions inside one another; each takes several frames of the host's own stack."""
CALLS = 12
"""Functions calling one another."""
ALTERNATIVES = 4
"""Programs tried where a variable decides which one is started."""
_SOCKET = re.compile(r"/dev/(?:tcp|udp)/([^/]*)(?:/(.*))?\Z", re.DOTALL)
_SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "csh", "tcsh", "busybox", "rbash", "mksh"})


@dataclass(slots=True)
class _Streams:
    """What the redirections of a command connect."""

    stdin: Value | None
    outputs: list[tuple[Value, bool]]
    """Files written, with whether they are appended to."""
    linked: tuple[str, ...] = ()
    socket: Value | None = None


class Shell:
    """Reads one shell script into a session."""

    def __init__(self, session: Session, parsed: Parsed | None = None, parent: Shell | None = None) -> None:
        """Begin with the variables of the shell around it, or none."""
        self.session = session
        self.variables: dict[str, Value] = dict(parent.variables) if parent else {}
        self.functions: dict[str, tuple[Node, Parsed]] = dict(parent.functions) if parent else {}
        self.aliases: dict[str, str] = {}
        self.positional: list[Value] = list(parent.positional) if parent else []
        self.parsed = parsed
        self._depth = 0
        self._active: list[str] = []
        self._branches = 0
        self.forks = 0
        """Pipelines and background jobs around the present command."""
        self.waiting: list[str] = []
        """Functions defined and not yet called."""

    @property
    def separators(self) -> str:
        """Characters at which unquoted expansions are split."""
        own = self.variables.get("IFS")
        return (own.text if own else None) or " \t\n"

    def text(self, node: Node) -> str:
        """Return the source of a node."""
        return self.parsed.text(node) if self.parsed else ""

    def slice(self, start: int, end: int) -> str:
        """Return a piece of the source by its bytes."""
        return self.parsed.source[start:end].decode("utf-8", "replace") if self.parsed else ""

    def run(self, node: Node, stdin: Value | None = None) -> Value:
        """Read a statement and return what it would print."""
        self.session.budget.spend()
        if self._depth >= DEPTH:
            self.session.report(rules.LIMIT, "commands nested too deeply")
            return UNKNOWN
        self._depth += 1
        directory = self.session.files.directory
        try:
            handler = _STATEMENTS.get(node.type)
            return handler(self, node, stdin) if handler is not None else self.statements(node.named_children, stdin)
        finally:
            self._depth -= 1
            if node.type == "subshell":
                self.session.files.directory = directory

    def statements(self, nodes: Sequence[Node], stdin: Value | None = None) -> Value:
        """Read statements in order; together they print what each of them prints."""
        outputs = [self.run(node, stdin) for node in nodes if node.is_named]
        printed = [output for output in outputs if output is not UNKNOWN]
        return printed[0] if len(printed) == 1 else concatenate(printed) if printed else UNKNOWN

    def substitute(self, node: Node) -> Value:
        """Read a command or process substitution and return what it stands for."""
        return self.statements(node.named_children, UNKNOWN if node.type == "process_substitution" else None)

    def assign(self, name: str, value: Value) -> None:
        """Set a variable."""
        if self._branches and name in self.variables:
            value = join(self.variables[name], value)
        self.variables[name] = value

    def start(self, words: Sequence[Value], stdin: Value | None = None, linked: tuple[str, ...] = ()) -> Value:
        """Read the start of a program or function by its words."""
        if not words:
            return UNKNOWN
        name = words[0]
        if any("*" in spelled or "?" in spelled for spelled in name.texts):
            name = Value(tuple(path for spelled in name.texts for path in matches(spelled)) or name.constants, name.labels)
        if not name.texts:
            return self._unknown_program(name)
        self._report_origin(name)
        return merged(self._program(Value((spelled,), name.labels), words[1:], stdin, linked) for spelled in name.texts[:ALTERNATIVES])

    def _program(self, name: Value, words: Sequence[Value], stdin: Value | None, linked: tuple[str, ...]) -> Value:
        spelled = name.text or ""
        if spelled in self.functions:
            return self._call(spelled, words, stdin)
        if spelled in self.aliases:
            return self.session.execution.command(text(self.aliases[spelled]))
        return run(Command(self, program_name(name), words, stdin, linked), spelled)

    def _unknown_program(self, name: Value) -> Value:
        self._report_origin(name)
        if not name.labels & NETWORK:
            self.session.use("program", "?")
            self.session.report(rules.UNKNOWN_COMMAND)
        return Value((), OUTPUT)

    def _report_origin(self, name: Value) -> None:
        if name.labels & NETWORK:
            self.session.report(rules.RUNS_DOWNLOAD, name.text or "")

    def _call(self, name: str, words: Sequence[Value], stdin: Value | None) -> Value:
        if name in self._active:
            if self._active.count(name) > 1 or self.forks:
                self.session.report(rules.EXHAUSTS, name)
            return UNKNOWN
        if len(self._active) >= CALLS:
            self.session.report(rules.LIMIT, "calls nested too deeply")
            return UNKNOWN
        if name in self.waiting:
            self.waiting.remove(name)
        body, parsed = self.functions[name]
        outer, self.positional = self.positional, list(words)
        kept, self.parsed = self.parsed, parsed
        self._active.append(name)
        output = self.run(body, stdin)
        self._active.pop()
        self.positional, self.parsed = outer, kept
        return output

    def finish(self) -> None:
        """Read the functions nobody called, with arguments unknown."""
        for name in list(self.waiting):
            if name in self.waiting:
                self._call(name, [], None)

    def branch(self, nodes: Sequence[Node], stdin: Value | None = None) -> Value:
        """Read statements that may or may not run."""
        self._branches += 1
        output = self.statements(nodes, stdin)
        self._branches -= 1
        return output

    def fork(self, node: Node, stdin: Value | None) -> Value:
        """Read a statement that runs beside the others."""
        self.forks += 1
        if self.session.endless:
            self.session.report(rules.EXHAUSTS, self.text(node))
        output = self.run(node, stdin)
        self.forks -= 1
        return output


def _program(shell: Shell, node: Node, stdin: Value | None) -> Value:
    """Read a list of statements; one followed by `&` runs beside the rest."""
    outputs: list[Value] = []
    children = _flat(node) if node.type == "list" else node.children
    for position, child in enumerate(children):
        if not child.is_named:
            continue
        background = position + 1 < len(children) and children[position + 1].type == "&"
        outputs.append(shell.fork(child, stdin) if background else shell.run(child, stdin))
    printed = [output for output in outputs if output is not UNKNOWN]
    return printed[0] if len(printed) == 1 else concatenate(printed) if printed else UNKNOWN


def _flat(node: Node) -> list[Node]:
    """Return the parts of `a && b || c`, which nest to the left, in order."""
    parts: list[Node] = []
    while node.type == "list" and node.children:
        parts += reversed(node.children[1:])
        node = node.children[0]
    return [node, *reversed(parts)]


def _command(shell: Shell, node: Node, stdin: Value | None) -> Value:
    return _with_streams(shell, node, _Streams(stdin, []))


def _started(shell: Shell, words: list[Value], streams: _Streams) -> Value:
    name = program_name(words[0]) if words else ""
    if name in _SHELLS and (streams.socket or (streams.linked and shell.session.network.connected)):
        shell.session.report(rules.REVERSE_SHELL, name)
    output = shell.start(words, streams.stdin, streams.linked)
    _store(shell, output, streams)
    return output if not streams.outputs else UNKNOWN


def _store(shell: Shell, output: Value, streams: _Streams) -> None:
    for path, append in streams.outputs:
        shell.session.files.write(path, output, append=append)
    if streams.socket is not None:
        shell.session.network.exchange(streams.socket, output)


def _redirected(shell: Shell, node: Node, stdin: Value | None) -> Value:
    streams = _Streams(stdin, [])
    body = node.child_by_field_name("body")
    following: list[Node] = []
    for child in node.children_by_field_name("redirect"):
        following += _redirect(shell, child, streams)
    if body is None:
        _store(shell, UNKNOWN, streams)
        return UNKNOWN
    if body.type == "list":
        *before, body = [part for part in _flat(body) if part.is_named]
        shell.statements(before, stdin)
    if body.type == "command":
        output = _with_streams(shell, body, streams)
    else:
        output = shell.run(body, streams.stdin)
        _store(shell, output, streams)
    for statement in following:
        output = _stages(shell, statement.named_children, output) if statement.type == "pipeline" else shell.run(statement, output)
    return output


def _with_streams(shell: Shell, node: Node, outer: _Streams) -> Value:
    shell.session.line = node.start_point.row + 1
    words: list[Value] = []
    for child in node.named_children:
        if child.type == "variable_assignment":
            _assignment(shell, child, None)
            _export(shell, child)
        elif child.type.endswith("redirect"):
            _redirect(shell, child, outer)
        elif child.type not in ("comment", "ERROR"):
            words += expand(shell, child.named_children[0] if child.type == "command_name" and child.named_children else child)
    return _started(shell, words, outer)


def _redirect(shell: Shell, node: Node, streams: _Streams) -> list[Node]:
    """Apply a redirection; returns the statements that follow a here-document's opening on its line."""
    if node.type == "heredoc_redirect":
        return _heredoc(shell, node, streams)
    if node.type == "herestring_redirect":
        streams.stdin = merged(evaluate(shell, child) for child in node.named_children)
        return []
    sign = next((child.type for child in node.children if not child.is_named), ">")
    for child in node.children_by_field_name("destination"):
        _connect(shell, sign, evaluate(shell, child), streams)
    return []


def _connect(shell: Shell, sign: str, target: Value, streams: _Streams) -> None:
    socket = next((match for word in target.texts if (match := _SOCKET.match(word))), None)
    if socket is not None:
        host = constant((socket[1],), target.labels)
        shell.session.network.connect(host)
        streams.socket = host
        streams.stdin = Value((), NETWORK)
    elif sign.endswith("&") and all(word.isdigit() or word == "-" for word in target.texts):
        streams.linked = (*streams.linked, sign)
        if sign == "<&" and shell.session.network.connected and target.texts:
            streams.stdin = Value((), NETWORK)
    elif sign.startswith("<"):
        streams.stdin = join(shell.session.files.read(target), target if target.names else UNKNOWN)
    else:
        streams.outputs.append((target, sign.endswith(">>")))


def _heredoc(shell: Shell, node: Node, streams: _Streams) -> list[Node]:
    following: list[Node] = []
    for child in node.named_children:
        if child.type == "heredoc_body":
            streams.stdin = _heredoc_text(shell, child)
        elif child.type.endswith("redirect"):
            following += _redirect(shell, child, streams)
        elif child.type not in ("heredoc_start", "heredoc_end", "file_descriptor"):
            following.append(child)
    return following


def _heredoc_text(shell: Shell, node: Node) -> Value:
    parts: list[Value] = []
    position = node.start_byte
    for child in node.named_children:
        if child.start_byte > position:
            parts.append(text(shell.slice(position, child.start_byte)))
        parts.append(evaluate(shell, child))
        position = child.end_byte
    parts.append(text(shell.slice(position, node.end_byte)))
    return concatenate(parts)


def _pipeline(shell: Shell, node: Node, stdin: Value | None) -> Value:
    return _stages(shell, node.named_children, stdin)


def _stages(shell: Shell, nodes: Sequence[Node], stdin: Value | None) -> Value:
    current = stdin
    shell.forks += 1
    for stage in nodes:
        if stage.type not in ("comment", "ERROR"):
            current = shell.run(stage, current)
    shell.forks -= 1
    return current if current is not None else UNKNOWN


def _assignment(shell: Shell, node: Node, _stdin: Value | None) -> Value:
    name = node.child_by_field_name("name")
    value = node.child_by_field_name("value")
    if name is None:
        return UNKNOWN
    shell.session.line = node.start_point.row + 1
    held = evaluate(shell, value) if value is not None else text("")
    spelled = shell.text(name).split("[")[0]
    if any(child.type == "+=" for child in node.children):
        before = shell.variables.get(spelled, text(""))
        held = sequence((*before.items, *held.items)) if before.items and held.items else concatenate((before, held))
    shell.assign(spelled, held)
    run(Command(shell, "declare", [text(spelled), held]), "declare")
    return UNKNOWN


def _export(shell: Shell, node: Node) -> None:
    """Put a variable that was just assigned into the environment of what is started."""
    name = node.child_by_field_name("name")
    if name is not None and shell.text(name) in shell.variables:
        shell.session.exported[shell.text(name)] = shell.variables[shell.text(name)]


def _declaration(shell: Shell, node: Node, stdin: Value | None) -> Value:
    for child in node.named_children:
        if child.type == "variable_assignment":
            _assignment(shell, child, None)
            _export(shell, child)
        elif child.type == "variable_name" and shell.text(child) in shell.variables:
            shell.session.exported[shell.text(child)] = shell.variables[shell.text(child)]
    kind = node.children[0].type
    if kind in ("export", "declare", "typeset") and len(node.named_children) == 0:
        return run(Command(shell, "env", [], stdin), "env")
    return UNKNOWN


def _unset(shell: Shell, node: Node, _stdin: Value | None) -> Value:
    words = words_of(shell, node.named_children)
    return run(Command(shell, "unset", words), "unset")


def _function(shell: Shell, node: Node, _stdin: Value | None) -> Value:
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is not None and body is not None and shell.parsed is not None:
        spelled = shell.text(name)
        shell.functions[spelled] = (body, shell.parsed)
        if spelled not in shell.waiting:
            shell.waiting.append(spelled)
    return UNKNOWN


def _for(shell: Shell, node: Node, stdin: Value | None) -> Value:
    variable = node.child_by_field_name("variable")
    values = words_of(shell, node.children_by_field_name("value"))
    if variable is not None:
        shell.assign(shell.text(variable), merged(values) if values else merged(shell.positional))
    return _body(shell, node, stdin, endless=False)


def _counted(shell: Shell, node: Node, stdin: Value | None) -> Value:
    endless = ";;" in shell.text(node)[:20].replace(" ", "")
    return _body(shell, node, stdin, endless=endless)


def _while(shell: Shell, node: Node, stdin: Value | None) -> Value:
    condition = " ".join(shell.text(child) for child in node.children_by_field_name("condition")).strip("; \n")
    for child in node.children_by_field_name("condition"):
        if child.is_named:
            shell.run(child, stdin)
    return _body(shell, node, stdin, endless=condition in ("true", ":", "[ 1 ]", "[ true ]", "((1))", "[[ 1 ]]"))


def _body(shell: Shell, node: Node, stdin: Value | None, *, endless: bool) -> Value:
    body = node.child_by_field_name("body")
    if body is None:
        return UNKNOWN
    endless = endless and not re.search(r"\b(?:sleep|break|exit|return|read|wait)\b", shell.text(body))
    shell.session.endless += endless
    output = shell.branch([body], stdin)
    shell.session.endless -= endless
    return output


def _branches(shell: Shell, node: Node, stdin: Value | None) -> Value:
    return shell.branch([child for child in node.named_children if child.type != "comment"], stdin)


def _case(shell: Shell, node: Node, stdin: Value | None) -> Value:
    value = node.child_by_field_name("value")
    if value is not None:
        evaluate(shell, value)
    return shell.branch([child for child in node.named_children if child.type == "case_item"], stdin)


def _case_item(shell: Shell, node: Node, stdin: Value | None) -> Value:
    patterns = {child.id for child in node.children_by_field_name("value")}
    return shell.statements([child for child in node.named_children if child.id not in patterns], stdin)


def _test(shell: Shell, node: Node, _stdin: Value | None) -> Value:
    """Read the substitutions inside a condition; the condition itself does nothing."""
    waiting = list(node.named_children)
    while waiting:
        child = waiting.pop()
        shell.session.budget.spend()
        if child.type in ("command_substitution", "process_substitution"):
            shell.substitute(child)
        else:
            waiting += child.named_children
    return UNKNOWN


def _skip(_shell: Shell, _node: Node, _stdin: Value | None) -> Value:
    return UNKNOWN


_STATEMENTS: dict[str, Callable[[Shell, Node, Value | None], Value]] = {
    "program": _program,
    "compound_statement": _program,
    "subshell": _program,
    "do_group": _program,
    "list": _program,
    "command": _command,
    "redirected_statement": _redirected,
    "pipeline": _pipeline,
    "variable_assignment": _assignment,
    "declaration_command": _declaration,
    "unset_command": _unset,
    "function_definition": _function,
    "for_statement": _for,
    "c_style_for_statement": _counted,
    "while_statement": _while,
    "if_statement": _branches,
    "elif_clause": _branches,
    "else_clause": _branches,
    "case_statement": _case,
    "case_item": _case_item,
    "test_command": _test,
    "comment": _skip,
    "heredoc_body": _skip,
}

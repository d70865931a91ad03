"""Shell: read by an abstract interpreter on the syntax tree of tree-sitter-bash."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rune.code import rules
from rune.code.lexical import read_words
from rune.code.session import Session
from rune.code.shell.grammar import parse
from rune.code.shell.interpreter import Shell
from rune.code.values import Value

_FILE_NAME = re.compile(r"[ \t]*#[ \t]*filename:[ \t]*([^\s*>-][^\s*>]*)")


def read(source: str, session: Session) -> bool:
    """Read a shell script into the session; returns whether all of it could be parsed."""
    parsed = parse(source)
    if parsed is None:
        session.report(rules.LIMIT, "shell too complex to parse")
        read_words(source, session)
        return False
    for line in source[:2000].split("\n", 3)[:3]:
        name = _FILE_NAME.match(line)
        if name:
            session.files.write(Value((name[1],)), Value((source,)))
    shell = Shell(session, parsed)
    shell.positional = list(session.arguments)
    session.arguments = ()
    shell.run(parsed.root)
    shell.finish()
    if not parsed.complete:
        session.unreadable()
        read_words(source, session)
    return parsed.complete


def start(words: Sequence[Value], session: Session, stdin: Value) -> Value:
    """Read one program start outside a script, as `subprocess.run([...])` makes it."""
    return Shell(session).start(words, stdin if stdin.constants or stdin.labels else None)

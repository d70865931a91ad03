"""Python: read by an abstract interpreter on the standard `ast`."""

from __future__ import annotations

import codecs
import re

from rune.code import rules
from rune.code.decode import decoded
from rune.code.python.interpreter import Interpreter
from rune.code.python.source import parse
from rune.code.session import Session
from rune.code.values import text

_COOKIE = re.compile(r"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_FILE_NAME = re.compile(r"[ \t]*(?:#|//|<!--|/\*)[ \t]*filename:[ \t]*([^\s*>-][^\s*>]*)")
_PLAIN = frozenset({"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252"})
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def read(source: str, session: Session) -> bool:
    """Read Python into the session; returns whether all of it could be parsed."""
    _hidden_text(source, session)
    parsed = parse(source)
    if parsed.problem:
        session.unreadable(parsed.problem)
    interpreter = Interpreter(session)
    for tree in parsed.trees:
        interpreter.run(tree)
    interpreter.finish()
    return not parsed.problem


def _hidden_text(source: str, session: Session) -> None:
    """Report what makes the source read differently from how it runs, and the file that AutoGen would store it in."""
    session.line = 1
    if _BIDI.search(source):
        session.report(rules.HIDDEN_TEXT, source[max(0, _BIDI.search(source).start() - 20) :])  # type: ignore[union-attr]
    head = source[:2000].split("\n", 3)[:3]
    for line in head[:2]:
        cookie = _COOKIE.match(line)
        if cookie:
            _other_encoding(cookie[1], source, session)
    for line in head:
        name = _FILE_NAME.match(line)
        if name:
            session.files.write(text(name[1]), text(source))


def _other_encoding(name: str, source: str, session: Session) -> None:
    try:
        encoding = codecs.lookup(name).name
    except LookupError:
        encoding = name
    if encoding in _PLAIN:
        return
    session.report(rules.HIDDEN_TEXT, f"coding: {name}")
    spelled = {"utf-7": "utf-7", "unicode-escape": "escape", "raw-unicode-escape": "escape", "rot13": "rot13"}.get(
        encoding.replace("_", "-")
    )
    hidden = decoded(spelled, source) if spelled else None
    if hidden is not None and b"coding" in hidden:
        session.read("python", hidden.decode("utf-8", "replace").replace("coding", "c-ding"), spelled or "")

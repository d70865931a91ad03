"""Python source as the executors take it: plain, as a notebook cell, in Python 2 spelling, or broken."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from rune.code.values import HOLE

FILE = "<rune-code>"
"""File name given to the parser, so that its warnings can be told apart."""
PARTS = 400
"""Parts into which broken source is split at most."""

_MAGIC = re.compile(r"^(\s*)((?:[\w.,]+\s*=\s*)?)(!!?|%%?)(\w*)(.*)$")
_HELP = re.compile(r"^\s*[\w.]+\?\??\s*$|^\s*\?\??[\w.]+\s*$")
_BRACES = re.compile(r"\{([^{}]*)\}")
_CELL_SHELL = frozenset({"bash", "sh", "script", "system", "sx", "zsh", "cmd"})
_LINE_SHELL = frozenset({"pip", "conda", "mamba", "uv", "cd", "ls", "rm", "cp", "mv", "cat", "mkdir", "rmdir", "ll", "man", "more"})
_RUNS_REST = frozenset({"time", "timeit", "prun", "capture", "python", "python3", "py", "pypy", "memit", "mprun", "lprun"})
_PRINT = re.compile(r"(print|exec) +(?![(=])")
_CAUGHT = re.compile(r"(except +[\w.]+) *, *(\w+) *:")
_RAISED = re.compile(r"(raise +[\w.]+) *, *(.+)")
_QUIET = ("ignore", None, Warning, re.compile(re.escape(FILE)), 0)


@dataclass(frozen=True, slots=True)
class Parsed:
    """The readable parts of a source, in order."""

    trees: tuple[ast.Module, ...]
    problem: str = ""
    """Why a part could not be read; empty when everything could."""


def parse(source: str) -> Parsed:
    """Parse a source in whichever spelling it is; what cannot be parsed is left out and named."""
    source = source.replace(HOLE, "_hole_")
    try:
        return Parsed((_tree(source),))
    except (RecursionError, MemoryError):
        return Parsed((), "nested too deeply")
    except (SyntaxError, ValueError) as error:
        problem = _reason(error)
    for respelled in _respellings(source):
        try:
            return Parsed((_tree(respelled),))
        except (RecursionError, MemoryError, SyntaxError, ValueError):  # noqa: PERF203 - a few spellings at most
            continue
    return Parsed(tuple(_readable_parts(_notebook(source))), problem)


def is_python(source: str) -> bool:
    """Tell whether a source parses as Python just as it stands."""
    try:
        _tree(source)
    except (RecursionError, MemoryError, SyntaxError, ValueError):
        return False
    return True


def _tree(source: str) -> ast.Module:
    # The parser warns about odd escapes; the warning is about hostile code and must neither reach the user nor, as an error, hide the tree.
    if _QUIET not in warnings.filters:
        warnings.filterwarnings("ignore", module=re.escape(FILE))
    return ast.parse(source, FILE)


def _reason(error: Exception) -> str:
    line = getattr(error, "lineno", None)
    words = getattr(error, "msg", None) or str(error) or type(error).__name__
    return f"line {line}: {words}" if line else words


def _respellings(source: str) -> Iterator[str]:
    """Yield other spellings of a source, each once: without its indentation, as a notebook cell, in Python 2."""
    dedented = textwrap.dedent(source)
    cell = _notebook(dedented)
    older = "\n".join(map(_python2, cell.expandtabs(8).split("\n")))
    yield from (spelling for spelling in dict.fromkeys((dedented, cell, older)) if spelling != source)


def _python2(line: str) -> str:
    code = line.strip()
    indent = line[: len(line) - len(line.lstrip())]
    printed = _PRINT.match(code)
    if printed:
        return f"{indent}{printed[1]}({code[printed.end() :].rstrip(',')})"
    for pattern, spelled in ((_CAUGHT, r"\1 as \2:"), (_RAISED, r"\1(\2)")):
        if pattern.match(code):
            return indent + pattern.sub(spelled, code, count=1)
    return line


def _notebook(source: str) -> str:
    """Spell the magic lines of a notebook cell as the Python calls that IPython makes of them."""
    lines = source.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    cell = _MAGIC.match(lines[first])
    if cell and cell[3] == "%%":
        return _cell_magic(cell[4], cell[5].strip(), "\n".join(lines[first + 1 :]), first)
    return "\n".join(_line_magic(line) for line in lines)


def _cell_magic(name: str, rest: str, body: str, blank: int) -> str:
    before = "\n" * blank
    if name in _CELL_SHELL:
        return f"{before}get_ipython().system({body!r})"
    if name in ("writefile", "file"):
        return f"{before}open({rest.rsplit(maxsplit=1)[-1] if rest else ''!r}, 'w').write({body!r})"
    if name in _RUNS_REST:
        return f"{before}\n{body}"
    return f"{before}get_ipython().run_cell_magic({name!r}, {rest!r}, {body!r})"


def _line_magic(line: str) -> str:
    match = _MAGIC.match(line)
    if match is None:
        return "" if _HELP.match(line) else line
    indent, target, mark, name, rest = match.groups()
    if mark.startswith("!"):
        return f"{indent}{target}get_ipython().system({_interpolated(name + rest)})"
    if mark == "%%" or not name:
        return line
    return f"{indent}{target}{_magic(name, rest)}"


def _magic(name: str, rest: str) -> str:
    """Return the expression that a line magic is."""
    if name in _LINE_SHELL:
        return f"get_ipython().system({_interpolated(name + rest)})"
    if name in ("sx", "system"):
        return f"get_ipython().system({_interpolated(rest)})"
    if name == "run":
        return f"runpy.run_path({rest.split(maxsplit=1)[0] if rest.split() else ''!r})"
    return _without_options(rest) or "None" if name in _RUNS_REST else "None"


def _without_options(rest: str) -> str:
    words = rest.strip()
    while words.startswith("-"):
        words = words.partition(" ")[2].strip()
    return words


def _interpolated(command: str) -> str:
    """Return an expression for a command in which IPython replaces `{expression}`."""
    pieces = _BRACES.split(command)
    spelled = [repr(piece) if i % 2 == 0 else f"str({piece})" for i, piece in enumerate(pieces)]
    return " + ".join(spelled) if all(_is_expression(piece) for piece in pieces[1::2]) else repr(command)


def _is_expression(text: str) -> bool:
    try:
        ast.parse(text.strip(), FILE, "eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _readable_parts(source: str) -> Iterator[ast.Module]:
    """Yield the top-level statements that parse on their own, at their own lines."""
    lines = source.replace("\0", " ").encode("utf-8", "replace").decode().split("\n")
    starts = [i for i, line in enumerate(lines) if line[:1].strip() and not re.match(r"(?:else|elif|except|finally)\b|[)\]}#]", line)]
    starts = starts[:: max(1, len(starts) // PARTS)]
    for start, end in pairwise([*starts, len(lines)]):
        try:
            part = _tree("\n".join(lines[start:end]))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        yield ast.increment_lineno(part, start) if start else part

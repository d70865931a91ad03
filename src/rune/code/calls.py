"""Tool calls whose arguments are code, commands, paths or URLs.

What an argument is follows from its name, the name of the tool, and, for commands that would do harm, from its value.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rune.code.analysis import LIMITS, guarded, new_session, read_into
from rune.code.languages import DATA, SHELL, looks_like_python, looks_like_shell
from rune.code.report import CodeReport
from rune.code.session import Session
from rune.code.tables import words
from rune.code.values import Value, text
from rune.limits import CodeLimits
from rune.types import Severity

ARGUMENTS = 200
"""Strings looked at in one call, nested ones included."""
DEPTH = 6
"""Lists and objects inside one another that are looked into."""

_SHELL_NAMES = words(
    "command commands cmd cmds shell bash sh zsh terminal commandline cmdline argv shellcommand bashcommand shellscript bashscript"
)
_CODE_NAMES = words("code source script python py snippet program cell javascript js sourcecode pythoncode codeblock codeblocks cells")
_PATH_NAMES = words(
    "path paths file files filename filepath directory dir folder src dst dest destination target outputpath inputpath outputfile inputfile"
)
_URL_NAMES = words("url urls uri link href endpoint webhook website address baseurl")
_SHELL_TOOLS = words("bash shell sh zsh terminal command commands cmd powershell subprocess console")
_CODE_TOOLS = words("python ipython jupyter notebook interpreter code script javascript node repl")
_RUN_TOOLS = words("run exec execute eval evaluate executor runner system popen spawn")
_DATA_TOOLS = words("sql query graphql search database sparql cypher workflow test tests")
_WRITES = words("write save create append edit put update store export replace patch insert move copy upload download")
_DELETES = words("delete remove rm unlink erase rmdir rmtree purge")
_LISTS = words("list ls dir tree glob scan walk listdir")
_SETTINGS = words("language lang kernel timeout cwd workdir workingdirectory description reason title id sessionid")
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_SUSPICIOUS = re.compile(r"[|;&`<>]|\$\(|\b(?:rm|sudo|curl|wget|nc|ncat|bash|chmod|dd|mkfs|crontab|base64|kill|pkill|python\d?|perl)\b")


def analyze_call(
    tool: str, arguments: Mapping[str, Any] | str | None, *, limits: CodeLimits = LIMITS, work_dir: str = "."
) -> CodeReport | None:
    """Read the arguments of a tool call and report what they would do; None when nothing in them is code. Never raises.

    The report's hash is that of the one argument that is code, or, where there are several, of the arguments as canonical JSON.
    """
    session = new_session(limits, work_dir)
    languages: list[str] = []
    sources: list[str] = []
    call = _Call(str(tool), _mapping(arguments))

    def read() -> str:
        for name, value in _strings(call.arguments, ""):
            language = _argument(session, call, name, value)
            if language:
                languages.append(language)
                sources.append(value)
        return "read"

    finished = guarded(session, read)
    if finished and not languages and not session.findings:
        return None
    return CodeReport(
        languages[0] if languages else DATA, _digest(sources, call.arguments), session.findings, session.manifest, session.parsed
    )


class _Call:
    """The name of a tool in words, and its arguments."""

    __slots__ = ("arguments", "language", "words")

    def __init__(self, tool: str, arguments: Mapping[str, Any]) -> None:
        self.words = frozenset(word.lower() for word in _TOKEN.findall(tool[:200]))
        self.arguments = arguments
        given = next(
            (value for name, value in arguments.items() if str(name).lower() in ("language", "lang", "kernel") and isinstance(value, str)),
            "",
        )
        self.language = given or (
            "python" if self.words & {"python", "ipython", "jupyter"} else "bash" if self.words & _SHELL_TOOLS else ""
        )


def _mapping(arguments: Mapping[str, Any] | str | None) -> Mapping[str, Any]:
    """Return arguments as a mapping; models hand them over as JSON text, and so does a caller who knows no names."""
    if isinstance(arguments, Mapping) and list(arguments) == [""]:
        arguments = arguments[""]
    if not isinstance(arguments, str):
        return arguments if isinstance(arguments, Mapping) else {}
    try:
        loaded = json.loads(arguments)
    except (ValueError, RecursionError):
        loaded = None
    return loaded if isinstance(loaded, dict) else {"input": arguments}


def _strings(value: Any, name: str, depth: int = DEPTH) -> Iterator[tuple[str, str]]:
    """Yield each string of the arguments with the name it stands under; a list of words under a command's name is one command."""
    waiting: list[tuple[str, Any, int]] = [(name, value, depth)]
    for _ in range(ARGUMENTS):
        if not waiting:
            return
        name, value, depth = waiting.pop(0)
        if isinstance(value, str):
            yield name, value
        elif depth and isinstance(value, Mapping):
            waiting += [(str(key), item, depth - 1) for key, item in list(value.items())[:ARGUMENTS]]
        elif depth and isinstance(value, (list, tuple)):
            if value and all(isinstance(item, str) for item in value) and _plain(name) in ("argv", "command", "cmd", "args", "commandline"):
                yield name, " ".join(_quoted(item) for item in value)
            else:
                waiting += [(name, item, depth - 1) for item in value[:ARGUMENTS]]


def _quoted(word: str) -> str:
    return word if re.fullmatch(r"[\w./:=@%+,-]+", word) else "'" + word.replace("'", "'\\''") + "'"


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _argument(session: Session, call: _Call, name: str, value: str) -> str:
    """Read one argument as what it is; returns the language when it is code."""
    plain = _plain(name)
    if plain in _SHELL_NAMES:
        return read_into(session, value, "bash", executes=True)
    if plain in _PATH_NAMES:
        _path(session, call, value)
    elif plain in _URL_NAMES:
        session.network.exchange(text(value))
    elif plain in _CODE_NAMES or (plain not in _SETTINGS and _runs(call, value)):
        return read_into(session, value, call.language, executes=True)
    elif plain not in _SETTINGS and not call.words & _DATA_TOOLS:
        return _by_value(session, value)
    return ""


def _runs(call: _Call, value: str) -> bool:
    """Tell by its name whether a tool runs what it is given."""
    if call.words & _DATA_TOOLS:
        return False
    if call.words & (_SHELL_TOOLS | _CODE_TOOLS):
        return True
    return bool(call.words & _RUN_TOOLS) and (looks_like_python(value) or looks_like_shell(value))


def _path(session: Session, call: _Call, value: str) -> None:
    path = Value((value,))
    if call.words & _DELETES:
        session.files.delete(path, tree=True)
    elif call.words & _WRITES:
        session.files.write(path)
    elif call.words & _LISTS:
        session.files.list_folder(path)
    else:
        session.files.read(path)


def _by_value(session: Session, value: str) -> str:
    """Read a string of unknown meaning as a command, and keep what is found only if it would do harm."""
    first = value.lstrip()[:500].split("\n", 1)[0]
    if not (_SUSPICIOUS.search(value[:4000]) and (looks_like_shell(first) or first.startswith("#!"))):
        return ""
    apart = new_session(session.budget.limits, session.work_dir)
    language = guarded(apart, lambda: read_into(apart, value, "bash", executes=True))
    harmful = [finding for finding in apart.findings if finding.severity.rank >= Severity.HIGH.rank]
    if not harmful or not apart.parsed:
        return ""
    session.take(apart)
    return language or SHELL


def _digest(sources: list[str], arguments: Mapping[str, Any]) -> str:
    try:
        whole = json.dumps(arguments, sort_keys=True, separators=(",", ":"), default=repr, skipkeys=True)
    except (TypeError, ValueError, RecursionError):
        whole = "\n".join(sources)
    spelled = sources[0] if len(sources) == 1 else whole
    return hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()

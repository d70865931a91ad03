"""Which language a piece of code is in: by its label, and by its look where the label is missing or wrong."""

from __future__ import annotations

import re
from functools import lru_cache

from rune.code.tables import each, words

PYTHON = "python"
SHELL = "shell"
DATA = "text"

_LABELS = {
    **each("python py python2 python3 ipython ipython3 py3 jupyter python-repl pycon", PYTHON),
    **each(
        """
        bash sh shell zsh ksh dash console terminal shell-session shellsession bash-session shellscript command
        """,
        SHELL,
    ),
    **each(
        """
        json jsonl json5 yaml yml text txt plaintext plain markdown md html xml csv tsv diff patch output log toml ini latex tex
        math mermaid css svg stdout stderr rst none result
        """,
        DATA,
    ),
    **each("js javascript node jsx mjs", "javascript"),
    **each("powershell ps1 pwsh ps posh", "powershell"),
    **each("cmd bat batch dos", "cmd"),
}  # fmt: skip
_WORD = re.compile(r"[\w+#.-]+")
_PYTHON_LINE = re.compile(
    r"^[ \t]*(?:import [A-Za-z_][\w.]*(?:[ \t]+as\b|[ \t]*[,;#]|[ \t]*$)|from [\w.]+ import |(?:async )?def \w+\(|class \w+[(:]|@\w+"
    r"|(?:print|exec|eval|open|getattr|__import__)\(|[A-Za-z_][\w.]*(?:\[[^\]\n]{0,80}\])? = "
    r"|with [\w.]+\(|(?:for|while|if) [^\n]{1,200}:[ \t]*$)",
    re.MULTILINE,
)
_SHELL_LINE = re.compile(
    r"^[ \t]*(?:\$ )?(?:sudo |exec |time |nohup |\w+=\S* )?(?:\.?/)?(?:[\w.-]+/)*([\w.+-]+)(?=[ \t\n;|&><]|$)|^#!.*\b(?:ba|z|da|k)?sh\b",
    re.MULTILINE,
)
_FOREIGN = (
    ("php", re.compile(r"<\?(?:php|=)")),
    ("c#", re.compile(r"^[ \t]*using System[;.]", re.MULTILINE)),
    ("c", re.compile(r"^[ \t]*#[ \t]*include[ \t]*<", re.MULTILINE)),
    ("java", re.compile(r"^[ \t]*(?:import java\.|public class \w+)|<%@", re.MULTILINE)),
    ("dart", re.compile(r"^import 'dart:", re.MULTILINE)),
    ("go", re.compile(r"^package main\b", re.MULTILINE)),
    ("haskell", re.compile(r"^module \w+ where", re.MULTILINE)),
    ("perl", re.compile(r"^#!\S*perl|^use (?:strict|Socket|IO::)\b", re.MULTILINE)),
    ("ruby", re.compile(r"^#!\S*ruby|^require [\"'][\w/]+[\"'][ \t]*$", re.MULTILINE)),
    ("javascript", re.compile(r"\brequire\([\\\"']|^(?:const|let|var) \w+ = |=>[ \t]*\{|^#!\S*node", re.MULTILINE)),
    (
        "powershell",
        re.compile(
            r"\b(?:IEX|Invoke-\w+|New-Object|Get-\w+|Set-\w+|Write-(?:Host|Output)|Start-Process)\b|^[ \t]*\$\w+[ \t]*=", re.MULTILINE
        ),
    ),
    ("cmd", re.compile(r"^@echo off\b|^[ \t]*(?:set|setlocal|goto) \w+", re.MULTILINE | re.IGNORECASE)),
)
SNIFFED_CHARS = 20_000
"""Characters looked at to tell a language."""


def language_of_label(label: str) -> str:
    """Return the language a label names: `python`, `shell`, `text` for data, the label itself for others, empty for none."""
    match = _WORD.search(label[:200].removeprefix("{").lower().removeprefix("language-"))
    word = match[0].strip(".") if match else ""
    return _LABELS.get(word, word)


def looks_like_python(source: str) -> bool:
    """Tell whether a line of a source could only be Python."""
    return bool(_PYTHON_LINE.search(source[:SNIFFED_CHARS]))


def looks_like_shell(source: str) -> bool:
    """Tell whether a line of a source starts a program that is known."""
    return any(match[1] is None or match[1] in _programs() for match in _SHELL_LINE.finditer(source[:SNIFFED_CHARS]))


@lru_cache(maxsize=1)
def _programs() -> frozenset[str]:
    from rune.code.shell.programs import PROGRAMS  # noqa: PLC0415 - heavy, and only needed for sources without a fitting label

    return frozenset(PROGRAMS) | words("export cd function apt-get pytest django-admin touch make cmake npx java npm")


def foreign_language(source: str) -> str:
    """Return the language without a reader that a source looks like; empty when it looks like none."""
    head = source[:SNIFFED_CHARS]
    return next((name for name, pattern in _FOREIGN if pattern.search(head)), "")

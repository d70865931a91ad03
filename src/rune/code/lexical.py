"""What can be said of code in a language that has no reader here: words that together make a flow.

It finds the plain forms only; whoever calls it also reports that the code could not be read.
"""

from __future__ import annotations

import re

from rune.code import rules
from rune.code.decode import decoded
from rune.code.paths import PathClass, classify
from rune.code.session import Session
from rune.code.values import HOLE

CHARS = 200_000
"""Characters looked at."""
LITERALS = 60
"""String literals read as commands."""

_CONNECT = re.compile(
    r"fsockopen|socket_create|stream_socket_client|TCPSocket|TCPServer|TCPClient|IO::Socket|PF_INET|AF_INET|/inet/tcp|/dev/tcp/"
    r"|net\.Dial|[Ss]ocket\.(?:connect|tcp|socket|Socket)|new (?:Net\.)?Socket|java\.net|UdpClient|[Nn]et\.(?:connect|Socket|Sockets)"
    r"|connect\(|winsock|require\([\\\"' ]*net[\\\"' ]*\)|ztcp|WSASocket|Sockets\.TCPClient"
)
_SHELL = re.compile(
    r"/bin/(?:ba|z|da|k|c|a)?sh|cmd\.exe|[\"']cmd[\"']|\bpowershell\b|child_process|popen|proc_open|shell_exec|passthru|os\.execute"
    r"|Runtime\.getRuntime|ProcessBuilder|Process\.(?:start|new)|exec\.Command|CreateProcess|WinExec|\bsystem\$?\b|getline c|\bIEX\b"
    r"|Invoke-Expression|\biex\b|\bspawn\("
)
_DOWNLOAD = re.compile(
    r"\b(?:IWR|IRM|Invoke-WebRequest|Invoke-RestMethod|Start-BitsTransfer)\b|Download(?:String|File|Data)|Net\.WebClient"
    r"|file_get_contents\(['\"]https?:|URLDownloadToFile|bitsadmin|certutil.{0,40}-urlcache|\b(?:curl|wget)\b.{0,200}https?:"
    r"|mshta\s+https?:|LWP::Simple|open-uri|Net::HTTP",
    re.IGNORECASE,
)
_RUN = re.compile(
    r"\b(?:IEX|Invoke-Expression|Invoke-Command|Start-Process)\b|\b(?:eval|exec|system)\s*\(|Reflection\.Assembly|regsvr32|rundll32"
    r"|\binstance_eval\b|\|\s*(?:iex|bash|sh|cmd)\b|%te?mp%|!temp!|\.ps1\b|VirtualAlloc",
    re.IGNORECASE,
)
_WEB_REQUEST = re.compile(r"\$_(?:GET|POST|REQUEST|COOKIE)\b|request\.getParameter")
_WEB_RUN = re.compile(r"\b(?:system|shell_exec|exec|passthru|popen|proc_open|eval|assert)\s*\(|`")
_ENCODED = re.compile(r"-e(?:nc?|ncod\w*|c)?\s+[\"']?([A-Za-z0-9+/=]{24,})", re.IGNORECASE)
_INJECT = re.compile(
    r"VirtualAlloc|WriteProcessMemory|CreateRemoteThread|(?:Add|Set)-MpPreference|AmsiUtils|amsiInitFailed|mimikatz",
    re.IGNORECASE,
)
_SEND = re.compile(
    r"https?\.request|fetch\s*\(|XMLHttpRequest|axios|curl_exec|Net::HTTP|Upload(?:String|File)|Invoke-(?:RestMethod|WebRequest)"
    r"|\b(?:IRM|IWR)\b|sendmail|send\(|\.post\(",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"\"((?:[^\"\\\n]|\\.){3,2000})\"|'((?:[^'\\\n]|\\.){3,2000})'")
_COMMAND = re.compile(r"[|;&<>]|\b(?:rm|nc|ncat|bash|sh|curl|wget|chmod|dd|mkfifo|python\d?|perl|crontab)\b")
_PATH = re.compile(r"(?:~|\$HOME|%\w+%|\$env:\w+|[A-Za-z]:)?[\\/][\w.$~%-]+(?:[\\/]+[\w.$~% -]+)+|\.ssh/\w+")


def read_words(source: str, session: Session) -> None:
    """Report the flows that the words of a source in any language amount to."""
    source = source[:CHARS]
    session.budget.spend(1 + len(source) // 256)
    hidden = _encoded_command(source, session)
    for spelled in (source, hidden) if hidden else (source,):
        _flows(spelled, session)
    for literal in _literals(source):
        session.read("shell", literal, "literal")
    _paths(source, session)


def _flows(source: str, session: Session) -> None:
    connects, shell, run = _CONNECT.search(source), _SHELL.search(source), _RUN.search(source)
    if connects and shell:
        session.report(rules.REVERSE_SHELL, f"{connects[0]} … {shell[0]}")
    download = _DOWNLOAD.search(source)
    if download and run:
        session.report(rules.RUNS_DOWNLOAD, f"{download[0]} … {run[0]}")
    if _WEB_REQUEST.search(source) and _WEB_RUN.search(source):
        session.report(rules.REVERSE_SHELL, "request parameter run as a command")
    inject = _INJECT.search(source)
    if inject:
        session.report(rules.DEFENSES, inject[0])


def _encoded_command(source: str, session: Session) -> str:
    """Return the script behind PowerShell's `-EncodedCommand`, which is UTF-16 in base64."""
    if "powershell" not in source.lower() and "pwsh" not in source.lower():
        return ""
    match = _ENCODED.search(source)
    data = decoded("base64", match[1]) if match else None
    if data is None:
        return ""
    session.report(rules.RUNS_DECODED, "-EncodedCommand")
    return data.decode("utf-16-le", "replace")


def _literals(source: str) -> list[str]:
    found: list[str] = []
    for match in _LITERAL.finditer(source):
        literal = (match[1] or match[2]).replace('\\"', '"')
        if " " in literal and _COMMAND.search(literal) and len(found) < LITERALS:
            found.append(literal)
    return found


def _paths(source: str, session: Session) -> None:
    """Report credential files that are named; beside something that sends, they are taken to be sent."""
    for match in _PATH.finditer(source):
        path = match[0].replace("\\\\", "/")
        if HOLE not in path and classify(path) in (PathClass.SECRET, PathClass.STARTUP):
            session.report(rules.SENDS_SECRET if _SEND.search(source) else rules.READS_SECRET, path)
            return

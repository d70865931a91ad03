"""Programs that run other programs or code."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rune.code import rules
from rune.code.lexical import read_words
from rune.code.shell.command import Command, program_name, spaced
from rune.code.shell.programs_text import contents
from rune.code.tables import each
from rune.code.values import HOLE, NETWORK, OUTPUT, UNKNOWN, Value, constant, text

Program = Callable[[Command], Value]

_STANDARD_INPUT = ("/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")
_SHELL_VALUED = ("-o", "-O", "+o", "--rcfile", "--init-file")


def _shell(command: Command) -> Value:
    """`sh`: runs `-c TEXT`, a file, or its input."""
    session = command.session
    script, given = _inline(command)
    if script is not None:
        session.execution.command(script, given[1:])
        return Value((), OUTPUT, ("shell()",))
    operands = [word for word in command.operands(*_SHELL_VALUED) if word.text != "-"]
    if operands and "s" not in command.options():
        _script(command, operands[0], operands[1:])
        return Value((), OUTPUT)
    if command.stdin is None:
        return Value((), OUTPUT, ("shell()",))
    session.execution.command(command.input)
    return Value((), OUTPUT, ("shell()",))


def _inline(command: Command) -> tuple[Value | None, Sequence[Value]]:
    """Return the text after `-c`, wherever the letter stands among the options, and the words after it; None when there is none."""
    for position, word in enumerate(command.words):
        spelled = word.text or ""
        if re.fullmatch(r"-[a-zA-Z]*c", spelled) or spelled == "--command":
            return (command.words[position + 1] if position + 1 < len(command.words) else UNKNOWN), command.words[position + 2 :]
        if not spelled.startswith(("-", "+")):
            break
    return None, ()


def _script(command: Command, path: Value, arguments: Sequence[Value] = ()) -> None:
    """Run a file by path, or what a process substitution in its place prints."""
    if path.text in _STANDARD_INPUT:
        command.session.execution.command(command.input, arguments)
        return
    if path.labels & NETWORK or "response()" in path.names:
        command.session.report(rules.RUNS_DOWNLOAD, path.text or "")
        return
    for name in path.texts:
        if "\n" in name or " " in name.strip():
            command.session.execution.command(text(name), arguments)
        else:
            command.session.execution.file(name, arguments)


def _python(command: Command) -> Value:
    session = command.session
    script, _ = _inline(command)
    if script is not None:
        session.execution.code(script)
        return Value((), OUTPUT, ("shell()",) if "pty" in (script.text or "") else ())
    module = command.value_of("-m")
    if module is not None:
        return _module(command, module)
    operands = [word for word in command.operands("-W", "-X") if word.text != "-"]
    if operands:
        _script(command, operands[0])
        return Value((), OUTPUT)
    if command.stdin is not None:
        session.execution.code(command.input)
    return Value((), OUTPUT)


def _module(command: Command, module: Value) -> Value:
    name = module.text or ""
    after = next((i for i, word in enumerate(command.words) if word is module or word.text == "-m"), 0) + 2
    if name in ("http.server", "SimpleHTTPServer", "pyftpdlib", "smtpd", "uploadserver"):
        command.session.network.listen()
    elif name in ("pip", "uv", "conda"):
        command.rest(after - 1)
        return command.shell.start(command.words[after - 1 :], command.stdin)
    elif name in ("timeit", "pdb", "cProfile"):
        for word in command.words[after:]:
            if " " in (word.text or "") or "(" in (word.text or ""):
                command.session.execution.code(word)
    return Value((), OUTPUT)


def _foreign(*flags: str) -> Program:
    """An interpreter of a language without a reader: its inline code is read word by word."""

    def program(command: Command) -> Value:
        script = command.value_of(*flags)
        if script is None and command.stdin is not None and not command.operands():
            script = command.input
        if script is not None:
            _words(command, script)
        else:
            for word in command.operands()[:1]:
                content = command.session.files.content(word.text or "")
                if content.labels & NETWORK:
                    command.session.report(rules.RUNS_DOWNLOAD, word.text or "")
                elif content.texts:
                    _words(command, content)
        return Value((), OUTPUT)

    return program


def _words(command: Command, script: Value) -> None:
    session = command.session
    if script.labels & NETWORK:
        session.report(rules.RUNS_DOWNLOAD, script.text or "")
    for source in script.texts:
        whole = " ".join(word.text or "" for word in command.words)
        read_words(f"{whole}\n{source}", session)


def _awk(command: Command) -> Value:
    operands = command.operands("-F", "-v", "-f", "--field-separator", "--assign", "--file")
    for source in operands[:1]:
        for spelled in source.texts:
            read_words(spelled, command.session)
            for shell in re.findall(r"system\(\s*\"((?:[^\"\\]|\\.){1,2000})\"", spelled[:8000]):
                command.session.execution.command(text(shell))
    return Value((), contents(command, "-F", "-v", "-f", skip=1).labels)


def _evaluated(command: Command) -> Value:
    return command.session.execution.command(spaced(command.words)) if command.words else UNKNOWN


def _sourced(command: Command) -> Value:
    if command.words:
        _script(command, command.words[0], command.words[1:])
    return UNKNOWN


def _prefix(*valued: str, skip: int = 0) -> Program:
    """A program that starts the program named by its first operand."""

    def program(command: Command) -> Value:
        start = _first_operand(command, valued, skip)
        return command.shell.start(command.words[start:], command.stdin, command.linked) if start < len(command.words) else UNKNOWN

    return program


def _first_operand(command: Command, valued: tuple[str, ...], skip: int) -> int:
    position = 0
    while position < len(command.words):
        spelled = command.words[position].text or ""
        if spelled == "--":
            position += 1
            break
        if spelled.startswith("-") or (command.name in ("env", "sudo", "doas") and re.match(r"\w+=", spelled)):
            position += 2 if spelled in valued else 1
            continue
        break
    return position + skip


def _elevated(command: Command) -> Value:
    """`sudo`: what counts is the program behind it; an interactive shell is privilege by itself."""
    valued = ("-u", "-g", "-h", "-p", "-C", "-r", "-t", "-U", "-T", "--user", "--group")
    start = _first_operand(command, valued, 0)
    if start >= len(command.words):
        if command.has("-i", "-s", "-S", "--login", "su"):
            command.session.report(rules.PRIVILEGE, command.name)
        return UNKNOWN
    if program_name(command.words[start]) in ("su", "bash", "sh", "zsh", "-i") and start + 1 >= len(command.words):
        command.session.report(rules.PRIVILEGE, command.name)
    return command.shell.start(command.words[start:], command.stdin, command.linked)


def _switched(command: Command) -> Value:
    script = command.value_of("-c", "--command")
    if script is not None:
        return command.session.execution.command(script)
    if not command.operands() or any(word.text == "root" for word in command.operands()):
        command.session.report(rules.PRIVILEGE, command.name)
    return UNKNOWN


def _env(command: Command) -> Value:
    split = command.value_of("-S", "--split-string")
    if split is not None:
        return command.session.execution.command(split)
    start = _first_operand(command, ("-u", "--unset", "-C", "--chdir"), 0)
    for word in command.words[:start]:
        name, given, value = (word.text or "").partition("=")
        if given:
            command.shell.start([text("declare"), text(name), text(value)])
    if start < len(command.words):
        return command.shell.start(command.words[start:], command.stdin, command.linked)
    from rune.code.environment import everything  # noqa: PLC0415

    return everything(command.session)


def _xargs(command: Command) -> Value:
    """`xargs`: the words of its input become the last arguments."""
    replaced = command.value_of("-I", "-i", "--replace")
    start = _first_operand(command, ("-I", "-n", "-P", "-L", "-d", "-s", "-a", "-E", "--max-args", "--max-procs"), 0)
    words = list(command.words[start:]) or [text("echo")]
    given = [Value((word,), command.input.labels) for line in command.input.texts[:1] for word in line.split()[:64]]
    given = given or [Value((), command.input.labels)]
    if replaced is not None and replaced.text:
        words = [given[0] if word.text == replaced.text else _holed(word, replaced.text, given[0]) for word in words]
        return command.shell.start(words)
    return command.shell.start([*words, *given])


def _holed(word: Value, mark: str, given: Value) -> Value:
    if mark not in (word.text or ""):
        return word
    return constant(((word.text or "").replace(mark, given.text or HOLE),), word.labels | given.labels)


def _exec(command: Command) -> Value:
    start = _first_operand(command, ("-a",), 0)
    return command.shell.start(command.words[start:], command.stdin, command.linked) if start < len(command.words) else UNKNOWN


def _trap(command: Command) -> Value:
    if command.words and (command.words[0].text or "") not in ("-", "", "-l", "-p"):
        command.session.execution.command(command.words[0])
    return UNKNOWN


def _alias(command: Command) -> Value:
    for word in command.words:
        name, given, value = (word.text or "").partition("=")
        if given:
            command.shell.aliases[name] = value
    return UNKNOWN


def _last_is_command(*valued: str) -> Program:
    """A program that hands one text to a shell: `watch`, `script -c`, `tmux new`."""

    def program(command: Command) -> Value:
        given = command.value_of(*valued) if valued else None
        if given is not None:
            return command.session.execution.command(given)
        operands = command.operands("-n", "--interval", "-s", "-S", "-t")
        return _evaluated(Command(command.shell, "eval", operands)) if operands and not valued else UNKNOWN

    return program


def _terminal(command: Command) -> Value:
    """Terminals: a word that is a whole command line is run, else the words after the options are."""
    whole = [word for word in command.words if " " in (word.text or "")]
    for word in whole:
        command.session.execution.command(word)
    start = _first_operand(command, ("-S", "-t", "-n", "-s", "-c"), 0)
    return UNKNOWN if whole or start >= len(command.words) else command.shell.start(command.words[start:], command.stdin)


def _with_commands(command: Command) -> Value:
    """Editors, pagers and debuggers: what follows a `!` goes to a shell."""
    for word in command.words:
        for spelled in word.texts:
            match = re.match(r"\+?:?(?:shell|r|w)? ?!(.+)", spelled, re.DOTALL)
            if match:
                command.session.execution.command(text(match[1]))
    return Value((), contents(command, "-c", "-ex", "-e").labels)


def _started_by_path(command: Command) -> Value:
    for word in command.words[:1]:
        _script(command, word)
    return UNKNOWN


def _sqlite(command: Command) -> Value:
    for word in command.words:
        for spelled in word.texts:
            match = re.match(r"\s*\.(?:shell|system)\s+(.*)", spelled, re.DOTALL)
            if match:
                command.session.execution.command(text(match[1]))
    return Value((), OUTPUT)


def _compiled(command: Command) -> Value:
    """`go run x.go` and the like: the file may have been written by the script itself."""
    for word in command.operands():
        for name in word.texts:
            for source in command.session.files.content(name).texts:
                read_words(source, command.session)
    return Value((), OUTPUT)


def _powershell(command: Command) -> Value:
    whole = " ".join(spelled for word in command.words for spelled in word.texts[:1])
    if whole or command.stdin is not None:
        command.session.report(rules.NO_READER, "powershell")
        read_words(f"powershell {whole}\n{command.input.text or ''}", command.session)
    return Value((), OUTPUT)


PROGRAMS: dict[str, Program] = {
    **each("sh bash zsh dash ksh ash mksh rbash fish csh tcsh", _shell),
    **each("python pypy ipython python3-config", _python),
    **each("perl ruby", _foreign("-e", "-E", "-ne", "-pe")),
    "php": _foreign("-r"),
    **each("node nodejs bun deno", _foreign("-e", "--eval", "-p", "eval")),
    **each("lua luajit tclsh crystal groovy julia elixir scala jjs jrunscript", _foreign("-e", "eval", "--eval")),
    "rscript": _foreign("-e"),
    **each("awk gawk mawk nawk", _awk),
    **each("powershell pwsh cmd mshta rundll32 regsvr32 wscript cscript certutil bitsadmin", _powershell),
    "eval": _evaluated,
    **each("source .", _sourced),
    "exec": _exec,
    **each("command builtin coproc nohup time setsid exec busybox toybox proot fakeroot unbuffer rlwrap", _prefix()),
    **each(
        """
        nice ionice chrt stdbuf taskset catchsegv linux32 linux64 torsocks proxychains
        """,
        _prefix("-n", "-c", "-o", "-i", "-e"),
    ),
    **each("timeout chroot flock gtimeout", _prefix("-s", "-k", "--signal", "--kill-after", "-w", skip=1)),
    **each(
        """
        systemd-run unshare firejail bwrap strace ltrace dbus-run-session xvfb-run
        """,
        _prefix("-p", "-o", "-e", "-u", "--unit"),
    ),
    **each("sudo doas dzdo gosu su-exec", _elevated),
    "su": _switched,
    **each("runuser sg", _switched),
    "env": _env,
    **each("xargs parallel", _xargs),
    "trap": _trap,
    "alias": _alias,
    "watch": _last_is_command(),
    "script": _last_is_command("-c", "--command"),
    **each("tmux screen xterm gnome-terminal", _terminal),
    **each("vim vi nvim ex ed gdb lldb man less more view emacs nano", _with_commands),
    **each("go v rustc gcc cc g++ clang tcc make javac java dotnet swift kotlinc", _compiled),
    "sqlite3": _sqlite,
    **each("open xdg-open start", _started_by_path),
}  # fmt: skip

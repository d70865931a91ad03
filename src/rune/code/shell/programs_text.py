"""Programs that only pass text on or change it, encodings included."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from rune.code.decode import decode
from rune.code.environment import everything
from rune.code.shell.command import Command, merged, spaced
from rune.code.tables import each
from rune.code.values import CONSTANT_CHARS, HOLE, UNKNOWN, Value, concatenate, constant, join, text

Program = Callable[[Command], Value]

WHOLE = 4096
"""Characters of a text that `head` and `tail` are taken to print whole."""

_RANGE = re.compile(r"(.)-(.)", re.DOTALL)
_SLOT = re.compile(r"%[-0-9.]{0,6}([a-zA-Z%])")
_ESCAPE = re.compile(r"\\(?:0?([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|([abefnrtv\\\"']))")
_CONTROL = {"a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_SED = re.compile(r"s(.)((?:(?!\1).){0,200})\1((?:(?!\1).){0,200})\1(g?)\Z", re.DOTALL)


def unescaped(spelled: str) -> str:
    """Undo the escapes that `echo -e` and `printf` know."""
    return _ESCAPE.sub(_character, spelled) if "\\" in spelled else spelled


def _character(match: re.Match[str]) -> str:
    octal, two, four, letter = match.groups()
    if letter is not None:
        return _CONTROL.get(letter, letter)
    return chr(int(octal, 8) & 255) if octal else chr(int(two or four, 16))


def _echo(command: Command) -> Value:
    words = list(command.words)
    flags = ""
    while words and re.fullmatch(r"-[neE]{1,3}", words[0].text or ""):
        flags += words.pop(0).text or ""
    escapes = "e" in flags
    printed = spaced(words if "n" in flags else [*words[:-1], concatenate((*words[-1:], text("\n")))])
    if escapes or any("\\" in word for word in printed.texts):
        undone = constant((unescaped(word) for word in printed.texts), printed.labels)
        return undone if escapes else join(printed, undone)
    return printed


def _printf(command: Command) -> Value:
    words = list(command.words)
    if words and words[0].text == "-v":
        return UNKNOWN
    template = words[0].text if words else None
    labels = 0
    for word in words:
        labels |= word.labels
    if template is None:
        return Value((), labels)
    return _filled(unescaped(template), words[1:]).labeled(labels)


def _filled(template: str, arguments: list[Value]) -> Value:
    parts: list[Value] = []
    slots = sum(match[1] != "%" for match in _SLOT.finditer(template))
    rounds = max(1, -(-len(arguments) // slots)) if slots else 1
    given = iter(arguments)
    for _ in range(min(rounds, 256)):
        position = 0
        for match in islice(_SLOT.finditer(template), 64):
            parts.append(text(template[position : match.start()]))
            position = match.end()
            parts.append(text("%") if match[1] == "%" else _slot(match[1], next(given, text(""))))
        parts.append(text(template[position:]))
    return concatenate(parts)


def _slot(kind: str, value: Value) -> Value:
    if kind == "b":
        return constant((unescaped(word) for word in value.texts), value.labels)
    if kind == "c":
        return constant((word[:1] for word in value.texts), value.labels)
    if kind in "xX":
        return constant((f"{int(word):x}" for word in value.texts if re.fullmatch(r"\d{1,12}", word)), value.labels)
    return value


def contents(command: Command, *valued: str, skip: int = 0) -> Value:
    """Return what a program prints that reads the files it is given, or else its input."""
    files = command.operands(*valued)[skip:]
    if not files or all(word.text == "-" for word in files):
        return command.input
    return merged(join(command.session.files.read(word), word if "response()" in word.names or word.labels else UNKNOWN) for word in files)


def _passed(*valued: str, skip: int = 0) -> Program:
    def program(command: Command) -> Value:
        read = contents(command, *valued, skip=skip)
        return Value(read.constants, read.labels, read.names)

    return program


def _filtered(*valued: str, skip: int = 0) -> Program:
    """A program that prints a part of what it reads: which part is not known."""

    def program(command: Command) -> Value:
        return Value((), contents(command, *valued, skip=skip).labels)

    return program


def _decoder(encoding: str, *flags: str) -> Program:
    """A program that undoes an encoding when one of these options is given, or always."""

    def program(command: Command) -> Value:
        read = contents(command, "-w", "--wrap", "-o")
        undoes = not flags or command.has(*flags) or any(len(flag) == 2 and flag[1] in command.options() for flag in flags)
        return decode(encoding, read) if undoes else Value((), read.labels)

    return program


def _openssl(command: Command) -> Value:
    words = [word.text for word in command.words]
    if "s_client" in words:
        from rune.code.shell.programs_network import tunnel  # noqa: PLC0415 - the two tables need each other

        return tunnel(command, command.value_of("-connect") or UNKNOWN)
    source = command.value_of("-in")
    read = command.session.files.read(source) if source is not None else command.input
    if (
        "-d" in words
        and ("base64" in words or "-base64" in words or "-a" in words)
        and not any((word or "").startswith("-aes") for word in words)
    ):
        return decode("base64", read)
    return Value((), read.labels)


def _translate(command: Command) -> Value:
    operands = command.operands()
    read = command.input
    first, second = (operands[position].text if position < len(operands) else None for position in (0, 1))
    if first is None:
        return Value((), read.labels)
    gone = "d" in command.options()
    source, target = _members(first), _members(second or "")
    table: dict[int, str | None] = {
        ord(c): None if gone else target[min(i, len(target) - 1)] for i, c in enumerate(source) if gone or target
    }
    return constant((word.translate(table) for word in read.texts), read.labels)


def _members(spelled: str) -> str:
    spelled = spelled.replace("[:upper:]", "A-Z").replace("[:lower:]", "a-z").replace("[:space:]", " \t\n").replace("[:digit:]", "0-9")
    return _RANGE.sub(lambda m: "".join(map(chr, range(ord(m[1]), min(ord(m[2]), ord(m[1]) + 255) + 1))), unescaped(spelled[:400]))


def _reversed(command: Command) -> Value:
    read = contents(command)
    return constant(("\n".join(line[::-1] for line in word.split("\n")) for word in read.texts), read.labels)


def _sed(command: Command) -> Value:
    operands = command.operands("-e", "-f", "--expression", "--file")
    scripts = command.value_of("-e", "--expression")
    script, files = (scripts, operands) if scripts is not None else (operands[0] if operands else UNKNOWN, operands[1:])
    if "i" in command.options() or any((word.text or "").startswith("--in-place") for word in command.words):
        for word in files:
            command.session.files.write(word, Value((), script.labels), append=True)
        return UNKNOWN
    read = merged(command.session.files.read(word) for word in files) if files else command.input
    change = _SED.match(script.text or "")
    if change is None or not re.fullmatch(r"[\w /:.,=-]*", change[2]):
        return Value((), read.labels)
    old, new = change[2], change[3]
    kept = (word for word in read.texts if old and word.count(old) * len(new) < CONSTANT_CHARS)
    return constant((word.replace(old, new, -1 if change[4] else 1) for word in kept), read.labels)


def _cut(command: Command) -> Value:
    read = contents(command, "-d", "-f", "-c", "-b")
    span = re.fullmatch(r"(\d{1,4})-(\d{0,4})", (command.value_of("-c", "-b") or UNKNOWN).text or "")
    if span is None:
        return Value((), read.labels)
    start, stop = int(span[1]) - 1, int(span[2]) if span[2] else None
    return constant(("\n".join(line[start:stop] for line in word.split("\n")) for word in read.texts), read.labels)


def _tee(command: Command) -> Value:
    for word in command.operands():
        command.session.files.write(word, command.input, append="a" in command.options())
    return command.input


def _read(command: Command) -> Value:
    for word in command.operands("-p", "-t", "-n", "-d", "-u", "-a", "-i"):
        for name in word.texts:
            command.shell.assign(name, constant((line.strip() for line in command.input.texts), command.input.labels))
    return UNKNOWN


def _environment(command: Command) -> Value:
    return everything(command.session)


def _print_environment(command: Command) -> Value:
    from rune.code.shell.words import lookup  # noqa: PLC0415 - words need the programs and these the words

    names = command.operands()
    return merged(lookup(command.shell, name) for word in names for name in word.texts) if names else _environment(command)


def _sequence(command: Command) -> Value:
    return constant(word.text for word in command.operands()[:1])


def _lines(command: Command) -> Value:
    """`head` and `tail`: a part of a text, of which the whole is the best guess."""
    read = contents(command, "-n", "-c", "--lines", "--bytes")
    return Value(tuple(word for word in read.texts if len(word) < WHOLE and HOLE not in word), read.labels, read.names)


PROGRAMS: dict[str, Program] = {
    "echo": _echo,
    "printf": _printf,
    "cat": _passed(),
    **each("tac nl bat batcat most fold fmt expand iconv column pv", _passed()),
    **each("head tail", _lines),
    **each("sort uniq strings paste join comm diff od hexdump wc shuf look dos2unix", _filtered()),
    **each("grep egrep fgrep rg ag zgrep", _filtered("-e", "-f", "-m", "-A", "-B", "-C", skip=1)),
    **each("jq yq", _filtered("--arg", skip=1)),
    "cut": _cut,
    "sed": _sed,
    "tr": _translate,
    "rev": _reversed,
    "base64": _decoder("base64", "-d", "-D", "--decode"),
    "base32": _decoder("base32", "-d", "--decode"),
    "basenc": _decoder("base64", "-d", "--decode"),
    "xxd": _decoder("hex", "-r"),
    "uudecode": _decoder("uu"),
    "gunzip": _decoder("gzip"),
    "zcat": _decoder("gzip"),
    "gzip": _decoder("gzip", "-d", "--decompress"),
    "bunzip2": _decoder("bz2"),
    "bzcat": _decoder("bz2"),
    "bzip2": _decoder("bz2", "-d"),
    "xzcat": _decoder("lzma"),
    "unxz": _decoder("lzma"),
    "xz": _decoder("lzma", "-d"),
    "openssl": _openssl,
    "tee": _tee,
    "read": _read,
    "mapfile": _read,
    "printenv": _print_environment,
    "seq": _sequence,
    **each("true false : test [ pwd wait sleep shift return exit", lambda _command: UNKNOWN),
}

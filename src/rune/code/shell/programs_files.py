"""Programs that change files."""

from __future__ import annotations

import re
from collections.abc import Callable

from rune.code import rules
from rune.code.files import Files
from rune.code.paths import PathClass, classify
from rune.code.shell.command import Command, merged
from rune.code.shell.programs_text import contents
from rune.code.tables import each
from rune.code.values import OUTPUT, UNKNOWN, Value, constant, text

Program = Callable[[Command], Value]


def _remove(command: Command) -> Value:
    letters = command.options()
    tree = "r" in letters.lower() or command.has("--recursive")
    for word in command.operands():
        command.session.files.delete(word, tree=tree or any("*" in path for path in word.texts))
    return UNKNOWN


def _shred(command: Command) -> Value:
    for word in command.operands("-n", "-s", "--iterations", "--size"):
        command.session.files.delete(word)
    return UNKNOWN


def _truncate(command: Command) -> Value:
    for word in command.operands("-s", "--size", "-r", "--reference"):
        command.session.files.write(word)
    size = command.value_of("-s", "--size")
    _hogs(command, size.text if size else "")
    return UNKNOWN


def _hogs(command: Command, size: str | None) -> None:
    if re.fullmatch(r"\+?(?:\d{3,}[gG]i?[bB]?|\d+[tT]i?[bB]?|\d{12,})", size or ""):
        command.session.report(rules.HOGS, size or "")


def _copy(command: Command) -> Value:
    return _transfer(command, move=False)


def _move(command: Command) -> Value:
    return _transfer(command, move=True)


def _transfer(command: Command, *, move: bool) -> Value:
    files = command.session.files
    target = command.value_of("-t", "--target-directory")
    operands = command.operands("-t", "--target-directory", "-m", "-o", "-g", "--mode", "-S")
    if target is None and len(operands) > 1:
        target = operands.pop()
    mode = command.value_of("-m", "--mode")
    for source in operands:
        content = files.read(source)
        if target is not None:
            _into(files, source, target, content)
            if mode is not None and command.name == "install":
                files.permit(target, mode.text or "")
        if move:
            files.delete(source, tree=True)
    return UNKNOWN


def _into(files: Files, source: Value, target: Value, content: Value) -> None:
    """Write to a path, or to a file of the same name in a folder."""
    files.write(target, content)
    for folder in target.texts:
        if folder.endswith("/") or folder == ".":
            for name in source.texts:
                files.add(text(folder.rstrip("/") + "/" + name.rsplit("/", 1)[-1]), content)


def _link(command: Command) -> Value:
    operands = command.operands("-t")
    for source in operands[:-1]:
        command.session.files.link(source, operands[-1])
    return UNKNOWN


def _create(command: Command) -> Value:
    for word in command.operands("-m", "--mode", "-d", "-t", "-r", "--date", "--reference"):
        command.session.files.write(word)
    return constant(("/tmp/tmpfile",)) if command.name == "mktemp" else UNKNOWN  # noqa: S108 - what the code would get, nothing is written


def _mode(command: Command) -> Value:
    operands = [word for word in command.words if not re.match(r"-(?:[RcfvLHPh]+$|-)", word.text or "")]
    if len(operands) > 1:
        for word in operands[1:]:
            command.session.files.permit(word, operands[0].text or "")
    return UNKNOWN


def _owner(command: Command) -> Value:
    operands = command.operands("--from", "--reference")
    for word in operands[1:]:
        command.session.files.permit(word, owner=True)
    return UNKNOWN


def _capability(command: Command) -> Value:
    if any("=" in word for operand in command.operands() for word in operand.texts) or command.has("-r"):
        command.session.report(rules.PRIVILEGE, command.name)
    return UNKNOWN


def _attribute(command: Command) -> Value:
    for word in command.operands()[:]:
        command.session.files.permit(word, owner=True)
    return UNKNOWN


def _duplicate(command: Command) -> Value:
    """`dd if=… of=…`."""
    given = dict(word.partition("=")[::2] for operand in command.words for word in operand.texts if "=" in word)
    files = command.session.files
    if given.get("if", "") not in ("", "/dev/zero", "/dev/urandom", "/dev/random"):
        content = files.read(text(given["if"]))
    else:
        content = command.input
    if "of" in given:
        files.write(text(given["of"]), content)
        return UNKNOWN
    return Value(content.constants, content.labels)


def _format_disk(command: Command) -> Value:
    if command.has("-l", "--list", "-p", "--print", "print", "--backup", "-b", "-v", "--verify", "--version", "-I", "-i", "-n"):
        return Value((), OUTPUT)
    for word in command.operands():
        if any(path.startswith("/dev/") for path in word.texts):
            command.session.report(rules.DESTROYS, word.text or "")
    return UNKNOWN


def _list(command: Command) -> Value:
    operands = command.operands("-I", "--ignore", "-L", "-P")
    for word in operands or [text(".")]:
        command.session.files.list_folder(word)
    return Value((), OUTPUT)


def _find(command: Command) -> Value:
    """`find PATHS TESTS ACTIONS`: actions run programs on what was found."""
    words = list(command.words)
    roots = _roots(words)
    found = _found(command, words, roots)
    position = len(roots)
    while position < len(words):
        spelled = words[position].text or ""
        if spelled == "-delete":
            for root in found:
                command.session.files.delete(root, tree=True)
        elif spelled in ("-exec", "-execdir", "-ok", "-okdir"):
            end = next((i for i in range(position + 1, len(words)) if words[i].text in (";", "+", "\\;")), len(words))
            action = [word for part in words[position + 1 : end] for word in ([part] if part.text != "{}" else found)]
            command.shell.start(action)
            position = end
        elif spelled in ("-fprintf", "-fprint", "-fls") and position + 1 < len(words):
            command.session.files.write(words[position + 1])
        position += 1
    return Value(tuple(path for root in found for path in root.texts)[:4], OUTPUT)


def _roots(words: list[Value]) -> list[Value]:
    roots: list[Value] = []
    for word in words:
        if (word.text or "").startswith(("-", "(", "!", "\\(")):
            break
        roots.append(word)
    return roots


def _found(command: Command, words: list[Value], roots: list[Value]) -> list[Value]:
    """Return the files a search is for: each root with the name it must have."""
    names = [
        words[i + 1].text or "" for i, word in enumerate(words[:-1]) if word.text in ("-name", "-iname", "-path", "-ipath", "-wholename")
    ]
    found = list(roots) or [text(".")]
    if names:
        return [
            constant((f"{base.rstrip('/')}/{name.lstrip('/')}" for base in root.texts for name in names), root.labels) for root in found
        ]
    for root in found:
        if all(classify(base) is not PathClass.ROOT for base in root.texts) or "-perm" in [word.text for word in words]:
            continue
        command.session.files.list_folder(root)
    return found


def _archive(command: Command) -> Value:
    """`tar`, `zip` and their like: what goes in keeps its labels, what comes out lands somewhere."""
    files = command.session.files
    _archive_commands(command)
    letters = command.options()
    operands = command.operands("-C", "-f", "--file", "--directory", "-T", "-X")
    if command.name == "tar" and operands and operands[0] is command.words[0]:
        letters += operands.pop(0).text or ""
    if command.name == "tar" and not set(letters) & set("cru") and not command.has("--create"):
        files.write(command.value_of("-C", "--directory") or UNKNOWN)
        return UNKNOWN
    archive = command.value_of("-f", "--file")
    if archive is None and operands and (command.name != "tar" or "f" in letters):
        archive = operands.pop(0)
    content = Value((), merged(files.read(word) for word in operands).labels)
    if archive is not None and archive.text != "-":
        files.write(archive, content)
    return content


def _archive_commands(command: Command) -> None:
    """Read the commands that an archiver is told to run on the way."""
    for word in command.words:
        spelled = word.text or ""
        if spelled.startswith(("--checkpoint-action=exec", "--to-command", "--use-compress-program", "--unzip-command", "-TT")):
            command.session.execution.command(text(spelled.partition("=")[2].removeprefix("exec=")))


def _unpack(command: Command) -> Value:
    files = command.session.files
    files.write(command.value_of("-d", "-o") or UNKNOWN)
    return contents(command)._replace(constants=())


def _enter(command: Command) -> Value:
    operands = command.operands()
    command.session.files.enter(operands[0] if operands else text("~"))
    return UNKNOWN


def _mount(command: Command) -> Value:
    if command.has("-a") or len(command.operands("-t", "-o")) > 1 or command.has("--bind", "-o"):
        command.session.report(rules.SYSTEM_STATE, command.name)
    return UNKNOWN


PROGRAMS: dict[str, Program] = {
    **each("rm srm unlink rmdir trash trash-put", _remove),
    **each("shred wipe", _shred),
    **each("truncate fallocate", _truncate),
    **each("cp install ditto", _copy),
    "mv": _move,
    **each("ln link", _link),
    **each("touch mkdir mkfifo mknod mktemp", _create),
    "chmod": _mode,
    **each("chown chgrp", _owner),
    **each("setcap setfacl", _capability),
    "chattr": _attribute,
    "dd": _duplicate,
    **each("cd pushd chdir", _enter),
    **each("mkfs wipefs fdisk sfdisk parted sgdisk mkswap blkdiscard cryptsetup hdparm", _format_disk),
    **{
        f"mkfs.{kind}": _format_disk
        for kind in ("ext2", "ext3", "ext4", "xfs", "btrfs", "vfat", "ntfs", "fat", "exfat", "f2fs", "minix", "cramfs")
    },
    **each("ls dir tree du exa eza lsd", _list),
    "find": _find,
    **each("tar zip 7z 7za rar cpio ar", _archive),
    **each("unzip unrar unar", _unpack),
    **each("mount umount losetup", _mount),
}

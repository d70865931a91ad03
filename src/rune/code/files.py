"""What it means that code touches a file: the class of the path and the operation decide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rune.code import rules
from rune.code.paths import PathClass, classify, climbs, matches, normalize
from rune.code.rules import Rule
from rune.code.values import CONFIG, HOLE, HOST_FILE, LISTING, SECRET, UNKNOWN, Value, concatenate, join

if TYPE_CHECKING:
    from rune.code.session import Session

CONTENTS = 200
"""Files whose content is followed from where it is written to where it is read or run."""

_READ = {
    PathClass.SECRET: rules.READS_SECRET,
    PathClass.DEVICE: rules.READS_SECRET,
    PathClass.SETTINGS: rules.READS_LOCAL_SECRET,
    PathClass.CONFIG: rules.READS_CONFIG,
    PathClass.STARTUP: rules.READS_CONFIG,
}
_READ_LABELS = {
    **dict.fromkeys((PathClass.SECRET, PathClass.DEVICE, PathClass.SETTINGS), SECRET),
    **dict.fromkeys((PathClass.CONFIG, PathClass.STARTUP), CONFIG),
    **dict.fromkeys((PathClass.HOME, PathClass.PROGRAM, PathClass.PUBLIC, PathClass.OUTSIDE, PathClass.ROOT), HOST_FILE),
}
_WRITE = {
    PathClass.SECRET: rules.WRITES_SECRET,
    PathClass.CONFIG: rules.WRITES_SYSTEM,
    PathClass.PROGRAM: rules.WRITES_SYSTEM,
    PathClass.ROOT: rules.WRITES_SYSTEM,
    PathClass.STARTUP: rules.PERSISTS,
    PathClass.DEVICE: rules.DESTROYS,
    PathClass.HOME: rules.WRITES_HOME,
    PathClass.OUTSIDE: rules.WRITES_OUTSIDE,
    PathClass.PARENT: rules.WRITES_OUTSIDE,
}
_DELETE = {
    PathClass.ROOT: rules.DELETES_SYSTEM,
    PathClass.CONFIG: rules.DELETES_SYSTEM,
    PathClass.PROGRAM: rules.DELETES_SYSTEM,
    PathClass.SECRET: rules.DELETES_SYSTEM,
    PathClass.STARTUP: rules.DELETES_SYSTEM,
    PathClass.DEVICE: rules.DESTROYS,
    PathClass.HOME: rules.DELETES_OUTSIDE,
    PathClass.PARENT: rules.DELETES_OUTSIDE,
}
_DELETE_TREE = {
    **_DELETE,
    PathClass.ROOT: rules.DESTROYS,
    PathClass.HOME: rules.DELETES_SYSTEM,
    PathClass.OUTSIDE: rules.DELETES_OUTSIDE,
}
_LIST = {
    PathClass.ROOT: rules.LISTS_SYSTEM,
    PathClass.CONFIG: rules.LISTS_SYSTEM,
    PathClass.SECRET: rules.LISTS_SYSTEM,
    PathClass.STARTUP: rules.LISTS_SYSTEM,
}
_PERMIT = dict.fromkeys(
    (PathClass.ROOT, PathClass.CONFIG, PathClass.PROGRAM, PathClass.SECRET, PathClass.STARTUP, PathClass.DEVICE), rules.OPENS_SYSTEM
)
_FOREIGN_FOLDERS = frozenset((PathClass.ROOT, PathClass.CONFIG, PathClass.PROGRAM, PathClass.SECRET, PathClass.STARTUP))
_SET_ID = re.compile(r"(?:^|,)[ugo]*[ug][ugoa]*[+=][rwxXt]*s|(?:^|,)\+[rwxXt]*s|^0?[2-7][0-7]{3}$|^0o[2-7][0-7]{3}$")
_WORLD = re.compile(r"^(?:0o?)?\d?[0-7]?[0-7]?[2367]$|(?:^|,)(?:a|o|ugo)?\+[rx]*w")


class Files:
    """Reads, writes, deletions, listings and changes of permission, with the content of files written on the way."""

    def __init__(self, session: Session) -> None:
        """Begin with no file written."""
        self._session = session
        self._contents: dict[str, Value] = {}
        self._links: dict[str, str] = {}
        self.directory = ""
        """Folder that the code went into, where that is not its own; empty in the work directory and below it."""

    def enter(self, path: Value) -> None:
        """Report that the code changes its folder: relative paths now mean another one."""
        for name in self._names(path)[:1]:
            kind = classify(name, self._session.work_dir)
            self.directory = name.rstrip("/") or "/" if kind in _FOREIGN_FOLDERS else ""

    def link(self, source: Value, name: Value) -> None:
        """Report that a name is made to stand for another file."""
        self.read(source)
        self.write(name)
        for target in self._names(source)[:1]:
            for spelled in self._names(name)[:1]:
                if len(self._links) < CONTENTS:
                    self._links[normalize(spelled, self._session.work_dir)] = target

    def read(self, path: Value) -> Value:
        """Report that a file is read; returns what is known of its content."""
        content = UNKNOWN
        for name in self._names(path):
            kind = classify(name, self._session.work_dir)
            self._session.use("read", name)
            self._report(_READ.get(kind), name)
            self._traversal(kind, name)
            content = join(content, self.content(name)).labeled(_READ_LABELS.get(kind, 0))
        return content

    def write(self, path: Value, content: Value = UNKNOWN, *, append: bool = False) -> None:
        """Report that a file is written, and keep its content for whoever reads or runs it."""
        if self._session.endless and append:
            self._session.report(rules.HOGS, path.text or "")
        for name in self._names(path):
            kind = classify(name, self._session.work_dir)
            self._session.use("write", name)
            self._report(_WRITE.get(kind), name)
            if kind is PathClass.PUBLIC and normalize(name).startswith(("/etc/", "/sys/", "/proc/")):
                self._report(rules.WRITES_SYSTEM, name)
            self._traversal(kind, name)
            self._keep(name, content, append=append)

    def add(self, path: Value, content: Value) -> None:
        """Keep what is added to a file that was reported as written already."""
        if self._session.endless:
            self._session.report(rules.HOGS, path.text or "")
        for name in self._names(path):
            self._keep(name, content, append=True)

    def _keep(self, name: str, content: Value, *, append: bool) -> None:
        spelled = normalize(name, self._session.work_dir)
        if append and spelled in self._contents:
            before = self._contents[spelled]
            longer = concatenate((before, content)) if before.constants and content.constants else UNKNOWN
            content = longer if longer.constants else join(before, content)
        if spelled in self._contents or len(self._contents) < CONTENTS:
            self._contents[spelled] = Value(content.constants, content.labels)

    def content(self, name: str) -> Value:
        """Return what the code itself wrote to a file."""
        return self._contents.get(normalize(self._resolved(name), self._session.work_dir), UNKNOWN)

    def delete(self, path: Value, *, tree: bool = False) -> None:
        """Report that a file is deleted, or a whole tree."""
        for name in self._names(path):
            kind = classify(name, self._session.work_dir)
            self._session.use("delete", name)
            self._report((_DELETE_TREE if tree else _DELETE).get(kind), name)
            if tree and kind is PathClass.WORK and normalize(name, self._session.work_dir) in (".", "*", "./*", ".*", "**"):
                self._report(rules.EMPTIES, name)

    def list_folder(self, path: Value) -> Value:
        """Report that a folder is listed; returns the names found."""
        for name in self._names(path):
            kind = classify(name, self._session.work_dir)
            self._session.use("list", name)
            self._report(_LIST.get(kind), name)
            self._traversal(kind, name)
        return Value((), LISTING)

    def permit(self, path: Value, mode: str = "", *, owner: bool = False) -> None:
        """Report a change of mode (as `chmod` spells it) or owner."""
        if _SET_ID.search(mode):
            self._report(rules.PRIVILEGE, mode)
        elif _WORLD.search(mode):
            self._report(rules.WIDENS, mode)
        for name in self._names(path):
            kind = classify(name, self._session.work_dir)
            self._session.use("mode", name)
            if owner or not mode or _WORLD.search(mode) or not mode.strip("0o").startswith(("6", "7", "5", "4")):
                self._report(_PERMIT.get(kind), name)

    def copy(self, source: Value, destination: Value, *, move: bool = False) -> None:
        """Report that a file is copied or moved."""
        content = self.read(source)
        self.write(destination, content)
        if move:
            self.delete(source, tree=True)

    def _names(self, path: Value) -> list[str]:
        names: list[str] = []
        for spelled in path.texts:
            if spelled and not spelled.startswith(HOLE) and "://" not in spelled[:12]:
                name = self._resolved(spelled)
                names.append(name)
                if any(c in name for c in "*?["):
                    names += matches(name)
        return names

    def _resolved(self, name: str) -> str:
        """Return what a path stands for in the present folder, links undone."""
        if self.directory and not name.startswith(("/", "~", "$", "%")):
            name = f"{self.directory.rstrip('/')}/{name}"
        if self._links:
            head, slash, rest = normalize(name, self._session.work_dir).partition("/")
            if head in self._links:
                return f"{self._links[head].rstrip('/')}{slash}{rest}"
        return name

    def _traversal(self, kind: PathClass, name: str) -> None:
        if kind is PathClass.PARENT and climbs(name) > 2:
            self._report(rules.TRAVERSES, name)

    def _report(self, rule: Rule | None, name: str) -> None:
        if rule is not None:
            self._session.report(rule, name)

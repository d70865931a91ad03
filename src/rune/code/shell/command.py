"""One command of a shell script, with its words expanded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rune.code.values import UNKNOWN, Value, concatenate, join, text

if TYPE_CHECKING:
    from rune.code.session import Session
    from rune.code.shell.interpreter import Shell


@dataclass(frozen=True, slots=True)
class Command:
    """A program start as the tables of programs see it."""

    shell: Shell
    name: str
    """Name of the program without its folder, in lower case."""
    words: Sequence[Value]
    """Everything after the name."""
    stdin: Value | None = None
    """What it reads; None when nothing was connected to it."""
    linked: tuple[str, ...] = field(default=())
    """Operators of its redirections that duplicate a descriptor: `<&`, `>&`."""

    @property
    def session(self) -> Session:
        """The analysis it belongs to."""
        return self.shell.session

    @property
    def input(self) -> Value:
        """What it reads, UNKNOWN included."""
        return self.stdin if self.stdin is not None else UNKNOWN

    def rest(self, start: int) -> Command:
        """Return the command that begins at one of its words, as `sudo` and its like start it."""
        words = self.words[start:]
        return replace(self, name=program_name(words[0]) if words else "", words=words[1:])

    def options(self) -> str:
        """Return the letters of all short options, one after another."""
        return "".join(word.text[1:] for word in self.words if word.text and word.text.startswith("-") and not word.text.startswith("--"))

    def has(self, *names: str) -> bool:
        """Tell whether one of these options or words is given."""
        return any(word.text in names for word in self.words)

    def value_of(self, *names: str) -> Value | None:
        """Return what follows an option, as the next word, after `=` or glued to a short option; None when it is not given."""
        for position, word in enumerate(self.words):
            spelled = word.text or ""
            if spelled in names:
                return self.words[position + 1] if position + 1 < len(self.words) else UNKNOWN
            for name in names:
                glued = spelled.startswith(name + "=") or (len(name) == 2 and spelled.startswith(name) and not spelled.startswith("--"))
                if glued:
                    return word._replace(constants=tuple(w[len(name) :].lstrip("=") for w in word.texts if w.startswith(name)))
        return None

    def operands(self, *valued: str) -> list[Value]:
        """Return the words that are no options; `valued` names the options that take the next word."""
        found: list[Value] = []
        skip = plain = False
        for word in self.words:
            spelled = word.text or ""
            if skip:
                skip = False
            elif plain or not spelled.startswith("-") or spelled == "-":
                found.append(word)
            elif spelled == "--":
                plain = True
            else:
                skip = spelled in valued
        return found


def program_name(word: Value) -> str:
    """Return the name of the program a word starts, without folder and `.exe`."""
    spelled = (word.text or "").strip()
    return spelled.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".exe").lower()


def spaced(words: Iterable[Value]) -> Value:
    """Return the text of words with blanks between them."""
    parts: list[Value] = []
    for word in words:
        parts += [text(" "), word] if parts else [word]
    return concatenate(parts)


def merged(values: Iterable[Value]) -> Value:
    """Return a value that is any of these."""
    found = UNKNOWN
    for value in values:
        found = join(found, value)
    return found

"""Reads a pattern's structure: how long a match can be, and whether every match contains one of some literals.

Both are facts the backends rely on: a literal that a match may lack would hide that match from the backend that looks for literals first.
The syntax is the one RE2 and Hyperscan share; a pattern comes here after RE2 has accepted it.
"""

from __future__ import annotations

import functools
import string
from collections.abc import Iterable
from dataclasses import dataclass

_SMALL_SET = 12
"""Characters a class may have to be tried one by one; a larger one may match anything."""
_REPEATS = 4
"""Times a repeated part is followed; more often leads nowhere new unless a literal repeats itself."""
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}


@dataclass(frozen=True, slots=True)
class Characters:
    """One character out of a few, in lower case; out of very many when `few` is None."""

    few: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part after the other; without parts, a place such as a word boundary."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part from `least` to `most` times; any number of times when `most` is None."""

    part: Node
    least: int
    most: int | None


Node = Characters | Sequence | Choice | Repeat


def parse(pattern: bytes | str) -> Node:
    """Return the structure of a pattern as `rune.scan.expression` writes it, byte by byte; raises ValueError when it cannot be read."""
    try:
        return _Parser(_bytewise(pattern)).whole()
    except (IndexError, RecursionError) as error:
        raise ValueError("a bracket or escape does not end, or groups are nested too deeply") from error


def longest(node: Node) -> int | None:
    """Return how many bytes of UTF-8 the longest match has; None when there is no longest."""
    if isinstance(node, Characters):
        return 1
    if isinstance(node, Repeat):
        once = longest(node.part)
        return 0 if once == 0 else None if once is None or node.most is None else once * node.most
    lengths = [longest(part) for part in node.parts]
    known = [length for length in lengths if length is not None]
    if len(known) < len(lengths):
        return None
    return sum(known) if isinstance(node, Sequence) else max(known)


def uncovered(node: Node, literals: Iterable[bytes | str]) -> str | None:
    """Return a match that contains none of `literals`, `.` standing for any character; None if every match contains one.

    Args:
        node: Structure of the pattern.
        literals: Texts in lower case, of which the UTF-8 is meant; a space in one stands for any run of whitespace.
    """
    ways = _Coverage(tuple(map(_bytewise, literals))).after(node, {"": ""})
    return min(ways.values(), key=len) if ways else None


def _bytewise(text: bytes | str) -> str:
    return (text if isinstance(text, bytes) else text.encode()).decode("latin-1")


@functools.lru_cache(maxsize=256)
def _one(character: str) -> Characters:
    return Characters(frozenset(_small(character)))


def _small(character: str) -> str:
    """Case is folded in ASCII only: another byte is a part of a character."""
    return character.lower() if character.isascii() else character


class _Coverage:
    """Follows all ways through a pattern at once and drops each that has met a literal.

    A way is the text read so far, told apart from others only by how much of a literal it ends with (the states of Aho and Corasick's
    automaton), so that there are never more ways than the literals have characters.
    """

    def __init__(self, literals: tuple[str, ...]) -> None:
        self._literals = literals
        self._prefixes = {literal[:length] for literal in literals for length in range(len(literal))}
        self._steps: dict[tuple[str, str], str | None] = {}

    def after(self, node: Node, ways: dict[str, str]) -> dict[str, str]:
        """Return the ways that have met no literal behind `node`: what each ends with, and an example of its whole text."""
        if not ways:
            return ways
        if isinstance(node, Sequence):
            for part in node.parts:
                ways = self.after(part, ways)
            return ways
        if isinstance(node, Choice):
            return _freest(way for part in node.parts for way in self.after(part, ways).items())
        if isinstance(node, Repeat):
            return self._repeated(node, ways)
        # A character that may be anything can end every literal begun so far, which leaves the most ways open.
        return {"": min(ways.values(), key=len) + "."} if node.few is None else self._read(node.few, ways)

    def _repeated(self, node: Repeat, ways: dict[str, str]) -> dict[str, str]:
        for _ in range(min(node.least, _REPEATS)):
            ways = self.after(node.part, ways)
        reached = ways
        for _ in range(_REPEATS if node.most is None else min(node.most - node.least, _REPEATS)):
            ways = self.after(node.part, ways)
            reached = _freest([*reached.items(), *ways.items()])
        return reached

    def _read(self, characters: frozenset[str], ways: dict[str, str]) -> dict[str, str]:
        steps = ((self._step(end, character), text + character) for end, text in ways.items() for character in sorted(characters))
        return _freest((end, text) for end, text in steps if end is not None)

    def _step(self, end: str, character: str) -> str | None:
        """Return what a way that ended with `end` ends with behind `character`; None when it has met a literal."""
        character = " " if character in _SPACES else character
        if character == " " and end.endswith(" "):
            return end
        if (end, character) not in self._steps:
            text = end + character
            met = any(text.endswith(literal) for literal in self._literals)
            kept = next(text[start:] for start in range(len(text) + 1) if text[start:] in self._prefixes)
            self._steps[end, character] = None if met else kept
        return self._steps[end, character]


def _freest(ways: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Keep one way for each ending, and only the one that has begun no literal if there is one: it avoids whatever another can avoid."""
    found: dict[str, str] = {}
    for end, text in ways:
        if end not in found or len(text) < len(found[end]):
            found[end] = text
    return {"": found[""]} if "" in found else found


class _Parser:
    """Recursive descent over the pattern text."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0

    def whole(self) -> Node:
        node = self.choice()
        if self._at < len(self._text):
            raise ValueError("a group ends that did not start")
        return node

    def choice(self) -> Node:
        parts = [self._sequence()]
        while self._take("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        text, end = self._text, len(self._text)
        while self._at < end and text[self._at] not in "|)":
            atom = self._atom()
            parts.append(self._quantified(atom) if self._at < end and text[self._at] in "*+?{" else atom)
        return Sequence(tuple(parts))

    def _take(self, token: str) -> bool:
        found = self._text.startswith(token, self._at)
        self._at += len(token) if found else 0
        return found

    def _next(self) -> str:
        self._at += 1
        return self._text[self._at - 1]

    def _until(self, end: str) -> str:
        start, self._at = self._at, self._text.index(end, self._at) + len(end)
        return self._text[start : self._at - len(end)]

    def _atom(self) -> Node:
        character = self._next()
        if character in "([\\":
            return self._group() if character == "(" else self._class() if character == "[" else self._escaped()
        if character in "^$":
            return Sequence()
        return _ANY if character == "." else _one(character)

    def _quantified(self, node: Node) -> Node:
        while True:
            if self._take("*"):
                node = Repeat(node, 0, None)
            elif self._take("+"):
                node = Repeat(node, 1, None)
            elif self._take("?"):
                node = Repeat(node, 0, 1)
            elif counted := self._counts():
                node = Repeat(node, *counted)
            else:
                return node
            self._take("?")  # lazy: the same texts match

    def _counts(self) -> tuple[int, int | None] | None:
        end = self._text.find("}", self._at)
        if not self._text.startswith("{", self._at) or end < 0:
            return None
        least, comma, most = self._text[self._at + 1 : end].partition(",")
        if not least.isdigit() or (most and not most.isdigit()):
            return None
        self._at = end + 1
        return int(least), int(most) if most else (None if comma else int(least))

    def _group(self) -> Node:
        if self._take("?P<") or self._take("?<"):
            self._until(">")
        elif self._take("?"):
            while self._text[self._at] not in ":)":
                self._at += 1
            if self._take(")"):
                return Sequence()
            self._take(":")
        node = self.choice()
        self._take(")")
        return node

    def _escaped(self) -> Node:
        character = self._next()
        if character in "bBAzZ":
            return Sequence()
        if character in "wWdDsSC":
            return Characters(_SPACES if character == "s" else None)
        if character in "pP":
            self._until("}") if self._take("{") else self._next()
            return Characters(None)
        return _one(self._single(character))

    def _single(self, character: str) -> str:
        """Return what a backslash before `character` stands for."""
        if character == "x":
            digits = self._until("}") if self._take("{") else self._next() + self._next()
            return chr(int(digits, 16))
        if character in string.octdigits:
            while self._at < len(self._text) and self._text[self._at] in string.octdigits:
                character += self._next()
            return chr(int(character, 8))
        return _CONTROLS.get(character, character)

    def _class(self) -> Node:
        negated = self._take("^")
        members: set[str] = set()
        many, first = negated, True
        while first or not self._take("]"):
            first = False
            if self._take("[:"):
                self._until(":]")
                many = True
                continue
            low = self._member()
            high = self._member() if self._text.startswith("-", self._at) and self._text[self._at + 1] != "]" and self._take("-") else low
            many = many or low is None or high is None or ord(high) - ord(low) > _SMALL_SET
            if not many and low is not None and high is not None:
                members |= {_small(chr(point)) for point in range(ord(low), ord(high) + 1)}
        return Characters(None if many or len(members) > _SMALL_SET else frozenset(members))

    def _member(self) -> str | None:
        """Return one character of a class; None for an escape that stands for many."""
        character = self._next()
        if character != "\\":
            return character
        character = self._next()
        return None if character in "wWdDsS" else self._single(character)


_SPACES = frozenset(" \t\n\r\f")
_ANY = Characters(None)

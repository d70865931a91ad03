r"""The form in which both backends get a pattern: UTF-8 bytes, folded like the text they are matched against.

A pattern may be written in any script. Its characters are folded as texts are: `ü` matches what was `ü` and is `u`, `И` what was `и`. A
character without an ASCII form is several bytes; it is grouped, so that a quantifier takes all of it, and exempt from case folding,
which for bytes differs between RE2 (Latin-1) and Hyperscan (ASCII).

A pattern that holds such a character is read by characters, not bytes: a class may hold letters of any script, `\w` takes every one of
them, and where `.`, `\w` or a negated class may stand `n` times, `n` characters fit. A word boundary knows ASCII words only, so it may not
stand beside another letter.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator

from rune.scan.characters import fold

CLASS_CHARACTERS = 32_768
"""Characters one class may hold; all Chinese characters in daily use fit."""

_CHARACTER_BYTES = 3
"""Most characters outside ASCII have two bytes of UTF-8 or three; a gap of n characters gets n times as many."""
_LONGEST_CHARACTER = 4

_CLASS = re.compile(r"\\.|(\[\^?\]?(?:\\.|\[:[a-z^]+:\]|[^\]\\])*\])", re.DOTALL)
_TOKEN = re.compile(
    r"""(?P<opening>\(\?[^:)]*[:)]|\()
    |(?P<part>\\x\{[0-9A-Fa-f]+\}|\\x[0-9A-Fa-f]{2}|\\[pP]\{\w+\}|\\.|\[\^?\]?(?:\\.|\[:[a-z^]+:\]|[^\]\\])*\]|.)
    (?P<times>\{\d+(?:,\d*)?\}|[*+?])?""",
    re.DOTALL | re.VERBOSE,
)
_COUNTS = re.compile(r"\{(\d+)(,?)(\d*)\}")
_BESIDE_BOUNDARY = re.compile(r"\\[bB](?P<after>[^\x00-\x7f])|(?P<before>[^\x00-\x7f])\\[bB]")
_ANYTHING = {".": r"[^\n]", r"\w": r"[\w\x80-\xff]", r"\S": r"\S", r"\D": r"\D"}
_ASCII_ONLY = {r"\W": r"[^\w\x80-\xff]"}


@functools.lru_cache(maxsize=1_024)
def expression(pattern: str) -> bytes:
    """Return the bytes to compile; raises ValueError, saying why, when the two backends would not agree on the pattern."""
    if "\\Q" in pattern:
        raise ValueError(r"write it without `\Q`, which hides where a class or group ends")
    if pattern.isascii():
        return pattern.encode()
    plain = all(fold(character).isascii() for character in pattern)
    return ("".join(map(_folded, pattern)) if plain else "".join(_by_characters(pattern))).encode("utf-8")


def folded(literal: str) -> bytes:
    """Return the bytes that a literal leaves in a folded text, in lower case."""
    return "".join(map(fold, literal)).lower().encode("utf-8")


def _folded(character: str) -> str:
    if character.isascii():
        return character
    plain = fold(character)
    if not plain.isascii():
        return f"(?-i:{plain})"
    return "".join(part if part.isalnum() or part == " " else f"\\{part}" for part in plain)


def _by_characters(pattern: str) -> Iterator[str]:
    _check_boundaries(pattern)
    for token in _TOKEN.finditer(pattern):
        part, times = token["part"], token["times"] or ""
        if part is None:
            yield token["opening"]
        elif part in _ANYTHING or part.startswith("[^"):
            yield _negated(part) + _stretched(times)
        elif part.startswith("[") and len(part) > 1:
            yield _members(part, times)
        else:
            yield (_ASCII_ONLY.get(part) or "".join(map(_folded, part))) + times


def _check_boundaries(pattern: str) -> None:
    for beside in _BESIDE_BOUNDARY.finditer(pattern):
        letter = beside["after"] or beside["before"]
        if not fold(letter).isascii():
            raise ValueError(f"a word boundary beside `{letter}` knows ASCII words only; leave it out, or ask for a space or a sign")


def _negated(part: str) -> str:
    r"""Return the bytes that `.`, `\w` or a negated class takes; the bytes of another script are all taken."""
    if any(not fold(character).isascii() for character in part):
        raise ValueError(f"the class `{part}` leaves out a character that has no ASCII form; name what may stand there instead")
    return _ANYTHING.get(part) or "".join(map(_folded, part))


def _stretched(times: str) -> str:
    """Return a quantifier of characters as one of bytes."""
    if times in {"*", "+"}:
        return times
    if times in {"", "?"}:
        return f"{{{0 if times else 1},{_LONGEST_CHARACTER}}}"
    counts = _COUNTS.fullmatch(times)
    least, comma, most = counts.groups() if counts else ("", "", "")
    if comma and not most:
        return times
    return f"{{{least},{max(int(most or least) * _CHARACTER_BYTES, _LONGEST_CHARACTER)}}}"


def _members(part: str, times: str) -> str:
    r"""Return a class as a choice: its ASCII members, and the UTF-8 of the others; `\w` in it takes every letter."""
    ascii_members, others = _divided(part)
    if r"\w" in ascii_members:
        return f"[{''.join(ascii_members)}\\x80-\\xff]" + _stretched(times)
    plain = f"[{''.join(ascii_members)}]"
    if not others:
        return plain + times
    choices = [plain] if ascii_members else []
    choices += [f"(?-i:{spelled})" for spelled in _spellings(others)]
    return f"(?:{'|'.join(choices)}){times}"


_MEMBER = re.compile(r"\[:[a-z^]+:\]|\\x\{[0-9A-Fa-f]+\}|\\x[0-9A-Fa-f]{2}|\\.|.", re.DOTALL)


def _divided(part: str) -> tuple[list[str], set[str]]:
    """Return the members of a class that are ASCII when folded, as they stand, and the others."""
    members = _MEMBER.findall(part[1:-1])
    plain: list[str] = []
    others: set[str] = set()
    while members:
        first = members.pop(0)
        ranged = len(members) > 1 and members[0] == "-"
        last = members[1] if ranged else first
        del members[: 2 if ranged else 0]
        if first.isascii() and last.isascii():
            plain.append(f"{first}-{last}" if ranged else first)
            continue
        if first.isascii() or ord(last) - ord(first) not in range(CLASS_CHARACTERS):
            raise ValueError(f"the class `{part[:40]}` holds the range `{first}-{last}`; give one script's range, not longer than a script")
        for point in range(ord(first), ord(last) + 1):
            spelled = fold(chr(point))
            if not spelled.isascii():
                others.add(spelled)
            elif spelled:
                plain.append(re.escape(spelled))
    return plain, others


def _spellings(characters: Iterable[str]) -> list[str]:
    """Return patterns over bytes that together match exactly the UTF-8 of these characters; what differs in one byte only is joined."""
    open_ends = {(character.encode(), "") for character in characters}
    finished: list[str] = []
    while open_ends:
        joined: dict[tuple[bytes, str], set[int]] = {}
        for head, tail in open_ends:
            joined.setdefault((head[:-1], tail), set()).add(head[-1])
        spelled = {(head, _byte_class(sorted(last)) + tail) for (head, tail), last in joined.items()}
        finished += [tail for head, tail in spelled if not head]
        open_ends = {(head, tail) for head, tail in spelled if head}
    return sorted(finished)


def _byte_class(members: list[int]) -> str:
    """Return a class of these bytes, given in order."""
    if len(members) == 1:
        return f"\\x{members[0]:02x}"
    starts = [byte for byte in members if byte - 1 not in members]
    ends = [byte for byte in members if byte + 1 not in members]
    ranges = (rf"\x{low:02x}-\x{high:02x}" for low, high in zip(starts, ends, strict=True))
    return f"[{''.join(ranges)}]"

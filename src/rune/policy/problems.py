"""Everything that is wrong with a policy, collected so that one look at the file is enough."""

from __future__ import annotations

from collections.abc import Iterable

from rune.errors import PolicyError

SHOWN = 25
"""Problems listed; the rest are counted."""
VALUE_CHARS = 60


class Problems:
    """Collects problems with their places and raises them together."""

    def __init__(self) -> None:
        self._found: list[tuple[int, str]] = []

    def add(self, place: str, problem: str) -> None:
        """Note a problem; it is a sentence without its full stop."""
        line = place.rpartition(":")[2]
        self._found.append((int(line) if line.isdecimal() else 0, f"{place}: {problem}."))

    def unknown(self, place: str, what: str, value: object, known: Iterable[str], where: str = "") -> None:
        """Note a word that is none of the known ones: `what` it is, and in which part of the policy."""
        choices = list(known)
        close = closest(str(value), choices)
        hint = f"did you mean `{close}`? Use" if close else "use"
        self.add(place, f"unknown {what} {quoted(value)}{f' in {where}' if where else ''}; {hint} one of {', '.join(choices)}")

    def raise_if_any(self) -> None:
        """Raise what was collected, in the order of the lines.

        Raises:
            PolicyError: at least one problem was noted; one line each.
        """
        lines = [problem for _, problem in sorted(self._found, key=lambda found: found[0])]
        if lines:
            more = [f"... and {len(lines) - SHOWN} more problems."] if len(lines) > SHOWN else []
            raise PolicyError("\n".join(lines[:SHOWN] + more))


def printable(value: object, limit: int) -> str:
    """Return a value for an error message: at most `limit` characters, nothing that a terminal would act on."""
    text = str(value)
    shown = text[:limit] if text[:limit].isprintable() else ascii(text[:limit])[1:-1]
    return f"{shown}..." if len(text) > limit else shown


def quoted(value: object) -> str:
    """Return a value of a policy in backticks, short and printable."""
    return f"`{printable(value, VALUE_CHARS)}`"


def closest(word: str, known: Iterable[str]) -> str:
    """Return the known word that somebody who wrote `word` may have meant; empty when none is close."""
    import difflib  # noqa: PLC0415 - only a policy with a mistake in it needs this

    return next(iter(difflib.get_close_matches(word.lower()[:VALUE_CHARS], list(known), 1)), "")

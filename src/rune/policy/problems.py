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
        self._found: list[str] = []

    def add(self, place: str, problem: str) -> None:
        """Note a problem; it is a sentence without its full stop."""
        self._found.append(f"{place}: {problem}.")

    def unknown(self, place: str, what: str, value: object, known: Iterable[str], where: str = "") -> None:
        """Note a word that is none of the known ones: `what` it is, and in which part of the policy."""
        choices = list(known)
        close = closest(str(value), choices)
        hint = f"did you mean `{close}`? Use" if close else "use"
        self.add(place, f"unknown {what} {quoted(value)}{f' in {where}' if where else ''}; {hint} one of {', '.join(choices)}")

    def raise_if_any(self) -> None:
        """Raise what was collected.

        Raises:
            PolicyError: at least one problem was noted; one line each.
        """
        if self._found:
            more = len(self._found) - SHOWN
            raise PolicyError("\n".join((*self._found[:SHOWN], *((f"... and {more} more problems.",) if more > 0 else ()))))


def quoted(value: object) -> str:
    """Return a value of a policy for an error message: in backticks, short, printable."""
    text = value if isinstance(value, str) else str(value)
    shown = ascii(text[:VALUE_CHARS])[1:-1] if not text[:VALUE_CHARS].isprintable() else text[:VALUE_CHARS]
    return f"`{shown}{'...' if len(text) > VALUE_CHARS else ''}`"


def closest(word: str, known: Iterable[str]) -> str:
    """Return the known word that somebody who wrote `word` may have meant; empty when none is close."""
    import difflib  # noqa: PLC0415 - only a policy with a mistake in it needs this

    return next(iter(difflib.get_close_matches(word.lower()[:VALUE_CHARS], list(known), 1)), "")

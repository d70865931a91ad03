"""google-re2: runs wherever Hyperscan has no wheel, in linear time on any input.

One pass looks for the literals of all rules (about 200 MB/s on unseen text). Only the rules of those found are tried, beside the few whose
literals a match may lack.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import re2

from rune.scan.expression import expression, folded
from rune.scan.rule import Rule
from rune.scan.syntax import parse, uncovered

_MEMORY = 64 << 20
"""Bytes the literal automaton may use; with less it forgets its states on every unusual text and slows down tenfold."""


class Re2Backend:
    """A set of literals and the rules that each of them opens."""

    name = "re2"

    def __init__(self, rules: Sequence[Rule], kept: bytes = b"") -> None:
        """Compile the literals of the rules; `kept` is not needed."""
        del kept
        owners: dict[bytes, list[int]] = {}
        self._always: list[int] = []
        for position, rule in enumerate(rules):
            literals = [folded(literal) for literal in rule.literal]
            if uncovered(parse(expression(rule.pattern)), literals) is not None:
                self._always.append(position)
                continue
            for literal in literals:
                owners.setdefault(literal, []).append(position)
        self._literals = _set(owners)
        self._owners = list(owners.values())

    def candidates(self, data: bytes) -> list[tuple[int, int]]:
        """Return every rule of which a literal occurs, whitespace being as good as a space."""
        found = self._literals.Match(b" %b " % b" ".join(data.split())) or ()
        opened = set(chain(self._always, *[self._owners[index] for index in found]))
        return [(rule, -1) for rule in sorted(opened)]

    def dump(self) -> bytes:
        """Return nothing: compiling takes milliseconds."""
        return b""


def _set(literals: Iterable[bytes]) -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.case_sensitive = False
    options.literal = True
    options.max_mem = _MEMORY
    found = re2.Set.SearchSet(options)
    for literal in literals:
        found.Add(literal)
    found.Compile()
    return found

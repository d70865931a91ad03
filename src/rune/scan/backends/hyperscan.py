"""Hyperscan (Vectorscan): every signature in one SIMD pass, the fastest backend by far."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import hyperscan

from rune.errors import RuleError
from rune.scan.backends.database import Database
from rune.scan.cache import packed, unpacked
from rune.scan.expression import expression
from rune.scan.rule import Rule

PARTS = 4
"""Databases the rules are divided into. Compiling them beside each other takes a third of the time of one; scanning takes as long."""


class HyperscanBackend:
    """A few compiled databases."""

    name = "hyperscan"

    def __init__(self, rules: Sequence[Rule], kept: bytes = b"") -> None:
        """Load the databases `kept` by an earlier `dump`, or compile the rules.

        Raises:
            RuleError: a pattern uses syntax that Hyperscan does not know.
            hyperscan.error: `kept` is not of this version and processor, or the processor is not supported.
        """
        self._databases = [Database.loaded(part) for part in unpacked(kept)] if kept else _compiled(rules)

    def candidates(self, data: bytes) -> list[tuple[int, int]]:
        """Return every rule that matches, with the end of its first match."""
        return sorted(match for database in self._databases for match in database.scan(data))

    def dump(self) -> bytes:
        """Return the serialized databases; they fit this library version and processor only."""
        return packed([database.dump() for database in self._databases])


def _compiled(rules: Sequence[Rule]) -> list[Database]:
    """Compile every `PARTS`-th rule together; the library works without the interpreter's lock, so the parts share the processors."""
    numbered = list(enumerate(rules))
    parts = [part for first in range(PARTS) if (part := numbered[first::PARTS])]
    try:
        with ThreadPoolExecutor(min(len(parts), os.cpu_count() or 1)) as pool:
            return list(pool.map(_database, parts))
    except hyperscan.error:
        for rule in rules:
            _check(rule)
        raise


def _check(rule: Rule) -> None:
    try:
        _database([(0, rule)])
    except hyperscan.error as error:
        raise RuleError(f"{rule.at('pattern')} is `{rule.pattern[:80]}`; Hyperscan cannot use it ({error}).") from error


def _database(rules: Sequence[tuple[int, Rule]]) -> Database:
    patterns = [(number, expression(rule.pattern)) for number, rule in rules]
    return Database.compiled(patterns, caseless=[not rule.case_sensitive for _, rule in rules])

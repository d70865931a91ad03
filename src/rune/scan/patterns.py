"""Confirms what a backend suspects and finds where it stands, always with RE2, so that every backend gives the same findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from rune.errors import RuleError
from rune.scan.expression import expression
from rune.scan.rule import Rule
from rune.scan.syntax import longest, parse

OCCURRENCES = 32
"""Spans reported of one secret rule in one view; the last one reaches to the end of the last occurrence, so that redaction covers all."""
COUNTED = 10
"""Occurrences counted of any other rule ..."""
COUNTED_BYTES = 2_000
"""... within this distance of the first."""

_NEAR = 4_096
"""Up to here a text is read from its beginning: how wide a pattern is takes longer to compute than reading so little."""
_MEMORY = 2 << 20
"""Bytes one compiled pattern may use; a hostile text can make every pattern use all of it."""


class Patterns:
    """The patterns of a sequence of rules, compiled when first needed."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Keep the rules; nothing is compiled yet."""
        self._rules = rules
        self._compiled: list[Pattern | None] = [None] * len(rules)

    def compile(self) -> None:
        """Compile every pattern now; raises RuleError for the first that RE2 cannot use."""
        for position in range(len(self._rules)):
            self[position].width  # noqa: B018 - whoever compiles wants to know that it can be computed

    def __getitem__(self, position: int) -> Pattern:
        compiled = self._compiled[position]
        if compiled is None:
            compiled = self._compiled[position] = Pattern(self._rules[position])
        return compiled


class Pattern:
    """One rule's pattern."""

    def __init__(self, rule: Rule) -> None:
        import re2  # noqa: PLC0415 - only a process that scans pays for it

        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.case_sensitive = rule.case_sensitive
        options.never_capture = True
        options.log_errors = False
        options.max_mem = _MEMORY
        try:
            self._pattern = re2.compile(expression(rule.pattern), options)
        except re2.error as error:
            reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else error
            raise RuleError(f"{rule.at('pattern')} is `{rule.pattern[:80]}`; RE2 cannot use it ({reason}).") from error
        if self._pattern.search(b"") is not None:
            raise RuleError(f"{rule.at('pattern')} is `{rule.pattern[:80]}`; it matches the empty text, so require at least one character.")
        self._rule = rule
        self._every = rule.mask

    @cached_property
    def width(self) -> int | None:
        """Bytes of the longest match, None without a bound; raises RuleError when the pattern's structure cannot be read."""
        rule = self._rule
        try:
            return longest(parse(expression(rule.pattern)))
        except ValueError as error:
            raise RuleError(f"{rule.at('pattern')} is `{rule.pattern[:80]}`; its structure cannot be read ({error}).") from error

    def spans(self, data: bytes, end: int) -> list[tuple[int, int]]:
        """Return the byte ranges where the rule matches, in order: all of a secret, the first few of any other; empty when none.

        Args:
            data: The text as UTF-8.
            end: Where the earliest match ends, or an offset before that; -1 if unknown. No match can start further back than the
                longest match is long, so reading starts there.
        """
        start = max(end - self.width, 0) if end > _NEAR and self.width is not None else 0
        first = self._search(data, start, len(data))
        if first is None:
            return []
        if self._every:
            return _bounded([first, *self._following(data, first[1], len(data))])
        return [first, *islice(self._following(data, first[1], min(first[1] + COUNTED_BYTES, len(data))), COUNTED - 1)]

    def _following(self, data: bytes, position: int, limit: int) -> Iterator[tuple[int, int]]:
        while (match := self._search(data, position, limit)) is not None:
            yield match
            position = match[1]

    def _search(self, data: bytes, start: int, end: int) -> tuple[int, int] | None:
        match: Any = self._pattern.search(data, start, end)
        return match.span() if match is not None and match.end() > match.start() else None


def _bounded(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    if len(spans) <= OCCURRENCES:
        return spans
    return [*spans[: OCCURRENCES - 1], (spans[OCCURRENCES - 1][0], spans[-1][1])]

"""One linear pass that tells where something may begin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_COUNT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_ENOUGH = 6
_MEMORY = 16 << 20


class Gate:
    """A union of patterns, compiled with RE2 when first used: linear on every text, and nearly free on those where nothing begins.

    Args:
        patterns: regular expressions over bytes, in the syntax RE2 shares with `re`.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._source = "|".join(f"(?:{pattern})" for pattern in patterns)
        self._compiled: Any = None

    def opens(self, data: bytes) -> bool:
        """Return whether anything may begin in `data`."""
        return (self._compiled or self._compile()).search(data) is not None

    def next(self, data: bytes, position: int) -> int:
        """Return where the first candidate at or after `position` begins; -1 when there is none."""
        match = (self._compiled or self._compile()).search(data, position)
        return -1 if match is None else match.start()

    def _compile(self) -> Any:
        import re2  # noqa: PLC0415 - only a process that scans pays for it

        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.never_capture = True
        options.log_errors = False
        options.max_mem = _MEMORY
        self._compiled = re2.compile(self._source.encode("latin-1"), options)
        return self._compiled


def shortened(pattern: str) -> str:
    """Return a pattern that matches wherever `pattern` does and needs to count less far, which keeps a gate small and fast."""
    return _COUNT.sub(_count, pattern)


def _count(match: re.Match[str]) -> str:
    low, high = int(match[1]), match[2]
    if low > _ENOUGH:
        return f"{{{_ENOUGH},}}"
    return f"{{{low},}}" if high and int(high) > 2 * _ENOUGH else match[0]

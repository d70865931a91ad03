"""Reports of code that was read before."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from rune.code.report import CodeReport

REPORTS = 256
"""Reports kept; the one not used for longest goes first."""


class ReportCache:
    """A bounded map from what was analyzed to its report; safe to share between threads."""

    def __init__(self, size: int = REPORTS) -> None:
        """Begin empty."""
        self._size = size
        self._lock = Lock()
        self._reports: OrderedDict[Hashable, CodeReport] = OrderedDict()

    def get(self, key: Hashable) -> CodeReport | None:
        """Return the report stored under a key, or None."""
        with self._lock:
            report = self._reports.get(key)
            if report is not None:
                self._reports.move_to_end(key)
            return report

    def put(self, key: Hashable, report: CodeReport) -> None:
        """Store a report, in place of the one unused for longest when there is no room."""
        with self._lock:
            self._reports[key] = report
            self._reports.move_to_end(key)
            if len(self._reports) > self._size:
                self._reports.popitem(last=False)

    def clear(self) -> None:
        """Forget every report."""
        with self._lock:
            self._reports.clear()

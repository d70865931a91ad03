"""Reports of code that was read before."""

from __future__ import annotations

import threading

from rune.code import CodeReport
from rune.code.cache import ReportCache


def report(number: int) -> CodeReport:
    return CodeReport("python", str(number))


def test_the_oldest_unused_report_goes_first() -> None:
    cache = ReportCache(2)
    cache.put("a", report(1))
    cache.put("b", report(2))
    assert cache.get("a") == report(1)
    cache.put("c", report(3))
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (report(1), None, report(3))


def test_it_can_be_emptied() -> None:
    cache = ReportCache()
    cache.put("a", report(1))
    cache.clear()
    assert cache.get("a") is None


def test_threads_share_it() -> None:
    cache = ReportCache(8)

    def work(start: int) -> None:
        for number in range(start, start + 300):
            cache.put(number % 16, report(number))
            cache.get(number % 16)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(cache.get(key) is not None for key in range(16)) == 8

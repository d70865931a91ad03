"""The thread that writes the transcript: takes what waits, commits it in groups, counts what it could not keep."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from rune.errors import TranscriptError
from rune.policy.kept import ContentMode
from rune.transcript import record
from rune.transcript.backlog import Backlog, Entry
from rune.transcript.chain import BusyError, Chain
from rune.transcript.fork import Gate
from rune.types import Message, Verdict

log = logging.getLogger("rune.transcript")

BATCH = 500
GATHER_SECONDS = 0.005
"""How long the first of a group waits for others: one commit to disk costs as much as writing hundreds of records."""
EVIDENCE_SECONDS = 0.05
"""How long the agents wait at most until a decision that stopped or released something is on disk."""
RETRY_SECONDS = 1.0
BUSY_PATIENCE = 5.0
BUSY_PAUSE = 0.001
"""Between two attempts; without it a waiting fork might never get its turn."""


class Writer:
    """Keeps decisions for one file; never raises into the agents and never makes them wait longer than `EVIDENCE_SECONDS`.

    Args:
        path: the transcript.
        mode: what of the content is kept.
        backlog: the bounded queue in front of the thread.
    """

    def __init__(self, path: Path, mode: ContentMode, backlog: Backlog | None = None) -> None:
        self._path, self._mode = path, mode
        self._chain = Chain(path)
        self._gate = Gate(before=self._chain.close, child=self._begin_in_child)
        self._begin(Backlog() if backlog is None else backlog)

    def _begin(self, backlog: Backlog) -> None:
        self._changed = threading.Condition()
        self._backlog = backlog
        self._retry: list[Entry] = []
        self._accepted = self._done = 0
        self._counts: Counter[str] = Counter()
        self._thread: threading.Thread | None = None
        self._idle = self._urgent = self._closing = self._failing = False
        self._usable = True

    def _begin_in_child(self, usable: bool) -> None:  # noqa: FBT001 - the signature a gate calls
        """Start with nothing waiting: what waits belongs to the parent, which writes it."""
        self._begin(Backlog())
        self._usable = usable
        if not usable:
            log.error("rune: transcript `%s`: the process forked in the middle of a commit; the child keeps no transcript", self._path)

    def submit(self, message: Message, verdict: Verdict, event: str, *, evidence: bool) -> None:
        """Hand over one decision; with `evidence`, wait a bounded time until it is on disk."""
        entry = Entry(message, verdict, event, time.time())
        with self._changed:
            self._counts["submitted"] += 1
            if not self._usable or not self._backlog.put(entry):
                self._lose()
                return
            self._accepted += 1
            if self._thread is None:
                self._start()
            if evidence:
                self._wait_for_disk(self._accepted)
            elif self._idle or len(self._backlog) == BATCH:
                self._changed.notify_all()

    def flush(self, seconds: float) -> bool:
        """Wait until everything handed over so far is on disk; False when it is not after `seconds`, or cannot be written."""
        with self._changed:
            return self._wait(self._accepted, seconds)

    def close(self, seconds: float) -> bool:
        """Write what waits, stop the thread and close the file; False when something could not be written."""
        with self._changed:
            thread, self._closing = self._thread, True
            self._changed.notify_all()
        if thread is not None and thread is not threading.current_thread():
            thread.join(seconds)
        with self._changed:
            left = self._accepted - self._done
            if left:
                log.error("rune: transcript `%s`: %d records could not be written before the end", self._path, left)
        return left == 0

    def counters(self) -> dict[str, int]:
        """Return `submitted`, `recorded`, `queued`, `lost`, `failures` (commits that failed) and `late` (evidence that had to wait on)."""
        with self._changed:
            fixed = dict.fromkeys(("submitted", "recorded", "lost", "failures", "late"), 0)
            return {**fixed, **self._counts, "queued": self._accepted - self._done}

    @property
    def failing(self) -> bool:
        """True while records cannot be written."""
        return self._failing or not self._usable

    def _wait_for_disk(self, target: int) -> None:
        if not self._failing and not self._wait(target, EVIDENCE_SECONDS):
            self._counts["late"] += 1

    def _wait(self, target: int, seconds: float) -> bool:
        self._urgent = True
        self._changed.notify_all()
        failures = self._counts["failures"]
        self._changed.wait_for(lambda: self._done >= target or self._counts["failures"] > failures, seconds)
        return self._done >= target

    def _lose(self) -> None:
        if self._usable and not self._counts["lost"]:
            log.error("rune: transcript `%s`: decisions come faster than they can be written; some are not recorded", self._path)
        self._counts["lost"] += 1

    def _start(self) -> None:
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="rune-transcript", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:  # the interpreter is shutting down: no thread can start, so this one writes
            self._closing = True
            self._run()
            self._thread = None
            return
        _close_with_worker_process(self)

    def _run(self) -> None:
        try:
            while self._await_work():
                self._commit_group()
            with self._gate.use():
                self._chain.close()
        except Exception as error:  # noqa: BLE001 - the next decision starts another thread
            log.error("rune: transcript `%s`: its thread failed with %s", self._path, type(error).__name__)  # noqa: TRY400 - no content
            self._give_up_group()
        with self._changed:
            if self._thread is threading.current_thread():
                self._thread = None

    def _give_up_group(self) -> None:
        """Count what the thread had in hand when it failed as lost: some of it may be recorded, nobody can tell."""
        with self._changed:
            in_hand = self._accepted - self._done - len(self._backlog) - len(self._retry)
            self._done += in_hand
            self._counts["lost"] += in_hand
            self._backlog.lost["unknown"] += in_hand
            self._changed.notify_all()

    def _await_work(self) -> bool:
        """Wait for records and a moment longer for others to join them; False when there are none and the writer is closing."""
        with self._changed:
            if self._failing and not self._closing:
                self._changed.wait_for(lambda: self._closing or self._urgent, RETRY_SECONDS)
            self._idle = True
            self._changed.wait_for(lambda: self._closing or self._backlog or self._retry)
            self._idle = False
            if not self._retry:
                self._changed.wait_for(lambda: self._closing or self._urgent or len(self._backlog) >= BATCH, GATHER_SECONDS)
            return self._go_on()

    def _go_on(self) -> bool:
        if self._closing and (self._failing or not (self._backlog or self._retry)):
            self._thread = None
            return False
        self._urgent = False
        return True

    def _commit_group(self) -> None:
        with self._changed:
            entries = self._retry or self._backlog.take(BATCH)
            lost = self._backlog.lost.copy()
        try:
            gap = [record.gap(lost, time.time())] if lost else []
            self._append(gap + [self._body(entry) for entry in entries])
        except Exception as error:  # noqa: BLE001 - the agents go on; the loss is counted and said
            self._failed(entries, error)
        else:
            self._succeeded(len(entries), lost)

    def _body(self, entry: Entry) -> dict[str, Any]:
        try:
            return record.decided(entry.message, entry.verdict, entry.event, entry.time, self._mode)
        except Exception as error:  # noqa: BLE001 - one odd entry must not take the others of its group with it
            log.error(  # noqa: TRY400 - a traceback could show the content
                "rune: transcript `%s`: one decision could not be put into a record (%s)", self._path, type(error).__name__
            )
            return record.unwritable(entry.message, entry.time)

    def _append(self, bodies: list[dict[str, Any]]) -> None:
        """Commit, giving another process time to finish its own commit, and a fork the chance to pass between two attempts."""
        deadline = time.monotonic() + BUSY_PATIENCE
        while not self._appended(bodies, deadline):
            time.sleep(BUSY_PAUSE)

    def _appended(self, bodies: list[dict[str, Any]], deadline: float) -> bool:
        try:
            with self._gate.use():
                self._chain.append(bodies)
        except BusyError:
            if time.monotonic() > deadline:
                raise
            return False
        return True

    def _failed(self, entries: list[Entry], error: Exception) -> None:
        with self._changed:
            if not self._failing:
                log.error("rune: %s The agents go on, without a record.", _said(self._path, error))
            self._retry, self._failing = entries, True
            self._counts["failures"] += 1
            self._changed.notify_all()

    def _succeeded(self, number: int, reported: Counter[str]) -> None:
        with self._changed:
            if self._failing:
                log.warning("rune: transcript `%s` is written again; %d records are missing", self._path, self._counts["lost"])
            self._retry, self._failing = [], False
            self._done += number
            self._counts["recorded"] += number
            self._backlog.lost -= reported
            self._changed.notify_all()


def _said(path: Path, error: Exception) -> str:
    """Return what went wrong; of a foreign error only its kind, because its text could show content."""
    return str(error) if isinstance(error, TranscriptError) else f"the transcript `{path}` cannot be written ({type(error).__name__})."


def _close_with_worker_process(writer: Writer) -> None:
    """Have the writer closed when a `multiprocessing` worker ends: such a process ends without running `atexit`."""
    util = sys.modules.get("multiprocessing.util")
    process = sys.modules.get("multiprocessing.process")
    if util is not None and process is not None and process.parent_process() is not None:
        util.Finalize(None, writer.close, args=(2.0,), exitpriority=0)

"""The transcript as its owner holds it."""

from __future__ import annotations

import logging
import os
import weakref
from pathlib import Path
from typing import Literal

from rune.errors import ConfigurationError
from rune.transcript.database import check_place
from rune.transcript.fork import READING
from rune.transcript.head import Head
from rune.transcript.read import current_head
from rune.transcript.writer import Writer
from rune.types import Action, Message, Verdict

log = logging.getLogger("rune.transcript")

EXIT_SECONDS = 2.0
"""How long the end of the process waits for the last records."""
MODES = ("redacted", "full", "hash")


class Transcript:
    """An append-only, hash-chained record of decisions in one SQLite file. For any number of threads, and survives a fork.

    The file (mode 0600) is made with the first record. `append` hands over and returns; a thread commits within 10 ms. A decision that
    stopped or released something is on disk when `append` returns. At the end of the process the rest is written.

    Args:
        path: the file; several processes may share one.
        content: what of each message is kept: `redacted` (without secrets and personal data), `full`, or `hash` (its SHA-256 only).

    Raises:
        TranscriptError: something else lies at `path`, or nothing can be written there.
        ConfigurationError: `content` is no such mode.
    """

    def __init__(self, path: str | os.PathLike[str], *, content: Literal["redacted", "full", "hash"] = "redacted") -> None:
        if content not in MODES:
            raise ConfigurationError(f"unknown content mode `{content}`; use one of {', '.join(MODES)}.")
        self.path = Path(path).expanduser().absolute()
        self.content = content
        with READING.use():
            check_place(self.path)
        self._writer = Writer(self.path, content)
        self._errors = 0
        weakref.finalize(self, self._writer.close, EXIT_SECONDS)

    def __repr__(self) -> str:
        """Name the file and the mode."""
        return f"Transcript({str(self.path)!r}, content={self.content!r})"

    def append(self, message: Message, verdict: Verdict, event: str = "message") -> None:
        """Record one decision. Never raises and never blocks; what cannot be kept is counted and said in the transcript itself.

        A verdict `block` or `review`, and any verdict with a human's answer on it, is on disk when this returns (about 2 ms, 50 ms at
        most); every other within 10 ms.

        Args:
            message: what was decided about.
            verdict: the decision.
            event: `message`, `review` for a human's answer, or `judge` for a judge's late one.
        """
        try:
            evidence = verdict.action in (Action.BLOCK, Action.REVIEW) or verdict.review is not None
            self._writer.submit(message, verdict, event, evidence=evidence)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the evidence, the agents go on
            self._errors += 1
            if self._errors == 1:
                log.error("rune: transcript `%s`: decisions are not recorded (%s)", self.path, type(error).__name__)  # noqa: TRY400 - no content

    def flush(self, seconds: float = EXIT_SECONDS) -> bool:
        """Wait until everything appended so far is on disk; False when it is not after `seconds`, or cannot be written."""
        return self._writer.flush(seconds)

    def close(self, seconds: float = EXIT_SECONDS) -> bool:
        """Write what waits and close the file; False when something could not be written. A later `append` opens it again."""
        return self._writer.close(seconds)

    def head(self) -> Head | None:
        """Write what waits, and return how far the transcript reaches; None before its first record. Keep it elsewhere to prove the end."""
        self.flush()
        return current_head(self.path) if self.path.exists() else None

    @property
    def counters(self) -> dict[str, int]:
        """`submitted`, `recorded`, `queued`, `lost`, `failures` (commits that failed), `late` (evidence not on disk after 50 ms)."""
        counters = self._writer.counters()
        return {**counters, "lost": counters["lost"] + self._errors}

    @property
    def failing(self) -> bool:
        """True while records cannot be written (a full disk, a vanished folder)."""
        return self._writer.failing

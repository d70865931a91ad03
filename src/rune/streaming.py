"""A message that is delivered while it is still being said: read as it arrives, and cut off as soon as the policy withholds it.

No I/O and no waiting here, so that one text serves blocking and awaiting callers: `Shield.stream` and `Shield.astream`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rune.errors import ConfigurationError
from rune.integrations.base import notice
from rune.pipeline import Pipeline
from rune.policy.decide import decide
from rune.policy.redact import redact
from rune.scan.engine import Engine
from rune.scan.stream import StreamScanner
from rune.types import Action, Finding, Message, Span, Verdict


class Streaming:
    """Releases the pieces of one message as far as they may be read.

    Attributes:
        ended: True when nothing more is released, because the message was withheld or is finished.
        verdict: What was decided about the message; None until it is withheld or finished.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        message: Message,
        *,
        hold_back: int | None = 0,
        on_verdict: Callable[[Verdict], None] | None = None,
    ) -> None:
        """Begin a message.

        Args:
            pipeline: decides; its engine reads.
            message: everything about the message but its text, which is not used.
            hold_back: characters, of those that have been read, that are not released yet; 0 releases each piece as it comes, None as many
                as the widest signature can match, so that nothing is released of what is recognized later, and secrets are redacted.
            on_verdict: told once what was decided, when the message is withheld or finished.

        Raises:
            ConfigurationError: `hold_back` is negative, or the pipeline's engine cannot read a text in pieces.
        """
        if not isinstance(pipeline.engine, Engine):
            raise ConfigurationError(f"engine is a `{type(pipeline.engine).__name__}`; streams are read by a `rune.scan.engine.Engine`.")
        if hold_back is not None and hold_back < 0:
            raise ConfigurationError(f"hold_back is `{hold_back}`; give a number of characters, or None for as many as are needed.")
        self.ended = False
        self.verdict: Verdict | None = None
        self._pipeline = pipeline
        self._message = pipeline.policy.label(message)
        self._scanner = StreamScanner(pipeline.engine, self._message)
        self._hold_back = self._scanner.widest if hold_back is None else hold_back
        self._on_verdict = on_verdict
        self._placeholders = pipeline.placeholders(self._message.conversation)
        self._pending = ""
        self._released = 0
        self._holes: list[Finding] = []
        """What is to be redacted of the text that is not released yet."""
        self._found: dict[str, Finding] = {}
        """The first finding of each rule."""

    def push(self, delta: str) -> tuple[str, ...]:
        """Take the next piece; return what may be read now: nothing, some text, or, when the message is withheld, a notice."""
        if self.ended:
            return ()
        self._pending += delta
        if self._withholds(self._scanner.feed(delta)):
            return (self._withheld(self._recorded()),)
        if not self._hold_back:
            return self._release(self._scanner.length)
        return self._release(self._scanner.scanned - self._hold_back)

    def finish(self) -> tuple[str, ...]:
        """Say that the message is complete; return the rest of it, or a notice in its place."""
        if self.ended:
            return ()
        self._withholds(self._scanner.finish())
        verdict = self._recorded()
        if verdict.blocked:
            return (self._withheld(verdict),)
        self._end(verdict)
        return self._release(self._scanner.length)

    def _withholds(self, found: tuple[Finding, ...]) -> bool:
        """Return whether the policy withholds the message for what was found so far, and note what it wants redacted."""
        if not found:
            return False
        for finding in found:
            self._found.setdefault(finding.rule, finding)
        self._holes += [finding for finding in found if self._decided((finding,)).action is Action.REDACT]
        return self._decided(tuple(self._found.values())).blocked

    def _decided(self, findings: tuple[Finding, ...]) -> Verdict:
        start = self._scanner.start
        message = replace(self._message, text=self._scanner.text)
        moved = tuple(_moved(finding, -start) for finding in findings)
        pipeline = self._pipeline
        return decide(message, moved, pipeline.policy, rules_revision=pipeline.engine.revision, placeholders=self._placeholders)

    def _recorded(self) -> Verdict:
        """Decide about all that is kept of the message, as about any other, so that it is counted and recorded."""
        message = replace(self._message, text=self._scanner.text)
        forgotten = tuple(replace(finding, span=None) for finding in self._found.values()) if self._scanner.start else ()
        return self._pipeline.process(message, delivered=False, extra=forgotten)

    def _withheld(self, verdict: Verdict) -> str:
        self._pending = ""
        self._end(verdict)
        return notice(verdict, "rest of the message")

    def _end(self, verdict: Verdict) -> None:
        self.ended = True
        self.verdict = verdict
        if self._on_verdict is not None:
            self._on_verdict(verdict)

    def _release(self, end: int) -> tuple[str, ...]:
        """Return the text up to `end` that has not been released, redacted; a part to be redacted is never cut."""
        for hole in self._holes:
            span = hole.span
            if span is not None and self._released <= span.start < end < span.end:
                end = span.start
        if end <= self._released:
            return ()
        count = end - self._released
        text = redact(
            self._pending[:count], [_moved(hole, -self._released) for hole in self._holes if _starts_before(hole, end)], self._placeholders
        )
        self._pending = self._pending[count:]
        self._released = end
        self._holes = [hole for hole in self._holes if hole.span is not None and hole.span.end > end]
        return (text,) if text else ()


def _starts_before(finding: Finding, end: int) -> bool:
    return finding.span is not None and finding.span.start < end


def _moved(finding: Finding, by: int) -> Finding:
    span = finding.span
    return finding if span is None or not by else replace(finding, span=Span(span.start + by, span.end + by))

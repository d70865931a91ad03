"""Reads a text that arrives in pieces, without waiting for its end and without missing what a cut runs through.

Two looks take turns. The near look reads the last characters whenever some new ones have arrived; it overlaps the one before by more than
the widest signature, so a signature is found soon after its last word. The wide look reads everything that is kept, each time half as much
again has arrived; it finds what needs more room: long encoded parts, letters far apart. Together they read each character a bounded number
of times, and what is kept is bounded too.

A look may begin or end inside a word, where a part of a word can be taken for a whole one. So what stands at the cut beginning of a look is
left to the look before it, and the word at the end is read when it is complete, or so long that nothing is gained by waiting.
"""

from __future__ import annotations

from dataclasses import replace

from rune.scan.engine import Engine
from rune.scan.findings import CONFIDENTIAL
from rune.types import Finding, Message, Span

EVERY = 128
"""Least new characters before the near look reads again."""
SPREAD = 2
"""Characters of the text that the near look grants each character of a signature; what is spread wider is left to the wide look."""
KEPT = 65_536
"""Characters kept of the text, at least: a part longer than that is found only by what stands within as many characters."""
_EDGE = 64
"""Characters beside the beginning of a look in which a word may have been cut."""


class StreamScanner:
    """Scans one text as it arrives. Not thread-safe: a text has one reader.

    Attributes:
        length: Characters fed so far.
        scanned: Characters read so far; a signature that ends before is found already.
        start: Where the part of the text begins that is still kept.
    """

    def __init__(self, engine: Engine, message_template: Message, *, every: int = EVERY, kept: int = KEPT) -> None:
        """Begin a text.

        Args:
            engine: reads each look.
            message_template: everything about the message but its text, which is not used.
            every: new characters before the near look reads again; fewer find earlier and cost more, at most in inverse proportion.
            kept: characters of the text that are kept for the wide look, raised to twice what the near look needs.

        Raises:
            ValueError: `every` or `kept` is less than one.
        """
        if every < 1 or kept < 1:
            raise ValueError(f"every is `{every}` and kept is `{kept}`; give at least one character of each.")
        self.length = self.scanned = self.start = 0
        self.widest = engine.widest
        """Characters that the longest signature can match, as they stand in a plain text."""
        self._engine = engine
        self._template = message_template
        self._every = every
        self._overlap = engine.widest * SPREAD + _EDGE
        self._kept = max(kept, 2 * (self._overlap + every))
        self._text = ""
        self._deltas: list[str] = []
        self._due = every
        self._wide_due = 2 * self._overlap
        self._rules: set[str] = set()
        self._places: dict[str, list[Span]] = {}
        """Where secrets and personal data were found, by rule."""
        self._ended = False

    @property
    def text(self) -> str:
        """The part of the text that is still kept: its end, or all of it while that is short."""
        if self._deltas:
            self._text += "".join(self._deltas)
            self._deltas.clear()
        return self._text

    def feed(self, delta: str) -> tuple[Finding, ...]:
        """Take the next piece of the text; return what is new, with spans in the whole text so far.

        Raises:
            ValueError: the text has been finished.
        """
        if self._ended:
            raise ValueError("the text is finished; begin the next one with a StreamScanner of its own.")
        self._deltas.append(delta)
        self.length += len(delta)
        if self.length < self._due:
            return ()
        self._due = self.length + self._every
        if self.length >= self._wide_due:
            return self._wide_look()
        end = self._word_end()
        return self._look(max(self.scanned - self._overlap, self.start), end) if end > self.scanned else ()

    def finish(self) -> tuple[Finding, ...]:
        """Read what is kept to its last character, and return what is new; a text that was kept whole is read as a whole."""
        if self._ended:
            return ()
        self._ended = True
        return self._look(self.start, self.length)

    def _word_end(self) -> int:
        """Return where the last complete word ends; the end of the text when a word is longer than can be waited for."""
        new = self.text[self.scanned - self.start :]
        last = max(new.rfind(" "), new.rfind("\n"))
        if last >= 0:
            return self.scanned + last
        return self.length if len(new) >= 2 * self._every else self.scanned

    def _wide_look(self) -> tuple[Finding, ...]:
        found = self._look(self.start, self._word_end())
        self._wide_due = self.length + max(min(self.length, self._kept) // 2, self._overlap)
        if self.length - self.start > 2 * self._kept:
            self._forget(self.length - self._kept)
        return found

    def _forget(self, start: int) -> None:
        """Keep the text from `start` on only."""
        self._text = self.text[start - self.start :]
        self.start = start
        for rule, places in self._places.items():
            self._places[rule] = [place for place in places if place.end > start]

    def _look(self, start: int, end: int) -> tuple[Finding, ...]:
        """Read `[start, end)` of the whole text."""
        text = self.text[start - self.start : end - self.start]
        self.scanned = end
        found = self._engine.scan(replace(self._template, text=text))
        return tuple(moved for moved in (_moved(finding, start) for finding in found) if self._counts(moved, start))

    def _counts(self, finding: Finding, start: int) -> bool:
        """Return whether a finding of a look from `start` on is new and not made by the cut; remember it if so."""
        span = finding.span
        if start and span is not None and span.start < start + _EDGE:
            return False
        if finding.category not in CONFIDENTIAL or span is None:
            new = finding.rule not in self._rules
            self._rules.add(finding.rule)
            return new
        known = self._places.setdefault(finding.rule, [])
        if any(span.start < place.end and place.start < span.end for place in known):
            return False
        known.append(span)
        return True


def _moved(finding: Finding, by: int) -> Finding:
    span = finding.span
    return finding if span is None or not by else replace(finding, span=Span(span.start + by, span.end + by))

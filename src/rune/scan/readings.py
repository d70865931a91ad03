"""All the ways one text can be read: as it stands, normalized, and through every encoding in it, within bounds."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from rune.limits import ScanLimits
from rune.scan import own_rules
from rune.scan.decode import DECODINGS, flatten, spliced
from rune.scan.detectors.disguise import hidden
from rune.scan.normalize import normalize, unusual
from rune.scan.own_rules import OwnRule
from rune.types import View

_JOINT = "\n"


class Readings:
    """The readings of one text, plainest first.

    Attributes:
        reached: Bounds that cut the readings short.
        failed: Decodings that raised, with the type of the error; the others went on.
    """

    def __init__(self, text: str, limits: ScanLimits) -> None:
        """Start with the text itself, or its head and tail when it is too long."""
        self.reached: dict[OwnRule, None] = {}
        self.failed: list[str] = []
        self._limits = limits
        self._seen: set[str] = set()
        self._decoded = 0
        self._views = 0
        self._queue = deque([(self._whole(text), 0)])

    def __iter__(self) -> Iterator[tuple[View, View, str]]:
        """Yield (text as received or decoded, the same normalized, its characters other than plain ASCII)."""
        while self._queue:
            raw, depth = self._queue.popleft()
            odd = unusual(raw.text)
            view = normalize(raw) if odd else raw
            yield raw, view, odd
            self._queue.extend((child, depth + 1) for child in self._children(raw, view, odd, depth))

    def _whole(self, text: str) -> View:
        most = self._limits.text_chars
        if len(text) <= most:
            return View(text)
        self.reached[own_rules.TEXT_LIMIT] = None
        head, tail = most - most // 2, most // 2
        targets = (0, head, len(text) - tail)
        return View(
            f"{text[:head]}{_JOINT}{text[len(text) - tail :]}", (), (0, head, head + len(_JOINT)), targets, ends=(head, head, len(text))
        )

    def _children(self, raw: View, view: View, odd: str, depth: int) -> Iterator[View]:
        for child in self._decodings(raw, view, odd):
            if child.text in self._seen:
                continue
            if depth >= self._limits.decode_depth:
                self.reached[own_rules.DEPTH_LIMIT] = None
            elif self._views >= self._limits.views:
                self.reached[own_rules.VIEW_LIMIT] = None
            elif self._decoded + len(child.text) > self._limits.decoded_chars:
                self.reached[own_rules.DECODED_LIMIT] = None
            else:
                self._seen.add(child.text)
                self._views += 1
                self._decoded += len(child.text)
                yield child

    def _decodings(self, raw: View, view: View, odd: str) -> Iterator[View]:
        if odd:
            yield from hidden(raw, odd)
        flat = flatten(view.text)
        for decoding in DECODINGS:
            try:
                pieces = decoding.pieces(flat)
                child = spliced(view, pieces, decoding.name) if pieces else None
            except Exception as error:  # noqa: BLE001 - a decoding that fails must not cost the others
                self.failed.append(f"{decoding.name}: {type(error).__name__}")
                continue
            if child is not None:
                yield child

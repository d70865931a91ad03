"""All the ways one text can be read: as it stands, normalized, and through every encoding in it, within bounds."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from rune.limits import ScanLimits
from rune.scan import own_rules
from rune.scan.decode import DECODINGS, Decoding, Piece, flatten, spliced
from rune.scan.detectors.disguise import hidden
from rune.scan.normalize import Reading, read
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

    def __iter__(self) -> Iterator[Reading]:
        """Yield the text, then everything decoded from it, then everything decoded from that."""
        while self._queue:
            view, depth = self._queue.popleft()
            reading = read(view)
            yield reading
            children = self._decodings(reading)
            if children:
                self._queue.extend((child, depth + 1) for child in self._admitted(children, depth))

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

    def _admitted(self, children: list[View], depth: int) -> Iterator[View]:
        for child in children:
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

    def _decodings(self, reading: Reading) -> list[View]:
        view, data = reading.view, reading.data
        found = hidden(reading) if reading.odd else []
        flat = data if len(data) == len(view.text) else flatten(view.text)
        for decoding in DECODINGS:
            pieces = self._pieces(decoding, flat)
            if pieces:
                found.append(spliced(view, pieces, decoding.name))
        return found

    def _pieces(self, decoding: Decoding, flat: bytes) -> list[Piece]:
        try:
            return decoding.pieces(flat)
        except Exception as error:  # noqa: BLE001 - a decoding that fails must not cost the others
            self.failed.append(f"{decoding.name}: {type(error).__name__}")
            return []

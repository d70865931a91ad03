"""All the ways one text can be read: as it stands, normalized, and through every encoding in it, within bounds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from rune.limits import ScanLimits
from rune.scan import own_rules
from rune.scan.decode import DECODINGS, Decoding, Piece, spliced
from rune.scan.decode.compressed import Oversized
from rune.scan.decode.decoding import Window
from rune.scan.decode.readable import SHORTEST
from rune.scan.detectors.disguise import hidden
from rune.scan.normalize import Reading, read
from rune.scan.own_rules import OwnRule
from rune.types import View

_JOINT = "\n"

Suspects = Callable[[bytes], Iterable[tuple[int, Sequence[Window]]]]
"""Takes a folded text, one byte a character, and returns the positions of the decodings to try and where (`rune.scan.decode.triggers`)."""


_GUESSED = own_rules.OwnRule("", own_rules.DEPTH_LIMIT.category, own_rules.DEPTH_LIMIT.severity, "", "")


def every(flat: bytes) -> Iterator[tuple[int, Sequence[Window]]]:
    """Suspect every decoding everywhere."""
    return ((position, ((0, len(flat)),)) for position in range(len(DECODINGS)))


class Readings:
    """The readings of one text, plainest first.

    Attributes:
        reached: Bounds that cut the readings short.
        failed: Decodings that raised, with the type of the error; the others went on.
    """

    def __init__(self, text: str, limits: ScanLimits, suspects: Suspects = every) -> None:
        """Start with the text itself, or its head and tail when it is too long."""
        self._suspects = suspects
        self._work = 0
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

    def _admitted(self, children: list[tuple[bool, View]], depth: int) -> Iterator[View]:
        for nests, child in children:
            if child.text in self._seen:
                continue
            bound = self._bound(child, depth, nests=nests)
            if bound is None:
                self._seen.add(child.text)
                self._views += 1
                self._decoded += len(child.text)
                yield child
            elif bound is not _GUESSED:
                self.reached[bound] = None

    def _bound(self, child: View, depth: int, *, nests: bool) -> OwnRule | None:
        """Return the bound that keeps a view out; what need not mean that a nest goes on below the deepest level is not taken for one."""
        if depth >= self._limits.decode_depth:
            return own_rules.DEPTH_LIMIT if nests else _GUESSED
        if self._views >= self._limits.views:
            return own_rules.VIEW_LIMIT
        return own_rules.DECODED_LIMIT if self._decoded + len(child.text) > self._limits.decoded_chars else None

    def _decodings(self, reading: Reading) -> list[tuple[bool, View]]:
        view, flat = reading.view, reading.flat
        found: list[tuple[bool, View]] = [(True, view) for view in hidden(reading)] if reading.odd else []
        for position, windows in self._suspects(flat):
            decoding = DECODINGS[position]
            pieces = self._pieces(decoding, flat, windows)
            if pieces:
                nests = decoding.exact and sum(len(piece.text) for piece in pieces) >= SHORTEST
                found.append((nests, spliced(view, pieces, decoding.name)))
        return found

    def _pieces(self, decoding: Decoding, flat: bytes, windows: Sequence[Window]) -> list[Piece]:
        self._work += sum(end - start for start, end in windows)
        if self._work > self._limits.decode_work:
            self.reached[own_rules.DECODED_LIMIT] = None
            return []
        try:
            return list(decoding.within(flat, windows))
        except Oversized:
            self.reached[own_rules.DECODED_LIMIT] = None
            return []
        except Exception as error:  # noqa: BLE001 - a decoding that fails must not cost the others
            self.failed.append(f"{decoding.name}: {type(error).__name__}")
            return []

"""What a detector is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from rune.scan.normalize import Reading
from rune.types import Finding, Message


class Anchor(NamedTuple):
    """Something rare that must stand where a detector finds anything; looked for in the same pass as the signatures."""

    pattern: str
    """Regular expression over ASCII, in the syntax of signatures; case counts."""
    literals: tuple[str, ...]
    """Every match contains one of them, in whatever case; at least three characters each."""


@dataclass(frozen=True, slots=True)
class Detector:
    """A check that a signature cannot express."""

    name: str
    suspects: Callable[[bytes], bool]
    """A nearly free look at a text of plain ASCII: False when there is certainly nothing to find. It may be wrong the other way."""
    findings: Callable[[Reading, Message], Iterable[Finding]]
    """What is found in one reading; spans are mapped to the original through `reading.view.span`."""
    anchors: tuple[Anchor, ...] = ()
    """Patterns that open a reading for `findings`, as `suspects` does. A detector without any is asked about every reading that is not
    clean."""

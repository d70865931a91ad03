"""What a detector is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rune.scan.normalize import Reading
from rune.types import Finding, Message


@dataclass(frozen=True, slots=True)
class Detector:
    """A check that a signature cannot express."""

    name: str
    suspects: Callable[[bytes], bool]
    """A nearly free look at a text of plain ASCII: False when there is certainly nothing to find. It may be wrong the other way."""
    findings: Callable[[Reading, Message], Iterable[Finding]]
    """What is found in one reading; spans are mapped to the original through `reading.view.span`."""

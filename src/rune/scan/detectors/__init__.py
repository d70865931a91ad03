"""Looks for what no pattern can describe: one file a detector.

To add one, write it in a file of its own and add its line to `DETECTORS`. A detector is pure and takes time linear in the text; it gets
every reading of a text, the plain one and each decoded one. `suspects` keeps it from costing anything on nearly all texts.
"""

from __future__ import annotations

from rune.scan.detectors.detector import Detector
from rune.scan.detectors.disguise import DISGUISE
from rune.scan.detectors.links import LINKS
from rune.scan.detectors.pii import PII
from rune.scan.detectors.secrets import SECRETS

__all__ = ["DETECTORS", "Detector"]

DETECTORS: tuple[Detector, ...] = (DISGUISE, SECRETS, PII, LINKS)
"""Every detector, in the order in which they run."""

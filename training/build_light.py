"""Writes the light classifier's model into the package."""

from __future__ import annotations

from pathlib import Path

from training.light import calibrated, train
from training.split import calibrating, teaching

FILE = Path(__file__).parent.parent / "src" / "rune" / "scan" / "classifier" / "light.bin"


def main(seed: int) -> None:
    """Train, calibrate, write."""
    rows = teaching()
    print(f"learning from {len(rows)} distinct texts")
    FILE.write_bytes(calibrated(train(rows, seed), calibrating(seed)))
    print(f"{FILE.name}: {FILE.stat().st_size} bytes")

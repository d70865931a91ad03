"""Campaigns: small at every run, at full size with `RUNE_NIGHTLY=1`, by the same code. The seed is printed when one fails."""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Callable

import pytest

NIGHTLY = bool(os.environ.get("RUNE_NIGHTLY"))


@pytest.fixture
def size() -> Callable[[int, int], int]:
    """Choose between the size of an ordinary run and that of a night."""
    return lambda ordinary, nightly: nightly if NIGHTLY else ordinary


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Chance from a fresh seed, or from `RUNE_SEED` to repeat a failure."""
    seed = os.environ.get("RUNE_SEED") or secrets.token_hex(4)
    request.node.add_report_section("setup", "seed", f"RUNE_SEED={seed}")
    return random.Random(seed)

"""The short excerpt a finding carries: safe to show and to store, with every secret masked."""

from __future__ import annotations

from collections.abc import Sequence

from rune.scan.visible import visible

EXCERPT_CHARS = 80
"""Longest excerpt."""
MASK = "•••"

_SHOWN_OF_SECRET = 4
_LONG_SECRET = 12


def excerpt(text: str, start: int, end: int, secrets: Sequence[tuple[int, int]] = ()) -> str:
    """Return `text[start:end]` on one line, shortened, invisible characters marked, and every range of `secrets` (ascending) masked."""
    end = min(end, start + 4 * EXCERPT_CHARS)
    parts = []
    for low, high in secrets:
        if low < end and high > start:
            parts += [text[start : max(low, start)], MASK]
            start = max(high, start)
    return visible(" ".join("".join([*parts, text[start:end]]).split()), EXCERPT_CHARS)


def masked(secret: str) -> str:
    """Return the first characters of a secret, which tell its kind, and its length; of a short one only the length."""
    shown = secret[:_SHOWN_OF_SECRET] if len(secret) >= _LONG_SECRET else ""
    return visible(f"{' '.join(shown.split())}{MASK} ({len(secret)} characters)", EXCERPT_CHARS)

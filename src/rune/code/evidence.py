"""Short excerpts of hostile code that are safe to show: one line, invisible characters visible, long tokens masked."""

from __future__ import annotations

import re
import unicodedata

LENGTH = 120
"""Longest excerpt, in characters."""

_TOKEN = re.compile(r"[A-Za-z0-9+/_=-]{20,}")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def excerpt(text: str) -> str:
    """Return the start of a text on one line, fit for a log or a terminal; anything that may be a credential keeps four characters."""
    shown = "".join(map(_visible, text[: 4 * LENGTH]))
    masked = _TOKEN.sub(_mask, shown)
    return masked if len(masked) <= LENGTH else masked[: LENGTH - 1] + "…"


def _visible(character: str) -> str:
    if " " <= character <= "~":
        return character
    if character in "\n\r\t":
        return " "
    return f"⟨U+{ord(character):04X}⟩" if unicodedata.category(character) in _HIDDEN else character


def _mask(match: re.Match[str]) -> str:
    token = match[0]
    if "/" in token and not any(c in token for c in "+=") and max(map(len, token.split("/"))) < 20:
        return token
    if token.replace("-", "").replace("_", "").isalpha() and not token.isupper() and (token.islower() or "_" in token or "-" in token):
        return token
    return f"{token[:4]}…({len(token)} characters)"

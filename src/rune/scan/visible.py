"""Makes a text safe to show: whatever cannot be seen, or would steer a terminal, becomes a mark such as `⟨U+202E⟩`."""

from __future__ import annotations

from itertools import islice

from rune.scan.characters import invisible

CUT = "…"
"""Ends a text that was longer than the limit."""


def visible(text: str, limit: int | None = None) -> str:
    """Return `text` with every control, invisible, bidi, tag and surrogate character as a readable mark; tab and newline stay.

    Args:
        text: What an agent or a tool wrote; never trusted.
        limit: Most characters the result may have, the closing `…` included; None for all of it.
    """
    if limit is None:
        return text if _harmless(text) else "".join(map(_shown, text))
    head = text[: limit + 1]
    shown = head if _harmless(head) else "".join(map(_shown, head))
    return shown if len(shown) <= limit and len(head) == len(text) else _cut(head, limit)


def _harmless(text: str) -> bool:
    return text.isascii() and text.replace("\n", "").replace("\t", "").isprintable()


def _cut(text: str, limit: int) -> str:
    """Keep as many whole marks as fit before the `…`."""
    room = max(limit - len(CUT), 0)
    kept: list[str] = []
    for mark in map(_shown, islice(text, room)):
        if len(mark) > room:
            break
        kept.append(mark)
        room -= len(mark)
    return "".join(kept) + CUT[:limit]


def _shown(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩" if invisible(character) or character in "\u2028\u2029" else character

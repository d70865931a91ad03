"""Names that agents chose for themselves, made safe to print and to keep."""

from __future__ import annotations

from rune.scan.visible import visible

SHOWN_CHARS = 40
KEPT_CHARS = 120


def shown(text: str, limit: int = SHOWN_CHARS) -> str:
    """Return a text as a summary may quote it: short, on one line, without control or invisible characters or backticks."""
    line = " ".join(text[: 4 * limit].split())
    return visible(line, limit).replace("`", "'")


def agent(name: str) -> str:
    """Return how a summary speaks of an agent."""
    return f"agent `{shown(name)}`" if name else "an unnamed agent"


def kept(name: str) -> str:
    """Return what a table keeps of a name, so that a table of names is bounded in bytes too; equal names stay equal."""
    return name if len(name) <= KEPT_CHARS else f"{name[:KEPT_CHARS]}#{len(name)}:{hash(name)}"

"""Every bound in one place. Reaching one is a finding, never a pass."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScanLimits:
    """Bounds of one scan of one text."""

    text_chars: int = 4_000_000
    """Characters read of one text; the head and the tail of a longer one are read and the finding says so."""
    decode_depth: int = 3
    """How many encodings inside one another are undone."""
    views: int = 64
    """How many decoded readings of one text are scanned."""
    decoded_chars: int = 4_000_000
    """Total characters that all decoded readings together may have."""
    decode_work: int = 400_000_000
    """Characters that all decodings together may look at: the length of a reading counts once for each that is tried on it."""
    findings: int = 200
    """Findings kept for one text; the rest are counted in the last one."""


@dataclass(frozen=True, slots=True)
class CodeLimits:
    """Bounds of one code analysis."""

    source_chars: int = 400_000
    nodes: int = 60_000
    """Syntax-tree nodes visited, over all passes and nested languages."""
    depth: int = 4
    """How many languages may be nested in one another (Python → shell → Python ...)."""
    seconds: float = 1.0
    """Wall time of one analysis, checked while it runs."""


@dataclass(frozen=True, slots=True)
class ConversationLimits:
    """Bounds a policy sets on one conversation; None switches one off."""

    rounds: int | None = None
    """Messages between agents in one conversation."""
    message_chars: int | None = None
    """Characters in one message."""
    messages_per_minute: int | None = None
    """Messages of one agent in any 60 seconds."""
    total_messages_per_minute: int | None = None
    """Messages of the whole conversation in any 60 seconds."""
    tokens: int | None = None
    """Estimated tokens (characters / 4) of all messages of one conversation."""
    minutes: float | None = None
    """Minutes from the first message of a conversation to its last."""

"""Runtime security for multi-agent systems: reads every message, tool call and code block before it takes effect.

    from rune import Shield, SecurityError
    shield = Shield()
    manager = shield.guard(manager)

The names below are loaded when they are first used, so that `import rune` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rune.errors import ConfigurationError, NotProtected, PolicyError, RuneError, SecurityError, ShieldBlockedError, TranscriptError
    from rune.policy.load import load_policy
    from rune.policy.model import Policy
    from rune.shield import Shield
    from rune.types import Action, Category, Direction, Finding, Kind, Message, Review, Severity, Trust, Verdict

__version__ = "0.1.0"

_HOME = {
    "Shield": "rune.shield",
    "Policy": "rune.policy.model",
    "load_policy": "rune.policy.load",
    **dict.fromkeys(
        ("Action", "Category", "Direction", "Finding", "Kind", "Message", "Review", "Severity", "Trust", "Verdict"), "rune.types"
    ),
    **dict.fromkeys(
        ("ConfigurationError", "NotProtected", "PolicyError", "RuneError", "SecurityError", "ShieldBlockedError", "TranscriptError"),
        "rune.errors",
    ),
}

__all__ = [
    "Action",
    "Category",
    "ConfigurationError",
    "Direction",
    "Finding",
    "Kind",
    "Message",
    "NotProtected",
    "Policy",
    "PolicyError",
    "Review",
    "RuneError",
    "SecurityError",
    "Severity",
    "Shield",
    "ShieldBlockedError",
    "TranscriptError",
    "Trust",
    "Verdict",
    "load_policy",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use."""
    if name not in _HOME:
        raise AttributeError(f"module `rune` has no attribute `{name}`; its public names are {', '.join(__all__)}.")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, loaded or not."""
    return sorted({*globals(), *__all__})

"""Code in, findings and a capability manifest out: what an agent wrote is read before it runs.

Static reading is a gate and evidence, not a boundary: what cannot be seen in the text is for the sandbox to hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rune.code.blocks import CodeBlock, blocks
from rune.code.report import CodeReport, Manifest, Use

if TYPE_CHECKING:
    from rune.code.analysis import CANARY, analyze
    from rune.code.calls import analyze_call

__all__ = ["CANARY", "CodeBlock", "CodeReport", "Manifest", "Use", "analyze", "analyze_call", "blocks"]

_LAZY = {"CANARY": "rune.code.analysis", "analyze": "rune.code.analysis", "analyze_call": "rune.code.calls"}


def __getattr__(name: str) -> Any:
    """Load the readers when the first piece of code has to be read."""
    if name not in _LAZY:
        raise AttributeError(f"module `rune.code` has no attribute `{name}`; it offers {', '.join(__all__)}.")
    import importlib  # noqa: PLC0415

    value = getattr(importlib.import_module(_LAZY[name]), name)
    globals()[name] = value
    return value

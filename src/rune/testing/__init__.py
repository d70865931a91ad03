"""For tests of your own guarded groups: scripted models, ready-made teams, and harmless code that shows whether it ran.

from rune.testing import autogen as scripted
coder = scripted.agent("coder", ["Here is the code."])
manager = scripted.group(coder, reviewer, rounds=6)
"""

from __future__ import annotations

from rune.testing.marker import Marker

__all__ = ["Marker"]

"""The disguises an attacker has for a text, each a function that takes the text and a source of chance.

They are written without a look at what `rune.scan` undoes, and measured against it: `python -m benchmarks.quality.disguise`.
"""

from __future__ import annotations

from rune.redteam.mutators.characters import CHARACTERS
from rune.redteam.mutators.codes import CODES
from rune.redteam.mutators.encodings import ENCODINGS
from rune.redteam.mutators.escapes import ESCAPES
from rune.redteam.mutators.invisible import INVISIBLE
from rune.redteam.mutators.markup import MARKUP
from rune.redteam.mutators.mutator import Mutate, Mutator
from rune.redteam.mutators.order import ORDER
from rune.redteam.mutators.spacing import SPACING
from rune.redteam.mutators.spelling import SPELLING

MUTATORS: tuple[Mutator, ...] = (*CHARACTERS, *INVISIBLE, *SPELLING, *SPACING, *ENCODINGS, *ESCAPES, *CODES, *MARKUP, *ORDER)
"""All of them, in a fixed order."""

__all__ = ["MUTATORS", "Mutate", "Mutator"]

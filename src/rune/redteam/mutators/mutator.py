"""What a disguise is."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

Mutate = Callable[[str, random.Random], str]
"""Takes a text and a source of chance and returns the disguised text; the same chance gives the same disguise."""


@dataclass(frozen=True, slots=True)
class Mutator:
    """A way to write a text so that a filter misses it and a reader, a model or a program, still gets it back."""

    name: str
    """Unique, in lower case with dashes."""
    mutate: Mutate
    nests: bool = False
    """True for an encoding that gives back any text exactly, letter case and other scripts too, so another disguise may stand inside it."""

"""Engines that tell which signatures may match a text; `rune.scan.patterns` confirms each and finds where."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from rune.scan.rule import Rule


class Backend(Protocol):
    """One pass over a text, all signatures at once. Thread-safe."""

    name: str
    """What `Engine.backend` and `rune doctor` call it."""

    def candidates(self, data: bytes) -> list[tuple[int, int]]:
        """Return (position of the rule, offset where its earliest match ends), ascending; -1 where the backend does not know the offset.

        A rule that matches is always among them; one that does not match may be.
        """

    def dump(self) -> bytes:
        """Return what a later start may build the backend from instead of compiling the rules; empty when compiling is cheap."""


_CLASSES = {"hyperscan": "HyperscanBackend", "re2": "Re2Backend"}
_DISTRIBUTIONS = {"hyperscan": "hyperscan", "re2": "google-re2"}


class Idle:
    """Stands in for a backend when there are no rules, which Hyperscan cannot compile."""

    def __init__(self, name: str) -> None:
        """Take the name of the backend asked for."""
        self.name = name

    def candidates(self, data: bytes) -> list[tuple[int, int]]:
        """Return nothing."""
        del data
        return []

    def dump(self) -> bytes:
        """Return nothing."""
        return b""


def build(name: str, rules: Sequence[Rule], kept: bytes) -> Backend:
    """Return the backend called `name` over the rules, made from what an earlier `dump` returned if `kept` is not empty.

    Raises:
        ImportError: its library is not installed.
        RuleError: it cannot use a pattern.
        Exception: the library's own errors, when it refuses `kept` or does not work on this processor.
    """
    if not rules:
        return Idle(name)
    return cast("Backend", getattr(import_module(f"rune.scan.backends.{name}"), _CLASSES[name])(rules, kept))


def library_version(name: str) -> str:
    """Return the version of the library behind the backend called `name`; raises ImportError when it is not installed."""
    from importlib import metadata  # noqa: PLC0415 - slow to import, needed when an engine is built

    return metadata.version(_DISTRIBUTIONS[name])

"""What an analysis of code hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rune.types import Finding, Severity


@dataclass(frozen=True, slots=True)
class Use:
    """One capability that the code uses."""

    kind: str
    """`host`, `read`, `write`, `delete`, `list`, `mode`, `program`, `package`, `environment`; `dynamic` for code made at run time."""
    name: str
    """Host, path, program, package or variable; `?` when it is decided at run time."""
    line: int | None = None
    """First line that uses it, counted from 1."""


PATH_OPERATIONS = ("read", "write", "delete", "list", "mode")
"""Kinds of use whose name is a path."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything the code would touch, as far as it can be read off; harmless uses are here too."""

    uses: tuple[Use, ...] = ()

    def names(self, kind: str) -> tuple[str, ...]:
        """Return the names used in one way, sorted, each once."""
        return tuple(sorted({use.name for use in self.uses if use.kind == kind}))

    @property
    def hosts(self) -> tuple[str, ...]:
        """Network hosts it talks to."""
        return self.names("host")

    @property
    def paths(self) -> dict[str, tuple[str, ...]]:
        """Paths by operation: `read`, `write`, `delete`, `list`, `mode` (permissions and owners)."""
        return {operation: names for operation in PATH_OPERATIONS if (names := self.names(operation))}

    @property
    def programs(self) -> tuple[str, ...]:
        """Programs it starts."""
        return self.names("program")

    @property
    def packages(self) -> tuple[str, ...]:
        """Packages it imports or installs."""
        return self.names("package")

    @property
    def environment(self) -> tuple[str, ...]:
        """Environment variables it reads; `*` for all of them."""
        return self.names("environment")

    @property
    def dynamic(self) -> bool:
        """True when it runs code that is put together only at run time."""
        return any(use.kind == "dynamic" for use in self.uses)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping with stable keys and order."""
        return {
            "hosts": list(self.hosts),
            "paths": {operation: list(names) for operation, names in self.paths.items()},
            "programs": list(self.programs),
            "packages": list(self.packages),
            "environment": list(self.environment),
            "dynamic": self.dynamic,
        }


@dataclass(frozen=True, slots=True)
class CodeReport:
    """What one piece of code would do."""

    language: str
    """The language it was read as: `python`, `shell`, the label of one that cannot be read, or `text` for what is no code."""
    sha256: str
    """SHA-256 (hex) of the UTF-8 bytes of exactly the source; lone surrogates count as their three bytes."""
    findings: tuple[Finding, ...] = ()
    """Worst first. Critical and high: a harmful flow, to be blocked. Medium: a lone capability or something unreadable, to be reviewed.
    Low and info: recorded."""
    manifest: Manifest = Manifest()
    parsed: bool = True
    """False when a part of it could not be read; a finding then says which."""

    @property
    def worst(self) -> Severity | None:
        """Severity of the worst finding, or None."""
        return max((finding.severity for finding in self.findings), key=lambda severity: severity.rank, default=None)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping with stable keys."""
        return {
            "language": self.language,
            "sha256": self.sha256,
            "parsed": self.parsed,
            "findings": [finding.to_dict() for finding in self.findings],
            "manifest": self.manifest.to_dict(),
        }

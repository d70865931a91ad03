"""The few exceptions Rune raises; each message says what happened, the offending value in backticks, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rune.types import Verdict


class RuneError(Exception):
    """Base of every exception that Rune raises itself."""


class SecurityError(RuneError):
    """Hostile content was stopped. Carries the verdict when Rune raised it; users may raise it with a message of their own."""

    def __init__(self, message: str = "", verdict: Verdict | None = None) -> None:
        """Keep the verdict; the message defaults to its explanation."""
        super().__init__(message or (verdict.explanation if verdict else ""))
        self.verdict = verdict

    @property
    def scan_result(self) -> Verdict | None:
        """Same as `verdict`."""
        return self.verdict


ShieldBlockedError = SecurityError


class ConfigurationError(RuneError, ValueError):
    """An argument or setting cannot be used."""


class PolicyError(ConfigurationError):
    """A policy file cannot be used; the message starts with `FILE:LINE:`."""


class RuleError(ConfigurationError):
    """A detection rule cannot be used; the message starts with the rule's file."""


class ModelError(RuneError):
    """The learned detector's model is missing, damaged or of another version; detection goes on without it and says so."""


class NotProtected(RuneError):  # noqa: N818 - reads as the state it reports
    """An object cannot be guarded, or a seam of it did not hold when it was tried."""


class TranscriptError(RuneError):
    """A transcript cannot be opened, read or written."""

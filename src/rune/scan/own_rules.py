"""The findings that come from the engine itself and not from a rule file."""

from __future__ import annotations

from dataclasses import dataclass

from rune.types import Category, Finding, Severity, Span


@dataclass(frozen=True, slots=True)
class OwnRule:
    """What one of the engine's own checks reports."""

    id: str
    category: Category
    severity: Severity
    title: str
    remediation: str
    references: tuple[str, ...] = ()
    confidence: float = 1.0

    def finding(
        self,
        span: Span | None = None,
        *,
        chain: tuple[str, ...] = (),
        evidence: str = "",
        detail: str = "",
        severity: Severity | None = None,
    ) -> Finding:
        """Return the finding; `detail` continues the summary, `severity` overrides the rule's."""
        return Finding(
            rule=self.id,
            category=self.category,
            severity=severity or self.severity,
            summary=f"{self.title}{detail}",
            confidence=self.confidence,
            span=span,
            chain=chain,
            evidence=evidence,
            remediation=self.remediation,
            references=self.references,
        )


TAGS = OwnRule(
    "RUNE-OBF-101",
    Category.OBFUSCATION,
    Severity.HIGH,
    "Text hidden in Unicode tag characters",
    "Remove the tag characters; only three flag emoji use them.",
    ("ATLAS-AML.T0068", "CWE-451"),
    0.95,
)
SELECTORS = OwnRule(
    "RUNE-OBF-102",
    Category.OBFUSCATION,
    Severity.HIGH,
    "Data hidden in a run of variation selectors",
    "Remove the variation selectors; a visible character takes one.",
    ("ATLAS-AML.T0068", "CWE-451"),
    0.9,
)
INVISIBLE = OwnRule(
    "RUNE-OBF-103",
    Category.OBFUSCATION,
    Severity.MEDIUM,
    "Invisible characters inside words",
    "Remove the invisible characters and read the text again.",
    ("ATLAS-AML.T0068", "CWE-451"),
    0.8,
)
BIDI = OwnRule(
    "RUNE-OBF-104",
    Category.OBFUSCATION,
    Severity.MEDIUM,
    "Bidirectional controls in text that runs from left to right",
    "Remove the controls; what is shown and what is read are not the same.",
    ("CVE-2021-42574", "CWE-451"),
    0.9,
)
MIXED_SCRIPTS = OwnRule(
    "RUNE-OBF-105",
    Category.OBFUSCATION,
    Severity.MEDIUM,
    "Letters of another script that look like Latin ones inside Latin words",
    "Compare the name or link with the real one, character by character.",
    ("CWE-1007",),
    0.8,
)
INVISIBLE_RUN = OwnRule(
    "RUNE-OBF-106",
    Category.OBFUSCATION,
    Severity.MEDIUM,
    "A long run of invisible characters",
    "Remove the invisible characters; a run this long can carry hidden data.",
    ("ATLAS-AML.T0068", "CWE-451"),
    0.8,
)
SURROGATES = OwnRule(
    "RUNE-OBF-107",
    Category.OBFUSCATION,
    Severity.LOW,
    "Lone surrogates, which no valid text contains",
    "Find out where the text was decoded wrongly; parts of it cannot be read.",
    ("CWE-176",),
)
TEXT_LIMIT = OwnRule(
    "RUNE-LIMIT-101",
    Category.LIMITS,
    Severity.MEDIUM,
    "The text is longer than one scan reads",
    "Split the text, or raise the limit; its middle was not read.",
    ("CWE-400",),
)
DEPTH_LIMIT = OwnRule(
    "RUNE-LIMIT-102",
    Category.LIMITS,
    Severity.MEDIUM,
    "More encodings inside one another than are undone",
    "Treat the text as hostile; honest content is not encoded this often.",
    ("CWE-674",),
)
VIEW_LIMIT = OwnRule(
    "RUNE-LIMIT-103",
    Category.LIMITS,
    Severity.MEDIUM,
    "More decoded readings than one scan makes",
    "Treat the text as hostile, or split it; some encoded parts were not read.",
    ("CWE-400",),
)
DECODED_LIMIT = OwnRule(
    "RUNE-LIMIT-104",
    Category.LIMITS,
    Severity.MEDIUM,
    "More decoded text than one scan reads",
    "Split the text; some encoded parts were not read.",
    ("CWE-409",),
)
FINDING_LIMIT = OwnRule(
    "RUNE-LIMIT-105",
    Category.LIMITS,
    Severity.MEDIUM,
    "More findings than one scan reports",
    "Withhold the text as a whole.",
)
CANDIDATE_LIMIT = OwnRule(
    "RUNE-LIMIT-106",
    Category.LIMITS,
    Severity.MEDIUM,
    "More that looks like credentials, personal data or addresses than one scan examines",
    "Split the text, or withhold it; its end was not examined for them.",
    ("CWE-400",),
)
INTERNAL = OwnRule(
    "RUNE-ERROR-101",
    Category.INTERNAL_ERROR,
    Severity.HIGH,
    "A part of the scan failed",
    "Report the error; until it is corrected, the policy's `on_error` decides.",
    ("CWE-755",),
)
DEGRADED = OwnRule(
    "RUNE-ERROR-102",
    Category.INTERNAL_ERROR,
    Severity.INFO,
    "A stage of the engine is out of order, and the others read the text without it",
    "`rune doctor` says what is wrong and what to do.",
    ("CWE-755",),
)

OWN_RULES = (
    TAGS,
    SELECTORS,
    INVISIBLE,
    BIDI,
    MIXED_SCRIPTS,
    INVISIBLE_RUN,
    SURROGATES,
    TEXT_LIMIT,
    DEPTH_LIMIT,
    VIEW_LIMIT,
    DECODED_LIMIT,
    FINDING_LIMIT,
    CANDIDATE_LIMIT,
    INTERNAL,
    DEGRADED,
)
"""All of them, for documentation."""

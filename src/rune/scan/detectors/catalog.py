"""Every rule of the detectors: what `rune rules` and the documentation list beside the signatures, and what can be switched off by its id.

Bounds that were reached and errors of the engine are in no list: switching one off would open the gate.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from rune.scan import own_rules
from rune.scan.detectors import links, pii, secrets
from rune.scan.detectors.pii.kinds import KINDS
from rune.scan.detectors.secrets.named import NAMED
from rune.scan.detectors.secrets.providers import PROVIDERS
from rune.scan.prompts import CANARY_RULE
from rune.scan.prompts import RULE as PROMPT_RULE
from rune.types import Category, Severity

_DISGUISES = (
    own_rules.TAGS,
    own_rules.SELECTORS,
    own_rules.INVISIBLE,
    own_rules.BIDI,
    own_rules.MIXED_SCRIPTS,
    own_rules.INVISIBLE_RUN,
    own_rules.SURROGATES,
)


class DetectorRule(NamedTuple):
    """One rule of a detector."""

    id: str
    title: str
    category: Category
    severity: Severity
    """Severity of a sure finding; a weaker one carries less."""
    label: str = ""
    """Short name of the kind of value, used in placeholders."""


@cache
def detector_rules() -> tuple[DetectorRule, ...]:
    """Return all of them, by id."""
    rules = [DetectorRule(rule.id, rule.title, rule.category, rule.severity) for rule in _DISGUISES]
    rules += [DetectorRule(row.rule, row.title, Category.SECRET, row.severity, row.label) for row in PROVIDERS]
    rules += [DetectorRule(row.rule, f"{row.title}, by its name", Category.SECRET, Severity.HIGH, row.label) for row in NAMED]
    rules += [DetectorRule(row.rule, row.title, Category.PII, row.severity, row.label) for row in KINDS]
    return tuple(sorted([*rules, *_SINGLE]))


@cache
def labels() -> dict[str, str]:
    """Return the short name of the kind of value each rule finds, by id; rules that find none are left out."""
    return {rule.id: rule.label for rule in detector_rules() if rule.label}


_SINGLE = (
    DetectorRule(secrets.ASSIGNED_RULE, "Password or key assigned as text", Category.SECRET, Severity.MEDIUM, "assigned"),
    DetectorRule(secrets.PHRASE_RULE, "Recovery phrase of a wallet", Category.SECRET, Severity.CRITICAL, "recovery-phrase"),
    DetectorRule(pii.PHONE_RULE, "Telephone number", Category.PII, Severity.MEDIUM, "phone"),
    DetectorRule(pii.EMAIL_RULE, "E-mail address", Category.PII, Severity.LOW, "email"),
    DetectorRule(pii.BIRTH_RULE, "Date of birth", Category.PII, Severity.MEDIUM, "birth-date"),
    DetectorRule(pii.ADDRESS_RULE, "Postal address", Category.PII, Severity.MEDIUM, "address"),
    DetectorRule(pii.DOCUMENT_RULE, "Travel document", Category.PII, Severity.HIGH, "travel-document"),
    DetectorRule(pii.COIN_RULE, "Address of a wallet", Category.PII, Severity.LOW, "wallet-address"),
    DetectorRule(pii.MAC_RULE, "Hardware address", Category.PII, Severity.LOW, "mac-address"),
    DetectorRule(links.RULE, "Data carried by an address", Category.EXFILTRATION, Severity.HIGH),
    DetectorRule(links.HIDDEN_RULE, "Data carried by markup that is not shown", Category.EXFILTRATION, Severity.HIGH),
    DetectorRule(PROMPT_RULE, "An agent's own system message", Category.PROMPT_EXTRACTION, Severity.HIGH),
    DetectorRule(CANARY_RULE, "A canary token", Category.PROMPT_EXTRACTION, Severity.HIGH),
)

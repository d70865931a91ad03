"""Which rules are in force: the shipped ones, the packs a user adds, less those that are switched off."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from rune.errors import ConfigurationError, RuleError
from rune.scan.detectors.catalog import detector_rules
from rune.scan.rule import RuleSet
from rune.scan.signatures import load_rules

SWITCH = "RUNE_DISABLE_RULES"
"""Environment variable with the ids of rules that are switched off, separated by commas or spaces."""


def rules_in_force(
    packs: Iterable[str | Path] = (), off: Iterable[str] = (), *, environment: Mapping[str, str] = os.environ, cache: Path | None = None
) -> RuleSet:
    """Return the shipped rules and those of every pack; rules named by `off` or by the environment stay in the set, switched off.

    Args:
        packs: Folders of rules, read and proved like the shipped ones.
        off: Ids of rules that must not look at anything; rules of detectors can be named too.
        environment: Where `RUNE_DISABLE_RULES` is looked up.
        cache: Folder in which files that were parsed before are remembered.

    Raises:
        RuleError: a pack cannot be read, or two rules share an id; the message begins with file and line.
        ConfigurationError: an id that is switched off belongs to no rule.
    """
    rules = load_rules(cache=cache)
    for folder in dict.fromkeys(Path(pack) for pack in packs):
        rules = rules.joined(pack_rules(folder))
    try:
        return rules.without([*off, *_switched_off(environment)], [rule.id for rule in detector_rules()])
    except RuleError as error:
        raise ConfigurationError(str(error)) from None


def pack_rules(folder: Path) -> RuleSet:
    """Return the rules of one folder, with the folder in front of every file's name; raises RuleError as `load_rules` does."""
    try:
        rules = load_rules(folder)
    except RuleError as error:
        text = str(error)
        raise RuleError(text if text.startswith(str(folder)) else f"{folder}{os.sep}{text}") from None
    return RuleSet(tuple(replace(rule, file=str(folder / rule.file)) for rule in rules))


def _switched_off(environment: Mapping[str, str]) -> list[str]:
    return environment.get(SWITCH, "").upper().replace(",", " ").split()

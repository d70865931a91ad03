"""`rune rules`: the signatures that are in force, as they ship or as a folder of your own adds them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rune.cli import rules_check
from rune.cli.options import AsJson, group
from rune.cli.screen import SEVERITY_STYLES, Screen, facts, indented, joined, plural, shown, table
from rune.errors import ConfigurationError
from rune.types import Category, Severity

if TYPE_CHECKING:
    from rune.scan.detectors.catalog import DetectorRule
    from rune.scan.rule import Example, Rule, RuleSet

Folder = Annotated[Path | None, typer.Option("--rules", metavar="DIR", help="A folder of rules of your own, beside the shipped ones.")]

app = group("Show and check the signatures in force.")
app.command("check")(rules_check.check)


@app.command("list")
def list_rules(
    ctx: typer.Context,
    *,
    category: Annotated[Category | None, typer.Option(metavar="CATEGORY", help="Only this category, such as prompt_injection.")] = None,
    severity: Annotated[Severity, typer.Option(help="Only this severity and above.")] = Severity.INFO,
    folder: Folder = None,
    as_json: AsJson = False,
) -> int:
    """List signatures and detector rules, with severity and title."""
    from rune.scan.detectors.catalog import detector_rules

    screen: Screen = ctx.obj
    known = _rules(folder)
    chosen = [rule for rule in known if category in (None, rule.category) and rule.severity.rank >= severity.rank]
    built_in = [rule for rule in detector_rules() if category in (None, rule.category) and rule.severity.rank >= severity.rank]
    if as_json:
        detectors = [detector_json(rule, known) for rule in built_in]
        screen.json({"revision": known.revision, "rules": [rule_json(rule) for rule in chosen], "detectors": detectors})
        return 0
    rows = table("rule", "severity", "maturity", "what it finds")
    for rule in chosen:
        state = shown(rule.maturity) if rule.enabled else shown("off", "dim")
        rows.add_row(shown(rule.id, "bold"), shown(rule.severity, SEVERITY_STYLES[rule.severity]), state, shown(rule.title))
    for found in built_in:
        state = shown("off", "dim") if found.id in known.off else shown("detector")
        rows.add_row(shown(found.id, "bold"), shown(found.severity, SEVERITY_STYLES[found.severity]), state, shown(found.title))
    silent = sum(not rule.enabled for rule in chosen) + sum(rule.id in known.off for rule in built_in)
    off = [f"{plural(silent, 'rule')} off"] if silent else []
    screen.show(
        rows,
        "",
        joined(plural(len(chosen) + len(built_in), "rule"), *off, f"revision {known.revision}", "rune rules show ID tells all about one"),
    )
    return 0


@app.command("show")
def show_rule(
    ctx: typer.Context,
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="For example RUNE-INJ-001.")],
    *,
    folder: Folder = None,
    as_json: AsJson = False,
) -> int:
    """Show one signature: what it finds, where it looks, its examples."""
    from rune.scan.detectors.catalog import detector_rules

    screen: Screen = ctx.obj
    known = _rules(folder)
    built_in = next((rule for rule in detector_rules() if rule.id == rule_id.upper()), None)
    if built_in is not None:
        return _show_detector(screen, detector_json(built_in, known), as_json=as_json)
    try:
        rule = known[rule_id.upper()]
    except KeyError:
        raise ConfigurationError(f"there is no signature `{rule_id}`; `rune rules list` names them all.") from None
    if as_json:
        screen.json(rule_json(rule))
        return 0
    screen.show(joined(shown(rule.id, "bold"), shown(rule.severity, SEVERITY_STYLES[rule.severity]), shown(rule.title)), "")
    screen.show(indented(facts(_about(rule))))
    for title, examples in (("Must match", rule.match), ("Must not match", rule.no_match)):
        screen.show("", shown(title, "dim"), *(indented(shown(_example(example))) for example in examples))
    return 0


def _show_detector(screen: Screen, rule: dict[str, Any], *, as_json: bool) -> int:
    if as_json:
        screen.json(rule)
        return 0
    about = {"category": rule["category"].replace("_", " "), "found by": "a detector in code, which no pattern can describe"}
    screen.show(joined(shown(rule["id"], "bold"), shown(rule["severity"]), shown(rule["title"])), "")
    screen.show(indented(facts(about if rule["enabled"] else {**about, "state": "switched off"})))
    return 0


def detector_json(rule: DetectorRule, known: RuleSet) -> dict[str, Any]:
    """Return a rule of a detector for a program."""
    enabled = rule.id not in known.off
    return {"id": rule.id, "title": rule.title, "category": rule.category.value, "severity": rule.severity.value, "enabled": enabled}


def _rules(folder: Path | None) -> RuleSet:
    from rune.scan.packs import rules_in_force

    return rules_in_force([folder] if folder else [])


def _about(rule: Rule) -> dict[str, Any]:
    return {
        "category": rule.category.value.replace("_", " "),
        "maturity": f"{rule.maturity}, since {rule.since}{'' if rule.enabled else ', switched off'}",
        "looks at": ", ".join(sorted(rule.channels)) or "every message",
        "pattern": rule.pattern,
        "do": rule.remediation,
        "see": ", ".join(rule.references),
    }


def _example(example: Example) -> str:
    return f"{example.text}  ({example.kind.value}, {example.direction.value})"


def rule_json(rule: Rule) -> dict[str, Any]:
    """Return a signature for a program."""
    return {
        "id": rule.id,
        "title": rule.title,
        "category": rule.category.value,
        "severity": rule.severity.value,
        "maturity": rule.maturity.value,
        "enabled": rule.enabled,
        "since": rule.since,
        "channels": sorted(rule.channels),
        "pattern": rule.pattern,
        "references": list(rule.references),
        "remediation": rule.remediation,
        "match": [example.text for example in rule.match],
        "no_match": [example.text for example in rule.no_match],
    }

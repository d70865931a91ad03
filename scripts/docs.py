"""Write the generated pages of docs/; with `--check` only say whether they are current (a test does)."""

from __future__ import annotations

import argparse
import sys
from itertools import groupby
from pathlib import Path

from rune.integrations.autogen.holding import SEAMS
from rune.integrations.autogen.open_paths import OPEN_PATHS
from rune.scan.detectors.catalog import detector_rules
from rune.scan.rule import Rule
from rune.scan.signatures import load_rules

DOCS = Path(__file__).parent.parent / "docs"
HEAD = """# Rules

Every signature that ships with Rune, generated from the rule files (`python scripts/docs.py`). A rule is data and proves itself: each file
holds texts it must and must not match, executed when rules are loaded. *shadow* rules are reported but never change what happens to a
message. `rune rules show ID` prints one with its examples; a policy can select on the id: `rule: RUNE-INJ-*`.
"""


def group(rule: Rule) -> str:
    """Return the group of a rule, the middle of its id."""
    return rule.id.split("-")[1]


def section(name: str, rules: list[Rule]) -> str:
    """Return the table of one group."""
    lines = [f"\n## {name}\n", "| rule | what it finds | severity | maturity | where | references |", "|---|---|---|---|---|---|"]
    for rule in rules:
        where = ", ".join(sorted(rule.channels)) or "everywhere"
        title = rule.title.replace("|", "\\|")
        cells = (rule.id, title, rule.severity, rule.maturity, where, ", ".join(rule.references))
        lines.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return "\n".join(lines) + "\n"


def rules_page() -> str:
    """Return the text of docs/rules.md."""
    rules = list(load_rules())
    groups = groupby(sorted(rules, key=lambda rule: (group(rule), rule.id)), key=group)
    sections = "".join(section(name, list(members)) for name, members in groups)
    return HEAD + f"\n{len(rules)} rules.\n" + sections + detectors_section()


def detectors_section() -> str:
    """Return the table of what detectors find, which no pattern can describe."""
    rules = detector_rules()
    lines = [
        "\n## Detectors\n",
        f"{len(rules)} rules in code, because no pattern describes what they find; they are switched off by their ids like the others.\n",
        "| rule | what it finds | category | severity |",
        "|---|---|---|---|",
    ]
    lines += [f"| {rule.id} | {rule.title} | {rule.category.value} | {rule.severity.value} |" for rule in rules]
    return "\n".join(lines) + "\n"


def autogen_page() -> str:
    """Return the text of docs/autogen.md: what a person wrote, with the tables of seams and open paths as the code has them."""
    page = (DOCS / "autogen.md").read_text(encoding="utf-8")
    seams = ["| object | seam | method | what passes there |", "|---|---|---|---|"]
    seams += [f"| {kind} | {seam.name} | `{seam.method}` | {seam.covers} |" for kind, held in SEAMS.items() for seam in held]
    paths = ["| path | what happens there | what to do |", "|---|---|---|"]
    paths += [f"| {path.path} | {path.consequence} | {path.advice} |" for path in OPEN_PATHS]
    return between(between(page, "seams", seams), "open paths", paths)


def between(page: str, name: str, lines: list[str]) -> str:
    """Return `page` with what stands between the markers of `name` replaced."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, _, rest = page.partition(begin)
    return before + "\n".join((begin, *lines, end)) + rest.partition(end)[2]


PAGES = {"rules.md": rules_page, "autogen.md": autogen_page}


def main() -> int:
    """Write or check the pages; return 1 when one is stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = []
    for name, page in PAGES.items():
        path, text = DOCS / name, page()
        if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            stale.append(name)
        elif not check:
            path.write_text(text, encoding="utf-8")
    print("\n".join(f"docs/{name} is stale; run `python scripts/docs.py`" for name in stale))
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())

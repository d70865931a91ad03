"""`rune scan-code`: say what a piece of code would touch, without running it."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from rune.cli.options import AsJson
from rune.cli.screen import Screen, facts, finding_block, joined, plural, shown
from rune.cli.source import read_source
from rune.types import Severity

if TYPE_CHECKING:
    from rune.code import CodeReport

LANGUAGES = {
    ".py": "python",
    ".pyw": "python",
    ".sh": "bash",
    ".bash": "bash",
    ".zsh": "bash",
    ".js": "javascript",
    ".mjs": "javascript",
    ".ps1": "powershell",
    ".bat": "batch",
    ".cmd": "batch",
}
"""Language by extension, for code whose language nobody named."""
WITHHELD = 1


def scan_code(
    ctx: typer.Context,
    source: Annotated[str | None, typer.Argument(metavar="FILE|-", help="A file of code, or - for standard input.")] = None,
    *,
    literal: Annotated[bool, typer.Option("--text", help="Take the argument as the code, even if it names a file.")] = False,
    language: Annotated[
        str, typer.Option(metavar="NAME", help="Language of the code; default: by the file's extension, else guessed.")
    ] = "",
    work_dir: Annotated[str, typer.Option(metavar="DIR", help="The directory that the code may write to.")] = ".",
    as_json: AsJson = False,
) -> int:
    """Say what a piece of code would touch, without running it.

    Exit code 0: nothing harmful found. 1: a harmful use, or code that could not be read. 2: there was nothing to read.
    """
    from rune.code import analyze

    screen: Screen = ctx.obj
    content = read_source(source, literal=literal)
    with screen.progress(f"reading {content.name}"):
        report = analyze(content.text, language or LANGUAGES.get(PurePath(content.name).suffix.lower(), ""), work_dir=work_dir)
    if as_json:
        screen.json({"source": content.name, **report.to_dict()})
    else:
        _show(screen, content.name, report)
    return WITHHELD if _would_stop(report) else 0


def _would_stop(report: CodeReport) -> bool:
    return not report.parsed or any(finding.severity.rank >= Severity.MEDIUM.rank for finding in report.findings)


def _show(screen: Screen, name: str, report: CodeReport) -> None:
    found = plural(len(report.findings), "finding") if report.findings else "nothing harmful found"
    screen.show(joined(shown(name, "bold"), shown(report.language), found, "" if report.parsed else "not all of it could be read"))
    for finding in report.findings:
        screen.show("", finding_block(finding))
    touched = _touched(report)
    screen.show("", shown("What it touches" if touched else "It touches nothing that could be named.", "dim"))
    screen.show(facts(touched), "")
    screen.line(joined(shown("sha256", "dim"), shown(report.sha256)))


def _touched(report: CodeReport) -> dict[str, str]:
    manifest = report.manifest
    named = {
        "hosts": manifest.hosts,
        **{f"paths to {operation}": paths for operation, paths in manifest.paths.items()},
        "programs": manifest.programs,
        "packages": manifest.packages,
        "environment": manifest.environment,
    }
    lists = {what: ", ".join(names) for what, names in named.items() if names}
    return {**lists, **({"dynamic": "runs code that is put together only at run time"} if manifest.dynamic else {})}

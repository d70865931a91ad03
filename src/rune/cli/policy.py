"""`rune policy`: check a policy, show one, and explain what one does with a message."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from rune.cli.options import AsJson, Border, MessageKind, Origins, PolicyName, Recipient, Sender, SenderTrust, group
from rune.cli.screen import ACTION_STYLES, Screen, action, indented, joined, plural, shown, table
from rune.cli.source import read_source
from rune.errors import PolicyError
from rune.types import Action, Direction, Kind, Message, Trust

if TYPE_CHECKING:
    from rune.policy.decide import Explanation, Step
    from rune.policy.model import Policy

INVALID = 1
WITHHELD = 1

app = group("Check a policy, show one, explain what one does.")


@app.command("check")
def check(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Policy files.")],
    *,
    as_json: AsJson = False,
) -> int:
    """Check policy files; an error names file, line and key.

    Exit code 0: all can be used. 1: at least one cannot.
    """
    screen: Screen = ctx.obj
    results = [(file, *_load(file)) for file in files]
    if as_json:
        screen.json([_result_json(file, policy, error) for file, policy, error in results])
    else:
        for file, policy, error in results:
            screen.line(_result(file, policy, error))
    return INVALID if any(error for _, _, error in results) else 0


def _load(file: Path) -> tuple[Policy | None, str]:
    from rune.policy.load import load_policy

    try:
        return load_policy(file), ""
    except PolicyError as error:
        return None, str(error)


def _result(file: Path, policy: Policy | None, error: str) -> Text:
    if policy is None:
        return Text("\n").join(joined(shown("error", ACTION_STYLES[Action.BLOCK]), shown(line)) for line in error.splitlines())
    facts = (plural(len(policy.rules), "rule"), plural(len(policy.agents), "agent"), policy.mode, f"revision {policy.revision}")
    return joined(shown("ok", "bold"), shown(file), *facts)


def _result_json(file: Path, policy: Policy | None, error: str) -> dict[str, Any]:
    return {"file": str(file), "ok": policy is not None, "error": error or None, "revision": policy.revision if policy else None}


@app.command("show")
def show(
    ctx: typer.Context,
    policy: Annotated[str, typer.Argument(metavar="PRESET|FILE", help="observe, balanced, strict, or a policy file.")] = "balanced",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Write what it decides by, presets and defaults filled in.")] = False,
) -> int:
    """Show a policy as it is written, to read or to copy and change."""
    screen: Screen = ctx.obj
    loaded = load(policy)
    if as_json:
        screen.json({"name": loaded.name, "revision": loaded.revision, **loaded.to_dict()})
        return 0
    for line in _written(policy).splitlines():
        screen.line(shown(line))
    return 0


def load(policy: str) -> Policy:
    """Return the policy that a command names."""
    from rune.policy.load import load_policy

    return load_policy(policy)


def _written(policy: str) -> str:
    preset = resources.files("rune") / "policy" / "presets" / f"{policy}.yaml"
    return (preset if preset.is_file() else Path(policy)).read_text(encoding="utf-8")


@app.command("explain")
def explain(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT|FILE|-", help="The message; default: an empty one.")] = "",
    *,
    policy: PolicyName = "balanced",
    kind: MessageKind = Kind.CHAT,
    direction: Border = Direction.INTERNAL,
    sender: Sender = "",
    recipient: Recipient = "",
    origin: Origins = None,
    trust: SenderTrust = Trust.INTERNAL,
    as_json: AsJson = False,
) -> int:
    """Explain which rule decides about a message, step by step.

    Exit code 0: the message may pass. 1: it would be withheld.
    """
    from rune.pipeline import code_findings
    from rune.policy.decide import explain as explain_decision
    from rune.shield import Shield

    screen: Screen = ctx.obj
    shield = Shield(policy=policy, transcript=False)
    words = read_source(text).text if text else ""
    message = Message(words, kind, direction, sender, recipient, origins=tuple(origin or ()), trust=trust)
    reader = shield.pipeline.engine
    findings = (*reader.scan(message), *code_findings(message))
    explanation = explain_decision(message, findings, shield.policy, rules_revision=reader.revision)
    if as_json:
        screen.json({"verdict": explanation.verdict.to_dict(), "steps": [asdict(step) for step in explanation.steps]})
    else:
        show_explanation(screen, explanation, shield.policy)
    return WITHHELD if explanation.verdict.blocked else 0


def show_explanation(screen: Screen, explanation: Explanation, policy: Policy) -> None:
    """Show what decides about a message, and every rule that was considered on the way."""
    verdict = explanation.verdict
    decided = f"decided by {verdict.decided_by}" if verdict.decided_by else "nothing stands against it"
    screen.show(joined(action(verdict.action), decided, f"policy {policy.name} ({policy.revision})"))
    width = max((len(step.rule) for step in explanation.steps), default=0)
    for subject, steps in itertools.groupby(explanation.steps, key=lambda step: step.subject):
        screen.show("", shown(_subject(subject, explanation), "bold"), indented(_steps(steps, width)))


def _subject(subject: str, explanation: Explanation) -> str:
    summary = next((finding.summary for finding in explanation.verdict.findings if finding.rule == subject), "")
    return f"{subject}: {summary}" if summary else f"the {subject} itself"


def _steps(steps: Iterable[Step], width: int) -> Table:
    rows = table("rule".ljust(width), "action", "fits", "why")
    for step in steps:
        mark, style = ("yes", "bold") if step.matched else ("no", "dim")
        rows.add_row(
            shown(step.rule.ljust(width), style), action(step.action), shown(mark, style), shown(step.reason, "" if step.matched else "dim")
        )
    return rows

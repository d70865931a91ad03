"""`rune scan`: read one text and say what the policy would do with it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from rune.cli.options import AsJson, Border, MessageKind, Origins, PolicyName, Sender, SenderTrust
from rune.cli.screen import Screen, action, facts, finding_block, joined, plural, shown
from rune.cli.source import Source, read_source
from rune.types import Direction, Kind, Trust, Verdict

WITHHELD = 1


def scan(
    ctx: typer.Context,
    source: Annotated[str | None, typer.Argument(metavar="TEXT|FILE|-", help="A text, a file, or - for standard input.")] = None,
    *,
    literal: Annotated[bool, typer.Option("--text", help="Take the argument as the text, even if it names a file.")] = False,
    direction: Border = Direction.INBOUND,
    kind: MessageKind = Kind.CHAT,
    sender: Sender = "",
    origin: Origins = None,
    trust: SenderTrust = Trust.INTERNAL,
    policy: PolicyName = "balanced",
    as_json: AsJson = False,
) -> int:
    """Read one text and say what the policy would do with it.

    Exit code 0: it may pass. 1: it would be withheld. 2: it could not be read.
    """
    from rune.shield import Shield

    screen: Screen = ctx.obj
    content = read_source(source, literal=literal)
    shield = Shield(policy=policy, transcript=False)
    context = {"kind": kind, "sender": sender, "origins": tuple(origin or ()), "trust": trust}
    with screen.progress(f"reading {content.name}"):
        verdict = shield.scan(content.content, direction, context)
    if as_json:
        screen.json({"source": content.name, **verdict_json(verdict)})
    else:
        show_verdict(screen, content, verdict, shield.policy.name)
    return WITHHELD if verdict.blocked else 0


def verdict_json(verdict: Verdict) -> dict[str, object]:
    """Return a verdict for a program: its stable form, whether it stops the message, and the time it took."""
    return {"blocked": verdict.blocked, **verdict.to_dict(), "elapsed_ms": round(verdict.elapsed_ms, 3)}


def show_verdict(screen: Screen, source: Source, verdict: Verdict, policy: str) -> None:
    """Show a verdict and its findings, worst first."""
    screen.show(_headline(verdict, source))
    for finding in sorted(verdict.findings, key=lambda f: (f.severity.rank, f.confidence), reverse=True):
        screen.show("", finding_block(finding))
    screen.show(
        "",
        facts(
            {
                "policy": f"{policy} ({verdict.policy_revision})",
                "decided by": verdict.decided_by,
                "rules": verdict.rules_revision,
                "time": f"{verdict.elapsed_ms:.2f} ms",
            }
        ),
    )


def _headline(verdict: Verdict, source: Source) -> Text:
    found = plural(len(verdict.findings), "finding") if verdict.findings else "nothing found"
    return joined(action(verdict.action), shown(source.name), found, f"risk {verdict.risk:.2f}" if verdict.findings else "")

"""`rune explain`: which words of a text led to which finding, through which decoding, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from rune.cli.options import AsJson, Border, MessageKind, Origins, PolicyName, Sender, SenderTrust
from rune.cli.policy import show_explanation
from rune.cli.screen import Screen, action, facts, finding_block, indented, joined, plural, shown
from rune.cli.source import Source, read_source
from rune.errors import ConfigurationError
from rune.types import Direction, Finding, Kind, Message, Trust, Verdict, Word

if TYPE_CHECKING:
    from rune.policy.decide import Explanation
    from rune.policy.model import Policy
    from rune.scan.explain import Explained, ReadingMade

WITHHELD = 1


class Place(Word):
    """Where a text stands, in one word."""

    USER = "user"
    AGENT = "agent"
    DATA = "data"


def explain(
    ctx: typer.Context,
    source: Annotated[str | None, typer.Argument(metavar="TEXT|FILE|-", help="A text, a file, or - for standard input.")] = None,
    *,
    literal: Annotated[bool, typer.Option("--text", help="Take the argument as the text, even if it names a file.")] = False,
    channel: Annotated[Place | None, typer.Option("--channel", help="Where it stands, in place of kind, direction and origin.")] = None,
    kind: MessageKind = Kind.CHAT,
    direction: Border = Direction.INBOUND,
    sender: Sender = "",
    origin: Origins = None,
    trust: SenderTrust = Trust.INTERNAL,
    policy: PolicyName = "balanced",
    as_json: AsJson = False,
) -> int:
    """Explain what was found in a text, and why.

    Nothing is sent anywhere; a judge that the policy names is not asked.

    Exit code 0: it may pass. 1: it would be withheld. 2: it could not be read.
    """
    from rune import content
    from rune.shield import Shield

    screen: Screen = ctx.obj
    given = read_source(source, literal=literal)
    read = content.read(given.content)
    message = _message(read.text, channel, kind, direction, tuple(origin or ()), sender, trust)
    shield = Shield(policy=policy, transcript=False)
    with screen.progress(f"reading {given.name}"):
        explained, ruling = _explained(shield, message, read.findings)
    asked = _about_judge(shield, message, ruling.verdict)
    if as_json:
        screen.json(_json(given, explained, ruling, asked))
    else:
        _show(screen, given, explained, ruling, asked, shield.policy)
    return WITHHELD if ruling.verdict.blocked else 0


def _message(  # noqa: PLR0917 - the facts of one command line
    text: str, place: Place | None, kind: Kind, direction: Direction, origins: tuple[str, ...], sender: str, trust: Trust
) -> Message:
    from rune.scan.channel import channel

    if place is Place.DATA and kind is Kind.CHAT:
        kind, origins = Kind.TOOL_RESULT, origins or ("web",)
    if place is not None:
        direction = Direction.INBOUND if place is Place.USER else Direction.INTERNAL
    message = Message(text, kind, direction, sender, origins=origins, trust=trust)
    if place is not None and channel(message).value != place.value:
        raise ConfigurationError(
            f"`--channel {place}` does not go with the kind, origin and trust given, which make it `{channel(message)}`; leave one out."
        )
    return message


def _explained(shield: Any, message: Message, extra: tuple[Finding, ...]) -> tuple[Explained, Explanation]:
    from rune.pipeline import code_findings
    from rune.policy.decide import explain as explain_decision
    from rune.scan.explain import explain as explain_readings

    engine = shield.pipeline.engine
    findings = (*extra, *engine.scan(message), *code_findings(message))
    return explain_readings(message.text, findings), explain_decision(message, findings, shield.policy, rules_revision=engine.revision)


def _about_judge(shield: Any, message: Message, verdict: Verdict) -> str:
    judge = shield.pipeline.judge
    if judge is None:
        return ""
    settings = judge.settings
    band = f"risk {verdict.risk:.2f}, asked from {settings.low:g} to {settings.high:g}"
    return f"{settings.model} would {'' if judge.wants(message, verdict) else 'not '}be asked ({band})"


def _json(source: Source, explained: Explained, ruling: Explanation, asked: str) -> dict[str, Any]:
    from dataclasses import asdict

    from rune.policy.risk import shares

    parts = {
        category.value: {"weight": round(share.weight, 4), "rule": share.finding.rule}
        for category, share in sorted(shares(ruling.verdict.findings).items())
    }
    return {
        "source": source.name,
        **explained.to_dict(),
        "verdict": ruling.verdict.to_dict(),
        "risk": {"total": round(ruling.verdict.risk, 4), "categories": parts},
        "steps": [asdict(step) for step in ruling.steps],
        "judge": asked or None,
    }


def _show(screen: Screen, source: Source, explained: Explained, ruling: Explanation, asked: str, policy: Policy) -> None:  # noqa: PLR0917
    verdict = ruling.verdict
    found = plural(len(verdict.findings), "finding") if verdict.findings else "nothing found"
    screen.show(joined(action(verdict.action), shown(source.name), found, "degraded" if verdict.degraded else ""))
    _section(screen, "Readings", _readings(explained))
    blocks = sorted(verdict.findings, key=lambda finding: (finding.severity.rank, finding.confidence), reverse=True)
    for finding in blocks:
        _section(screen, "", (finding_block(finding),))
    _section(screen, "Risk", _risk(verdict))
    if asked:
        _section(screen, "Judge", (shown(asked),))
    _section(screen, "Ruling", ())
    show_explanation(screen, ruling, policy)


def _section(screen: Screen, title: str, parts: Iterable[RenderableType]) -> None:
    screen.show("", *((shown(title, "dim"),) if title else ()), *(indented(part) if title else part for part in parts))


def _readings(explained: Explained) -> Iterable[RenderableType]:
    for made in explained.readings:
        how = f"through {' → '.join(made.chain)}" if made.chain else "as it stands"
        folded = f"{plural(made.folded, 'character')} read as others" if made.folded else ""
        yield joined(shown(how, "bold"), plural(made.characters, "character"), folded)
        yield indented(shown(made.excerpt))
        yield from _parts(made)
    if explained.reached or explained.failed:
        yield facts({"cut short by": ", ".join(explained.reached), "failed": ", ".join(explained.failed)})


def _parts(made: ReadingMade) -> Iterable[RenderableType]:
    for part in made.parts:
        place = shown(f"characters {part.span.start}–{part.span.end}", "dim")
        yield indented(facts({"from": joined(part.before, place), "to": part.after}), 4)
    if made.more:
        yield indented(shown(f"and {plural(made.more, 'further part')}", "dim"), 4)


def _risk(verdict: Verdict) -> Iterable[RenderableType]:
    from rune.policy.risk import WEIGHTS, shares

    if not verdict.findings:
        yield shown("0.00: nothing was found")
        return
    rows = {
        category.value.replace("_", " "): Text(
            f"{share.weight:.2f} = {share.finding.severity} {WEIGHTS[share.finding.severity]:.2f} × confidence"
            f" {share.finding.confidence:.2f}, {share.finding.rule}"
        )
        for category, share in sorted(shares(verdict.findings).items())
    }
    yield facts({**rows, "together": f"{verdict.risk:.2f}, one minus the product of what each leaves"})

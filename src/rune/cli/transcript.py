"""`rune transcript`: read the local record of what was said and decided."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer
from rich.text import Text

from rune.cli.options import AsJson, TranscriptFile, group
from rune.cli.screen import SEVERITY_STYLES, Progress, Screen, action, excerpt, indented, joined, plural, shown, table
from rune.errors import ConfigurationError
from rune.types import Action, Word

if TYPE_CHECKING:
    from rune.transcript import ConversationSummary
    from rune.transcript.record import Record

NO_CONVERSATION = "none"
"""How the scans outside any conversation are called."""
ID_CHARS = 24
"""A longer id is listed by its beginning, which `show` takes too."""
SHORT_ID_CHARS = 8
AGENTS = 4
AGENT_CHARS = 40


class ExportFormat(Word):
    """The forms of an export."""

    JSONL = "jsonl"
    MD = "md"
    CSV = "csv"


app = group("Read the local record of what was said and decided.")


@app.command("list")
def list_conversations(
    ctx: typer.Context,
    *,
    file: TranscriptFile = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> int:
    """List the recorded conversations, worst first."""
    screen: Screen = ctx.obj
    path = place(file)
    found = _summaries(screen, path)
    if as_json:
        screen.json({"transcript": str(path), "conversations": [_summary_json(one) for one in found[:limit]]})
        return 0
    rows = table("conversation", "last", "worst", "right:messages", "right:findings", "agents", whole="conversation")
    names = shortest({one.id for one in found})
    for one in found[:limit]:
        rows.add_row(*_row(one, names[one.id]))
    screen.show(rows, "", _footer(path, len(found), limit))
    return 0


@app.command("show")
def show_conversation(
    ctx: typer.Context,
    wanted: Annotated[str, typer.Argument(metavar="CONVERSATION", help="Its id, the beginning of it, or an incident id (inc-...).")],
    *,
    file: TranscriptFile = None,
    found_only: Annotated[bool, typer.Option("--found", help="Only messages that something was found in.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Whole contents instead of their beginning.")] = False,
    as_json: AsJson = False,
) -> int:
    """Show who said what to whom, what was withheld and why."""
    from rune.transcript import records

    screen: Screen = ctx.obj
    path = place(file)
    one = _find(wanted, _summaries(screen, path))
    chosen = (record for record in records(path, one.id) if not found_only or record.fields.get("findings"))
    if as_json:
        screen.json({"conversation": one.id, "records": [{**record.fields, "hash": record.hash} for record in chosen]})
        return 0
    name = shown(one.id or NO_CONVERSATION, "bold")
    screen.line(joined(shown("conversation", "dim"), name, _when(one.first), plural(one.messages, "message")))
    for record in chosen:
        screen.show("", *_record(record, full=full))
    return 0


@app.command("export")
def export_transcript(
    ctx: typer.Context,
    wanted: Annotated[
        str | None, typer.Argument(metavar="CONVERSATION", help="Only this one: its id, the beginning of it, or an incident id.")
    ] = None,
    *,
    file: TranscriptFile = None,
    form: Annotated[
        ExportFormat, typer.Option("--format", help="jsonl can be verified, md is for people, csv for a spreadsheet.")
    ] = ExportFormat.JSONL,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A new file to write; default: standard output.")] = None,
) -> int:
    """Write all of it, or one conversation, to take it elsewhere."""
    from rune.transcript.export import export

    screen: Screen = ctx.obj
    path = place(file)
    conversation = _find(wanted, _summaries(screen, path)).id if wanted is not None else None
    lines = export(path, conversation, form.value)
    if output is None:
        for line in lines:
            screen.out.file.write(line)
        screen.out.file.flush()
        return 0
    with screen.progress(f"writing {output}"), _new_file(output) as target:
        target.writelines(lines)
    screen.note(joined("written:", shown(output), "`rune verify` checks it" if form is ExportFormat.JSONL else "", sep=" "))
    return 0


def _new_file(path: Path) -> TextIO:
    try:
        return path.open("x", encoding="utf-8", newline="\n")
    except FileExistsError:
        raise ConfigurationError(f"`{path}` already exists; name a new file.") from None


def place(file: Path | None) -> Path:
    """Return which transcript is meant.

    Raises:
        ConfigurationError: there is none yet.
    """
    from rune.transcript import default_path

    path = file or default_path()
    if not path.exists():
        hint = "check the path." if file else "it appears with the first decision of a guarded program; `rune demo` makes one to look at."
        raise ConfigurationError(f"there is no transcript `{path}`; {hint}")
    return path


def counting(progress: Progress, verb: str) -> Callable[[int, int], None]:
    """Return a callback that says how many of how many records are done."""
    return lambda done, total: progress(f"{verb} record {done:,} of {total:,}") if progress.status is not None else None


def _summaries(screen: Screen, path: Path) -> list[ConversationSummary]:
    from rune.transcript import conversations

    with screen.progress(f"reading {path}") as progress:
        return conversations(path, counting(progress, "reading"))


def _find(wanted: str, known: list[ConversationSummary]) -> ConversationSummary:
    exact = [one for one in known if wanted in (one.id or NO_CONVERSATION, *one.incidents)]
    found = exact or [one for one in known if wanted and one.id.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    problem = (
        f"{len(found)} conversations begin with `{wanted}`; give more of the id." if found else f"there is no conversation `{wanted}`;"
    )
    raise ConfigurationError(problem if found else f"{problem} `rune transcript list` names them all.")


def shortest(names: Collection[str]) -> dict[str, str]:
    """Return for each id the beginning that tells it from all others, where the whole is too long for a table."""
    ordered = sorted(names)
    short = {}
    for before, name, after in zip(["", *ordered], ordered, [*ordered[1:], ""], strict=False):
        shared = max(_shared(name, other) for other in (before, after))
        short[name] = name if len(name) <= ID_CHARS else name[: max(SHORT_ID_CHARS, shared + 1)]
    return short


def _shared(one: str, other: str) -> int:
    return next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other)))


def _row(one: ConversationSummary, name: str) -> tuple[Text | str, ...]:
    more = f" and {len(one.agents) - AGENTS} more" if len(one.agents) > AGENTS else ""
    agents = ", ".join(name[:AGENT_CHARS] for name in one.agents[:AGENTS]) + more
    return (
        shown(name or NO_CONVERSATION, "bold"),
        ago(one.last),
        action(one.worst),
        f"{one.messages:,}",
        f"{one.findings:,}",
        shown(agents),
    )


def _footer(path: Path, found: int, limit: int) -> Text:
    rest = f"{found - limit:,} more with --limit {found}" if found > limit else ""
    return joined(plural(found, "conversation"), rest, shown(path, "dim"))


def _record(record: Record, *, full: bool) -> tuple[Any, ...]:
    fields = record.fields
    if record.event not in ("message", "review", "judge"):
        return (joined(shown(record.sequence, "dim"), _when(_time(fields)), shown(record.event)),)
    kind = str(fields.get("kind", "")).replace("_", " ")
    route = f"{fields.get('sender') or 'unknown'} → {fields.get('recipient') or 'unknown'}"
    late = "the judge's late answer" if record.event == "judge" else ""
    head = joined(
        shown(record.sequence, "dim"), _when(_time(fields)), shown(route, "bold"), shown(kind), _action(fields.get("action")), late
    )
    return (head, *(indented(line) for line in (*_review(fields), *_content(fields, full=full), *_findings(fields))))


def _action(word: object) -> Text:
    return action(str(word)) if word in {known.value for known in Action} else shown(word or "")


def _review(fields: Any) -> tuple[Text, ...]:
    review = fields.get("review")
    if not isinstance(review, dict):
        return ()
    reason = f": {review['reason']}" if review.get("reason") else ""
    return (shown(f"{review.get('decision')} by {review.get('reviewer') or 'unknown'}{reason}"),)


def _content(fields: Any, *, full: bool) -> tuple[Text, ...]:
    content = fields.get("content")
    if not isinstance(content, str):
        return (shown(f"{fields.get('content_chars', 0)} characters, not kept; SHA-256 {fields.get('content_hash', '')}", "dim"),)
    return tuple(shown(line) for line in content.splitlines()) if full else (excerpt(content),)


def _findings(fields: Any) -> list[Text]:
    found = fields.get("findings")
    return [
        joined(
            shown(f"▸ {finding.get('rule')}", "bold"),
            shown(finding.get("severity", ""), _severity_style(finding.get("severity"))),
            shown(finding.get("summary", "")),
        )
        for finding in (found if isinstance(found, list) else ())
        if isinstance(finding, dict)
    ]


def _severity_style(word: object) -> str:
    return next((style for severity, style in SEVERITY_STYLES.items() if severity.value == word), "")


def _time(fields: Any) -> float:
    value = fields.get("time")  # of any type, when somebody changed the file
    return float(value) if isinstance(value, int | float) else 0.0


def _when(seconds: float) -> Text:
    return shown(_moment(seconds).astimezone().strftime("%Y-%m-%d %H:%M:%S"), "dim")


def _moment(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, timezone.utc)
    except (OverflowError, OSError, ValueError):  # no calendar holds it
        return datetime.fromtimestamp(0, timezone.utc)


def ago(seconds: float, now: float | None = None) -> str:
    """Return how long ago a moment was, in the largest unit that fits: `4 min ago`."""
    past = max(0, int((time.time() if now is None else now) - seconds))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if past >= size:
            return f"{past // size} {unit} ago"
    return f"{past} s ago"


def _summary_json(one: ConversationSummary) -> dict[str, Any]:
    return {
        "id": one.id,
        "first": _utc(one.first),
        "last": _utc(one.last),
        "worst": one.worst.value,
        "messages": one.messages,
        "findings": one.findings,
        "reviews": one.reviews,
        "agents": list(one.agents),
        "incidents": list(one.incidents),
    }


def _utc(seconds: float) -> str:
    return _moment(seconds).isoformat(timespec="milliseconds")

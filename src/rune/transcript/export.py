"""Writes a transcript, or one conversation of it, in forms that leave the machine: for verification, for people, for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal

from rune.errors import ConfigurationError
from rune.scan.visible import visible
from rune.transcript.read import AnyPath, current_head, pages, records
from rune.transcript.record import FORMAT, Record

ExportFormat = Literal["jsonl", "md", "csv"]
NAME_CHARS = 200
COLUMNS = (
    "sequence",
    "time",
    "conversation",
    "turn",
    "event",
    "sender",
    "recipient",
    "kind",
    "direction",
    "action",
    "risk",
    "rules",
    "decided_by",
    "review",
    "incident",
    "content_hash",
    "content",
    "hash",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def export(path: AnyPath, conversation: str | None = None, format: str = "jsonl") -> Iterator[str]:  # noqa: A002 - the word of the command line
    """Return an iterator over the lines of an export, each with its line end.

    Args:
        path: the transcript.
        conversation: only this one; None for everything.
        format: `jsonl` holds every record byte for byte and can be verified without the transcript; `md` is for people to read, with
            everything an agent wrote made inert; `csv` has one row a record, safe to open in a spreadsheet.

    Raises:
        ConfigurationError: an unknown format.
        TranscriptError: the file is no transcript, or a part of it cannot be read.
    """
    writers: dict[str, Callable[[Path, str | None], Iterator[str]]] = {"jsonl": _jsonl, "md": _markdown, "csv": _csv}
    if format not in writers:
        raise ConfigurationError(f"unknown export format `{format}`; use one of {', '.join(writers)}.")
    return writers[format](Path(path), conversation)


def _jsonl(path: Path, conversation: str | None) -> Iterator[str]:
    end = current_head(path)
    yield json.dumps({"export": {"conversation": conversation, "format": FORMAT, "head": str(end or "")}}, sort_keys=True) + "\n"
    last: dict[str, Any] = {}
    for page in pages(path, conversation):
        for sequence, _, _, record, digest in page:
            if not isinstance(record, bytes) or not isinstance(digest, bytes):
                continue  # no record any more; the verification of the export misses it
            yield f'{{"hash":"{digest.hex()}","record":{record.decode("utf-8", "replace")}}}\n'
            last = {"hash": digest.hex(), "sequence": sequence}
    yield json.dumps({"end": last}, sort_keys=True) + "\n"


def _markdown(path: Path, conversation: str | None) -> Iterator[str]:
    end = current_head(path)
    yield f"# Transcript{' of conversation ' + inline(conversation) if conversation is not None else ''}\n\n"
    yield f"From {inline(path.name)}, head `{end or 'none'}`. "
    yield "What agents wrote is shown with control and invisible characters made visible.\n\n"
    for record in records(path, conversation):
        yield from _section(record)


def _section(record: Record) -> Iterator[str]:
    fields = record.fields
    if record.conversation is None:
        yield f"## {record.sequence} · {when(record.time)} · {inline(record.event)}\n\n{block(_about_file(fields))}\n"
        return
    yield f"## {record.sequence} · {when(record.time)} · {inline(fields.get('action'))}\n\n"
    yield f"{inline(fields.get('sender') or '?')} → {inline(fields.get('recipient') or '?')}, {inline(fields.get('kind'))}"
    yield f", {inline(record.event)}, decided by {inline(fields.get('decided_by') or 'nothing')}, risk {inline(fields.get('risk'))}\n\n"
    for finding in _mappings(fields.get("findings")):
        line = f", line {inline(finding['line'])}" if finding.get("line") else ""
        yield f"- {inline(finding.get('rule'))} ({inline(finding.get('severity'))}{line}): {inline(finding.get('summary'))}\n"
    yield from _review(fields.get("review"))
    content = fields.get("content")
    yield f"\n{block(content)}\n" if isinstance(content, str) else f"\nContent not kept; SHA-256 {inline(fields.get('content_hash'))}.\n\n"


def _review(review: Any) -> Iterator[str]:
    if not isinstance(review, dict):
        return
    yield f"- reviewed: {inline(review.get('decision'))} by {inline(review.get('reviewer') or '?')} {inline(review.get('reason') or '')}\n"
    if isinstance(review.get("text"), str):
        yield f"\nReplaced by:\n\n{block(review['text'])}"


def _about_file(fields: Any) -> str:
    return json.dumps({key: value for key, value in fields.items() if key not in ("previous", "sequence")}, sort_keys=True)


def _csv(path: Path, conversation: str | None) -> Iterator[str]:
    yield _csv_line(COLUMNS)
    for record in records(path, conversation):
        yield _csv_line(_cell(value) for value in _values(record))


def _values(record: Record) -> Iterator[Any]:
    review = record.fields.get("review")
    special = {
        "sequence": record.sequence,
        "hash": record.hash,
        "time": when(record.time),
        "rules": " ".join(str(finding.get("rule")) for finding in _mappings(record.fields.get("findings"))),
        "review": review.get("decision") if isinstance(review, dict) else "",
    }
    return (special.get(column, record.fields.get(column)) for column in COLUMNS)


def _cell(value: Any) -> str:
    """Return a value as text that no spreadsheet takes for a formula and no terminal for a command."""
    text = "" if value is None else visible(str(value))
    if isinstance(value, str) and text.startswith(_FORMULA_STARTS):
        return "'" + text
    return text


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _mappings(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def when(time: float) -> str:
    """Return a time as ISO 8601 in UTC, to the millisecond; one that no calendar holds as the number it is."""
    try:
        return datetime.fromtimestamp(time, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (OverflowError, OSError, ValueError):
        return f"{time:g}"


def inline(value: Any) -> str:
    """Return a value as a Markdown code span on one line, whatever characters it holds."""
    text = visible(str(value), NAME_CHARS).replace("\r", "⏎").replace("\n", "⏎").replace("\t", " ")
    fence = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") or not text.strip() else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def block(text: str) -> str:
    """Return a text as a fenced Markdown block that it cannot end itself."""
    shown = visible(text)
    fence = "`" * max(3, _longest_run(shown) + 1)
    return f"{fence}text\n{shown}\n{fence}\n"


def _longest_run(text: str) -> int:
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest

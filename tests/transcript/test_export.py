import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from rune.errors import ConfigurationError
from rune.transcript import Transcript, export, records
from rune.transcript.export import block, inline, when
from rune.types import Action, Category, Decision, Finding, Kind, Message, Review, Severity, Verdict

HOSTILE = [
    "```\n# I am a heading\n[link](javascript:alert(1))\n```",
    "<script>alert(1)</script>",
    "\x1b[2J\x1b]0;t\x07",
    "a\u202eb\u200b\U000e0041",
    '=HYPERLINK("http://evil")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1)",
    'a,b\n"c"',
    "\r\nadmin,1",
    "\ud800",
    "`" * 50,
]


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    transcript = Transcript(tmp_path / "t.db", content="full")
    for text in HOSTILE:
        found = (Finding(f"R{text}", Category.JAILBREAK, Severity.HIGH, text, line=3),)
        review = Review(Decision.MODIFY, text, text, text)
        message = Message(text, Kind.CODE, sender=text, recipient=text, conversation=text, metadata={"language": text})
        transcript.append(message, Verdict(Action.REDACT, text, found, decided_by=text, review=review), "review")
    assert transcript.close(10)
    return transcript.path


def visible_only(text: str) -> bool:
    return not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]", text)


def test_jsonl_holds_every_record_byte_for_byte(fill: Callable[..., Path]) -> None:
    path = fill()
    lines = [json.loads(line) for line in export(path)]
    assert lines[0]["export"]["head"].endswith(lines[-1]["end"]["hash"])
    assert [line["record"] for line in lines[1:-1]] == [record.fields for record in records(path)]
    assert [line["hash"] for line in lines[1:-1]] == [record.hash for record in records(path)]


def test_jsonl_of_one_conversation_holds_only_that(fill: Callable[..., Path]) -> None:
    lines = [json.loads(line) for line in export(fill(), "c1")]
    assert {line["record"]["conversation"] for line in lines[1:-1]} == {"c1"}
    assert [line["record"]["turn"] for line in lines[1:-1]] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("form", ["jsonl", "md", "csv"])
def test_nothing_an_agent_wrote_steers_whoever_reads_it(hostile: Path, form: str) -> None:
    text = "".join(export(hostile, format=form))
    assert visible_only(text)
    assert text.encode()


def test_markdown_stays_inside_its_fences(hostile: Path) -> None:
    text = "".join(export(hostile, format="md"))
    outside = re.sub(r"^(`{3,})text\n.*?\n\1\n", "", text, flags=re.MULTILINE | re.DOTALL)
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", outside)
    assert "heading" not in outside
    assert "<script" not in outside
    assert "# I am" not in outside


def test_markdown_tells_the_story(fill: Callable[..., Path]) -> None:
    text = "".join(export(fill(4), "c0", "md"))
    assert text.startswith("# Transcript of conversation `c0`\n")
    assert "`coder` → `executor`, `chat`, `message`, decided by `rule`, risk `0.5`" in text
    assert "- `RUNE-INJ-001` (`high`): `an order`" in text
    assert "```text\ntext 0\n```" in text


def test_markdown_says_what_was_not_kept(fill: Callable[..., Path]) -> None:
    assert "Content not kept; SHA-256 `" in "".join(export(fill(1, content="hash"), format="md"))


def test_no_cell_is_a_formula(hostile: Path) -> None:
    rows = list(csv.reader(io.StringIO("".join(export(hostile, format="csv")))))
    assert len(rows) == len(HOSTILE) + 2
    assert {len(row) for row in rows} == {len(rows[0])}
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "|", "%"))]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)


@pytest.mark.parametrize("value", ["x'00'", "7", 'cast(\'{"conversation":[1],"findings":{},"review":7,"content":3}\' as blob)'])
@pytest.mark.parametrize("form", ["jsonl", "md", "csv"])
def test_a_record_that_somebody_broke_breaks_no_export(
    fill: Callable[..., Path], tamper: Callable[..., None], form: str, value: str
) -> None:
    path = fill()
    tamper(path, f"UPDATE records SET record = {value} WHERE sequence = 3")
    assert len(list(export(path, format=form))) > 10


def test_an_unknown_format_is_refused(fill: Callable[..., Path]) -> None:
    with pytest.raises(ConfigurationError, match="unknown export format `pdf`; use one of jsonl, md, csv"):
        export(fill(), format="pdf")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("coder", "`coder`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        ("", "`  `"),
        ("a\nb", "`a⏎b`"),
        (None, "`None`"),
    ],
    ids=repr,
)
def test_a_name_stands_on_one_line_in_its_own_quotes(value: object, shown: str) -> None:
    assert inline(value) == shown


def test_a_block_cannot_end_itself() -> None:
    assert block("a\n`````\nb") == "``````text\na\n`````\nb\n``````\n"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.0, "1970-01-01T00:00:00.000Z"), (1.5, "1970-01-01T00:00:01.500Z"), (1e300, "1e+300")],
)
def test_a_time_is_iso_8601_in_utc(seconds: float, shown: str) -> None:
    assert when(seconds) == shown

"""No character that an attacker chose steers the terminal, and color is only for those who see it."""

from __future__ import annotations

import io
import json
import re

import pytest
from rich.console import Console

from rune.cli.screen import Screen, action, excerpt, facts, finding_block, joined, place, plural, shown, table
from rune.types import Action, Category, Finding, Severity, Span

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
HOSTILE = [
    pytest.param("\x1b[31mred\x1b[0m", id="terminal colors"),
    pytest.param("\x1b]8;;http://evil.example\x07click\x1b]8;;\x07", id="terminal link"),
    pytest.param("\x1b[2J\x1b[Hcleared", id="cleared screen"),
    pytest.param("\x9b31mred", id="single-byte control sequence"),
    pytest.param("safe\rEVIL", id="carriage return"),
    pytest.param("abc\b\b\bEVIL", id="backspaces"),
    pytest.param("a\u202etxt.exe\u202c", id="bidi override"),
    pytest.param("a\u200bb\u2060c", id="invisible characters"),
    pytest.param("".join(chr(0xE0000 + ord(c)) for c in "ignore"), id="tag characters"),
    pytest.param("a\x00b\x07c\x7f", id="NUL, bell, delete"),
    pytest.param("[bold red]markup[/bold red] [link=http://evil.example]x[/link] [/]", id="rich markup"),
    pytest.param(":smiley: :warning:", id="emoji codes"),
    pytest.param("\ud800 lone surrogate", id="lone surrogate"),
]


def rendered(*parts: object, color: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=80, markup=False, highlight=False, emoji=False, force_terminal=color, color_system="truecolor" if color else None
    )
    Screen(console, console).show(*parts)  # type: ignore[arg-type]
    return out.getvalue()


def finding(text: str) -> Finding:
    return Finding(
        text, Category.SECRET, Severity.HIGH, text, span=Span(1, 2), chain=(text,), evidence=text, remediation=text, references=(text,)
    )


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "show",
    [
        pytest.param(shown, id="shown"),
        pytest.param(excerpt, id="excerpt"),
        pytest.param(joined, id="joined"),
        pytest.param(lambda text: facts({"name": text}), id="facts"),
        pytest.param(lambda text: finding_block(finding(text)), id="finding"),
    ],
)
def test_nothing_hostile_reaches_the_terminal(show: object, text: str) -> None:
    output = rendered(show(text))  # type: ignore[operator]
    assert not CONTROL.search(output)
    assert "\x1b" not in output


def test_markup_is_shown_as_the_text_it_is() -> None:
    assert rendered(shown("[bold]x[/bold] :smiley:")) == "[bold]x[/bold] :smiley:\n"


def test_a_string_is_no_markup_either(capsys: pytest.CaptureFixture[str]) -> None:
    rows = table("name")
    rows.add_row("[red]x[/red] :smiley:")
    Screen.open().show("[bold]y[/bold]", rows)
    assert capsys.readouterr().out.splitlines() == ["[bold]y[/bold]", "name", "[red]x[/red] :smiley:"]


def test_a_name_cannot_forge_a_line() -> None:
    assert rendered(shown("coder\nok  everything fine")) == "coder⏎ok  everything fine\n"


def test_an_excerpt_keeps_lines_and_says_that_it_ends() -> None:
    assert excerpt("a\nb").plain == "a\nb"
    assert excerpt("x" * 1000).plain.endswith("x …")


def test_json_is_ascii_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    Screen.open().json({"text": "\x1b[31m\u202e\x7fé\ud800"})
    output = capsys.readouterr().out
    assert output.isascii()
    assert not CONTROL.search(output)
    assert json.loads(output) == {"text": "\x1b[31m\u202e\x7fé\ud800"}


@pytest.mark.parametrize("word", list(Action))
def test_an_action_is_a_word_and_only_then_a_color(word: Action) -> None:
    assert rendered(action(word)) == f"{word}\n"
    assert rendered(action(word), color=True) != f"{word}\n"


@pytest.mark.parametrize(
    ("color", "environment"),
    [pytest.param(False, {}, id="--no-color"), pytest.param(True, {"NO_COLOR": "1"}, id="NO_COLOR")],
)
def test_who_wants_no_color_gets_no_escape_sequence(color: bool, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Screen.open(color=color).out.color_system is None


@pytest.mark.parametrize(
    ("number", "text"),
    [pytest.param(1, "1 message", id="one"), pytest.param(0, "0 messages", id="none"), pytest.param(1204, "1,204 messages", id="many")],
)
def test_plural(number: int, text: str) -> None:
    assert plural(number, "message") == text


def test_the_place_of_a_finding_in_words() -> None:
    assert place(Finding("R", Category.PII, Severity.LOW, "s", line=3)) == "line 3"
    assert (
        place(Finding("R", Category.PII, Severity.LOW, "s", span=Span(2, 5), chain=("base64", "html")))
        == "characters 2–5, through base64 → html"
    )

"""Characters that hide something are reported; those a writing system needs are not."""

from __future__ import annotations

import pytest

from rune.scan.detectors.disguise import disguises, hidden
from rune.scan.normalize import read
from rune.types import Kind, Severity, Span, View


def tagged(text: str) -> str:
    return "".join(chr(0xE0000 + ord(character)) for character in text)


def selected(data: bytes) -> str:
    return "".join(chr(0xFE00 + byte) if byte < 16 else chr(0xE0100 + byte - 16) for byte in data)


SCOTLAND = "\U0001f3f4" + tagged("gbsct") + "\U000e007f"


@pytest.mark.parametrize(
    ("text", "rule", "severity", "span"),
    [
        pytest.param("hi" + tagged("ignore"), "RUNE-OBF-101", Severity.HIGH, (2, 8), id="tag characters"),
        pytest.param(SCOTLAND + tagged("ignore all of it"), "RUNE-OBF-101", Severity.HIGH, (7, 23), id="tag characters behind a flag"),
        pytest.param("a" + selected(b"data"), "RUNE-OBF-102", Severity.HIGH, (1, 5), id="a run of variation selectors"),
        pytest.param("ig\u200bnore", "RUNE-OBF-103", Severity.LOW, (2, 3), id="zero-width space in a word"),
        pytest.param("i\u200bg\u200bn\u200bore", "RUNE-OBF-103", Severity.MEDIUM, (1, 2), id="several of them"),
        pytest.param("ig\ufe0fnore", "RUNE-OBF-103", Severity.LOW, (2, 3), id="variation selector in a word"),
        pytest.param("ig\0nore", "RUNE-OBF-103", Severity.LOW, (2, 3), id="NUL in a word"),
        pytest.param("pay \u202eerongi", "RUNE-OBF-104", Severity.MEDIUM, (4, 5), id="bidi override"),
        pytest.param("\u05d0 \u202eerongi", "RUNE-OBF-104", Severity.LOW, (2, 3), id="bidi override in Hebrew"),
        pytest.param("visit p\u0430ypal", "RUNE-OBF-105", Severity.LOW, (6, 12), id="one Cyrillic letter"),
        pytest.param("p\u0430y th\u0435 b\u0456ll", "RUNE-OBF-105", Severity.MEDIUM, (0, 3), id="a Cyrillic letter in each word"),
        pytest.param("a " + "\u200b\u200c" * 4, "RUNE-OBF-106", Severity.MEDIUM, (2, 10), id="a long invisible run"),
        pytest.param("a\ud800b", "RUNE-OBF-107", Severity.LOW, (1, 2), id="lone surrogate"),
    ],
)
def test_a_disguise(text: str, rule: str, severity: Severity, span: tuple[int, int]) -> None:
    (finding,) = disguises(read(View(text)), Kind.CHAT)

    assert (finding.rule, finding.severity, finding.span) == (rule, severity, Span(*span))


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        pytest.param("if access == 'user\u2066 # admin':", Severity.HIGH, id="isolate"),
        pytest.param("x = 1 \u202e # 2", Severity.HIGH, id="override"),
        pytest.param("s = '\u05d0\u05d1'  # \u202e", Severity.LOW, id="override beside Hebrew"),
    ],
)
def test_reordered_code(text: str, severity: Severity) -> None:
    (finding,) = disguises(read(View(text)), Kind.CODE)

    assert (finding.rule, finding.severity) == ("RUNE-OBF-104", severity)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufeffplain", id="byte order mark"),
        pytest.param("\U0001f469\u200d\U0001f4bb works \u2764\ufe0f", id="emoji sequences"),
        pytest.param("a \U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 family", id="emoji family"),
        pytest.param(SCOTLAND, id="flag of Scotland"),
        pytest.param("\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", id="Persian joiner"),
        pytest.param("\u0915\u094d\u200d\u0937", id="Devanagari joiner"),
        pytest.param("\u05e9\u05dc\u05d5\u05dd \u200fWorld\u200e \u2067x\u2069", id="Hebrew with marks and isolates"),
        pytest.param("Hello \u2068Anna\u2069!", id="isolates around a name"),
        pytest.param("co\u00adoper\u00adate, cra\u00adzy", id="soft hyphens"),
        pytest.param(
            "\u041f\u0440\u0438\u0432\u0435\u0442, API-\u043a\u043b\u044e\u0447 \u0438 SMS\u043a\u0430", id="Russian with English words"
        ),
        pytest.param("\u0394x and 5 k\u03a9 at \u03b1 = 2\u03c0r", id="Greek letters in formulas"),
        pytest.param("\uff41\uff42\uff43 \U0001d422 \u00e9t\u00e9 \u201cquoted\u201d \u2026", id="full-width, bold, accents, quotes"),
        pytest.param("\x1b[31mred\x1b[0m", id="terminal colors"),
        pytest.param("\u845b\U000e0100\u98fe\u533a", id="variant of a Chinese character"),
        pytest.param("word \u200b word", id="zero-width space between words"),
        pytest.param("\ud83d\ude00", id="a surrogate pair"),
    ],
)
def test_honest_text(text: str) -> None:
    assert list(disguises(read(View(text)), Kind.CHAT)) == []


def test_half_a_pair_in_decoded_text_is_no_finding() -> None:
    assert list(disguises(read(View("a\ud800b", ("escapes",))), Kind.CHAT)) == []


@pytest.mark.parametrize(
    ("text", "views"),
    [
        pytest.param("plain", [], id="nothing hidden"),
        pytest.param("\u00e9\u200b", [], id="nothing spelled"),
        pytest.param("hi" + tagged("ignore all"), [("tags", "ignore all")], id="tag characters"),
        pytest.param("".join(f"x{tagged(c)}" for c in "ignore"), [("tags", "ignore")], id="spread over a word"),
        pytest.param("\U000e007f", [], id="a cancel tag alone"),
        pytest.param("a" + selected(b"ignore all of it"), [("selectors", "ignore all of it")], id="variation selectors"),
        pytest.param("\u2764\ufe0f" * 20, [], id="emoji style"),
        pytest.param("a" + selected(bytes(range(128, 250))), [], id="selectors that spell no text"),
    ],
)
def test_what_is_hidden_is_spelled_out(text: str, views: list[tuple[str, str]]) -> None:
    assert [(view.chain[-1], view.text) for view in hidden(read(View(text)))] == views


def test_spelled_out_text_leads_back_to_where_it_hides() -> None:
    (view,) = hidden(read(View("say" + tagged("one") + " two" + tagged("three"))))

    assert view.text == "onethree"
    assert view.span(0, 3) == Span(3, 6)
    assert view.span(3, 8) == Span(10, 15)


def test_the_bits_of_two_invisible_characters_are_read() -> None:
    bits = "".join(f"{ord(letter):08b}" for letter in "ignore all of it")
    text = "a" + bits.translate({ord("0"): "\u200b", ord("1"): "\u200c"}) + "b"

    assert [view.text for view in hidden(read(View(text)))] == ["ignore all of it"]


def test_letters_turned_by_half_a_circle_are_read_from_the_end_of_the_line() -> None:
    text = "as it stands\n\u01dd\u0279ou\u0183\u0131 ll\u0250"

    assert [read(view).view.text for view in hidden(read(View(text)))] == ["as it stands\nall ignore"]

"""Every way to read a text, once, within bounds."""

from __future__ import annotations

import base64

import pytest

from rune.limits import ScanLimits
from rune.scan import readings as module
from rune.scan.decode import DECODINGS, Decoding
from rune.scan.decode.triggers import Triggers
from rune.scan.own_rules import DECODED_LIMIT, DEPTH_LIMIT
from rune.scan.readings import Readings

SENTENCE = "a sentence of some length"


def in_base58(text: str) -> str:
    value, digits = int.from_bytes(text.encode(), "big"), ""
    while value:
        value, digit = divmod(value, 58)
        digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[digit] + digits
    return digits


def chains(text: str, limits: ScanLimits | None = None) -> list[tuple[str, ...]]:
    return [reading.view.chain for reading in Readings(text, limits or ScanLimits())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain", [()], id="plain"),
        pytest.param("%41 &lt; \\u0041", [(), ("percent",), ("html",), ("escapes",)], id="three encodings"),
        pytest.param(base64.b64encode(SENTENCE.encode()).decode(), [(), ("base64",)], id="one encoding"),
        pytest.param("%2541", [(), ("percent",), ("percent", "percent")], id="an encoding of itself"),
    ],
)
def test_readings_go_from_plain_to_deep(text: str, expected: list[tuple[str, ...]]) -> None:
    found = chains(text)

    assert found[: len(expected)] == expected
    assert sorted(map(len, found)) == list(map(len, found))


def test_the_same_text_is_read_once() -> None:
    assert len(chains("%2526lt;")) == len({*chains("%2526lt;")})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(" ".join(in_base58("\\\\x69" * 180) for _ in range(4)), id="escapes in numbers"),
        pytest.param(base64.b64encode(b"&#x69;%41\\u0069 " * 220).decode(), id="three kinds of escapes in Base64"),
        pytest.param("i**g**<b>n</b> 1gn0r3 ig nore erongi vtaber " * 90, id="many guesses at one place"),
    ],
)
def test_nests_cost_a_bounded_amount_of_work(text: str) -> None:
    triggers = Triggers(DECODINGS)
    readings = Readings(text, ScanLimits(decode_work=200 * len(text)), triggers.suspects)

    assert len(list(readings)) <= ScanLimits().views + 1
    assert DECODED_LIMIT not in readings.reached


def test_a_few_signs_below_the_deepest_level_are_no_nest() -> None:
    text = base64.b64encode(b"%2526lt; and a sentence of some length").decode()
    readings = Readings(text, ScanLimits())
    deep = [reading.view.text for reading in readings]

    assert "&lt; and a sentence of some length" in deep
    assert DEPTH_LIMIT not in readings.reached


def test_an_encoded_sentence_below_the_deepest_level_is_a_nest() -> None:
    text = SENTENCE
    for _ in range(ScanLimits().decode_depth + 1):
        text = base64.b64encode(text.encode()).decode()
    readings = Readings(text, ScanLimits())

    assert list(readings)
    assert DEPTH_LIMIT in readings.reached


def test_a_decoding_that_fails_does_not_cost_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: bytes) -> list[object]:
        raise ZeroDivisionError

    monkeypatch.setattr(module, "DECODINGS", (Decoding("broken", broken), *module.DECODINGS))  # type: ignore[arg-type]
    readings = Readings("%41", ScanLimits())

    assert [reading.view.text for reading in readings] == ["%41", "A"]
    assert readings.failed[0] == "broken: ZeroDivisionError"

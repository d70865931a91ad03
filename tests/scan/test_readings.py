"""Every way to read a text, once, within bounds."""

from __future__ import annotations

import base64

import pytest

from rune.limits import ScanLimits
from rune.scan import readings as module
from rune.scan.decode import Decoding
from rune.scan.readings import Readings

SENTENCE = "a sentence of some length"


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


def test_a_decoding_that_fails_does_not_cost_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: bytes) -> list[object]:
        raise ZeroDivisionError

    monkeypatch.setattr(module, "DECODINGS", (Decoding("broken", broken), *module.DECODINGS))  # type: ignore[arg-type]
    readings = Readings("%41", ScanLimits())

    assert [reading.view.text for reading in readings] == ["%41", "A"]
    assert readings.failed[0] == "broken: ZeroDivisionError"

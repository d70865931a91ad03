"""Values that the name before them gives away."""

from __future__ import annotations

import pytest

from rune.scan.detectors.secrets.assigned import assigned
from rune.scan.detectors.work import Work


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param(b'API_KEY = "q7Rw2xLp9TzKm4Vb8Nc6Jd3F"', [b"q7Rw2xLp9TzKm4Vb8Nc6Jd3F"], id="a key"),
        pytest.param(b"splunk_secret_key=0374d2d5-00d0-85db-8422-09b50377cf84", [b"0374d2d5-00d0-85db-8422-09b50377cf84"], id="an issuer"),
        pytest.param(b"page_token=q7Rw2xLp9TzKm4Vb8Nc6Jd3F", [], id="a token that is no credential"),
        pytest.param(b"key=key=key=key=", [], id="names alone"),
        pytest.param(b"password: changeme", [], id="a mark"),
    ],
)
def test_what_is_assigned(text: bytes, values: list[bytes]) -> None:
    assert [text[value.start : value.end] for value in assigned(text, Work(len(text)))] == values

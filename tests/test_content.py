"""What may be handed over as content, and what is said about the rest."""

from __future__ import annotations

from typing import Any

import pytest

from rune.content import OPAQUE_PART, UNDECODABLE, as_json, read
from rune.errors import ConfigurationError
from rune.types import Finding

IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}


@pytest.mark.parametrize(
    ("content", "text", "findings"),
    [
        pytest.param("", "", (), id="empty"),
        pytest.param("plain", "plain", (), id="text"),
        pytest.param("a\x00b\ud800", "a\x00b\ud800", (), id="NUL and a lone surrogate are the scanner's business"),
        pytest.param("grüß".encode(), "grüß", (), id="UTF-8 bytes"),
        pytest.param(bytearray(b"abc"), "abc", (), id="bytearray"),
        pytest.param(b"\xffabc", "\ufffdabc", (UNDECODABLE,), id="bytes that are not UTF-8"),
        pytest.param([{"type": "text", "text": "one"}, "two"], "one\ntwo", (), id="list of parts"),
        pytest.param([{"type": "text", "text": "look"}, IMAGE], "look", (OPAQUE_PART,), id="an image among the parts"),
        pytest.param([None, "x"], "x", (), id="an empty part"),
        pytest.param({"content": "said", "name": "bob"}, "said", (), id="message"),
        pytest.param({"content": [{"type": "text", "text": "deep"}]}, "deep", (), id="message with parts"),
        pytest.param({"answer": 42}, '{"answer": 42}', (), id="a mapping without content is read as JSON"),
        pytest.param({"content": None, "tool_calls": []}, '{"content": null, "tool_calls": []}', (), id="content is None"),
        pytest.param(42, "42", (), id="number"),
    ],
)
def test_read(content: Any, text: str, findings: tuple[Finding, ...]) -> None:
    result = read(content)

    assert (result.text, result.findings) == (text, findings)


@pytest.mark.parametrize(("content", "named"), [(None, "NoneType"), (object(), "object")])
def test_what_holds_no_text_is_refused_by_name(content: Any, named: str) -> None:
    with pytest.raises(ConfigurationError, match=f"`{named}`; pass text"):
        read(content)


def test_json_of_anything() -> None:
    endless: list[Any] = []
    endless.append(endless)

    assert as_json({"path": object}) == """{"path": "<class 'object'>"}"""
    assert as_json(endless) == "[[...]]"

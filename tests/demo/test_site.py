"""The demo's web: honest and poisoned pages over real HTTP on this machine, and nothing beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from rune.demo.site import LETTER_BOX, Site, fetch, report_page, serve


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as running:
        yield running


def test_a_page_is_fetched_as_the_text_a_plain_reader_hands_to_a_model(site: Site) -> None:
    site.pages["/report"] = report_page({"Q1": 3, "Q2": 4})
    assert fetch(site.url("/report")).splitlines()[-2:] == ["Q1 3", "Q2 4"]


def test_hidden_text_is_read_too(site: Site) -> None:
    site.pages["/report"] = report_page({}, '<div style="display: none">an order</div>')
    assert fetch(site.url("/report")).endswith("an order")


def test_a_proxy_of_the_environment_is_not_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    site.pages["/report"] = report_page({"Q1": 3})
    assert "Q1 3" in fetch(site.url("/report"))


def test_what_is_posted_lands_in_the_letter_box(site: Site) -> None:
    urlopen(Request(site.url(LETTER_BOX), data=b"a secret"), timeout=5).close()
    assert site.letters == ["a secret"]


def test_an_unknown_page_is_not_found(site: Site) -> None:
    with pytest.raises(HTTPError, match="404") as missing:
        fetch(site.url("/nothing"))
    missing.value.close()


def test_it_listens_on_this_machine_only_and_is_gone_afterwards() -> None:
    with serve() as running:
        assert running.address.startswith("http://127.0.0.1:")
    with pytest.raises(OSError, match="refused"):
        fetch(running.url("/report"))

"""The demo's group is an ordinary AutoGen group: who speaks next follows from what was said."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("autogen")

from autogen.io import IOStream

from rune.demo.model import FLOOR
from rune.demo.site import Site, report_page, serve
from rune.demo.team import _next_name, build, fetch_page, quiet

pytestmark = pytest.mark.autogen


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as running:
        running.pages["/report"] = report_page({"Q1": 3, "Q2": 4})
        yield running


def test_the_group_works_without_a_word_on_the_terminal(site: Site, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    messages = build(tmp_path / "work").run(f"Add up {site.url('/report')}.")
    assert messages[-1]["content"] == "The total is 7. TERMINATE"
    assert [m["name"] for m in messages] == [
        *("user_proxy", "researcher", "user_proxy", "researcher"),
        *("coder", "reviewer", "executor", "coder"),
    ]
    assert capfd.readouterr() == ("", "")


def test_the_page_is_really_fetched(site: Site) -> None:
    assert "Q2 4" in fetch_page(site.url("/report"))


@pytest.mark.parametrize(
    ("last", "message", "following"),
    [
        pytest.param("user_proxy", {"content": "task"}, "researcher", id="the task goes to the researcher"),
        pytest.param("researcher", {"content": "", "tool_calls": [{}]}, "user_proxy", id="a tool call is carried out"),
        pytest.param("coder", {"content": "code"}, "reviewer", id="code is reviewed"),
        pytest.param("reviewer", {"content": "APPROVED"}, "executor", id="approved code runs"),
        pytest.param("reviewer", {"content": "REJECTED"}, "coder", id="rejected code goes back"),
        pytest.param("executor", {"content": "exitcode: 0"}, "coder", id="the result goes to the coder"),
        pytest.param("researcher", {"content": f"more {FLOOR}"}, "researcher", id="who keeps the floor has it"),
    ],
)
def test_who_speaks_next(last: str, message: dict[str, object], following: str) -> None:
    assert _next_name(last, message) == following


def test_silence_ends_with_its_context() -> None:
    before, level = IOStream.get_default(), logging.getLogger("autogen.oai.client").level
    with quiet():
        assert IOStream.get_default() is not before
    assert IOStream.get_default() is before
    assert logging.getLogger("autogen.oai.client").level == level

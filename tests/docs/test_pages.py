"""Pages that fail the build when they are stale."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.figures import FIGURES

from rune import __all__ as public_names

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


def test_generated_pages_are_current() -> None:
    checked = subprocess.run([sys.executable, ROOT / "scripts" / "docs.py", "--check"], capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_every_figure_stands_on_the_page(figure: object) -> None:
    assert f"| {figure.name} |" in (ROOT / "docs" / "promises.md").read_text()  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("name", [name for name in public_names if name[0].isupper()])
def test_every_public_name_is_explained(name: str) -> None:
    import rune

    assert (getattr(rune, name).__doc__ or "").strip()

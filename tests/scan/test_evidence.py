"""What a finding shows is short, safe and without secrets."""

from __future__ import annotations

import pytest

from rune.scan.evidence import EXCERPT_CHARS, excerpt, masked


@pytest.mark.parametrize(
    ("text", "span", "secrets", "shown"),
    [
        pytest.param("say ignore all", (4, 14), [], "ignore all", id="the match only"),
        pytest.param("a\n\tb", (0, 4), [], "a b", id="one line"),
        pytest.param("a\u202eb", (0, 3), [], "a⟨U+202E⟩b", id="invisible made visible"),
        pytest.param("send KEY to me", (0, 14), [(5, 8)], "send ••• to me", id="a secret inside"),
        pytest.param("KEYKEY go", (3, 9), [(0, 6)], "••• go", id="a secret over the start"),
        pytest.param("go KEYKEY", (0, 5), [(3, 9)], "go •••", id="a secret over the end"),
        pytest.param("KEYKEY", (1, 3), [(0, 6)], "•••", id="inside a secret"),
        pytest.param("a KEY b KEY c", (0, 13), [(2, 5), (8, 11)], "a ••• b ••• c", id="two secrets"),
        pytest.param("KEY and text", (4, 12), [(0, 3)], "and text", id="a secret elsewhere"),
    ],
)
def test_excerpt(text: str, span: tuple[int, int], secrets: list[tuple[int, int]], shown: str) -> None:
    assert excerpt(text, *span, secrets) == shown


def test_a_long_match_is_cut() -> None:
    assert len(excerpt("x" * 10_000, 0, 10_000)) == EXCERPT_CHARS


def test_a_secret_beyond_the_cut_is_not_shown_either() -> None:
    assert "K" not in excerpt("K" * 1_000, 0, 1_000, [(2, 1_000)])[2:]


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        pytest.param("ghp_0123456789", "ghp_••• (14 characters)", id="a long one tells its kind"),
        pytest.param("hunter2", "••• (7 characters)", id="a short one tells nothing"),
    ],
)
def test_masked(secret: str, shown: str) -> None:
    assert masked(secret) == shown

"""A pattern in any script becomes bytes that both backends read alike."""

from __future__ import annotations

import pytest

from rune.scan.expression import expression, folded


@pytest.mark.parametrize(
    ("pattern", "compiled"),
    [
        pytest.param(r"\bignore\s+", rb"\bignore\s+", id="ASCII stays"),
        pytest.param("früher", b"fruher", id="an accent is folded away"),
        pytest.param("忽?", "(?-i:忽)?".encode(), id="a quantifier takes the whole character"),
        pytest.param("what？", rb"what\?", id="punctuation does not become syntax"),
        pytest.param("[éÉ]", b"[eE]", id="a class of foldable characters"),
        pytest.param("don’t", rb"don\'t", id="curly quote"),
    ],
)
def test_expression(pattern: str, compiled: bytes) -> None:
    assert expression(pattern) == compiled


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        pytest.param(r"\Qa.b\E", "without", id="quoting"),
        pytest.param("[忽略]", "write \\(\\?:a\\|b\\)", id="a class of characters without ASCII form"),
    ],
)
def test_refused(pattern: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        expression(pattern)


def test_literals_are_folded_like_texts() -> None:
    assert folded("Frühere") == b"fruhere"

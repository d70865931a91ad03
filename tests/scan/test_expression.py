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
        pytest.param("忽[éa-f]", "(?-i:忽)[ea-f]".encode(), id="a class of characters with an ASCII form"),
        pytest.param("[忽略x]", rb"(?:[x]|(?-i:\xe5\xbf\xbd)|(?-i:\xe7\x95\xa5))", id="a class of characters without one"),
        pytest.param("[б-д]", rb"(?:[br]|(?-i:\xd0[\xb1-\xb1\xb4-\xb4]))", id="a range, look-alikes folded"),
        pytest.param("[一-鿿]", rb"(?:(?-i:[\xe5-\xe9][\x80-\xbf][\x80-\xbf])|(?-i:\xe4[\xb8-\xbf][\x80-\xbf]))", id="a script"),
        pytest.param(r"忽.{0,9}[^.]\w", "(?-i:忽)".encode() + rb"[^\n]{0,27}[^.]{1,4}[\w\x80-\xff]{1,4}", id="a gap counts characters"),
        pytest.param(r"忽\w{3,}\w+\w?", "(?-i:忽)".encode() + rb"[\w\x80-\xff]{3,}[\w\x80-\xff]+[\w\x80-\xff]{0,4}", id="open gaps"),
        pytest.param(r"忽[\w-]{2}", "(?-i:忽)".encode() + rb"[\w-\x80-\xff]{2,6}", id="a class with every letter"),
        pytest.param(r"忽\W(?i:x)\b", "(?-i:忽)".encode() + rb"[^\w\x80-\xff](?i:x)\b", id="what is no letter"),
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
        pytest.param("忽[^略]", "name what may stand there", id="all but a character without ASCII form"),
        pytest.param("[a-略]", "one script's range", id="a range out of ASCII"),
        pytest.param("[\u0100-\U00010000]", "one script's range", id="a range over many scripts"),
        pytest.param(r"\bи", "a word boundary beside `и`", id="a boundary before another script"),
        pytest.param(r"忽\b", "a word boundary beside `忽`", id="a boundary behind another script"),
    ],
)
def test_refused(pattern: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        expression(pattern)


def test_literals_are_folded_like_texts() -> None:
    assert folded("Frühere") == b"fruhere"

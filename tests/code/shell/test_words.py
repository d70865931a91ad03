"""Expansion of words: what a command sees after quotes, variables and substitutions."""

from __future__ import annotations

import pytest

from rune.code import analyze


@pytest.mark.parametrize(
    ("source", "programs"),
    [
        pytest.param("a=xyz; $a", ("xyz",), id="variable"),
        pytest.param("a=xyz; ${a}", ("xyz",), id="braces"),
        pytest.param('a="x y"; "$a"', ("x y",), id="quoted"),
        pytest.param("a='x y'; $a", ("x",), id="split"),
        pytest.param("${a:-xyz}", ("xyz",), id="default"),
        pytest.param("a=abcxyz; ${a:3}", ("xyz",), id="substring"),
        pytest.param("a=abcxyz; ${a:3:2}", ("xy",), id="substring of a length"),
        pytest.param("a=abcxyz; ${a: -3}", ("xyz",), id="substring from the end"),
        pytest.param("a=a/b/xyz; ${a##*/}", ("xyz",), id="longest prefix"),
        pytest.param("a=xyz.tar.gz; ${a%%.*}", ("xyz",), id="longest suffix"),
        pytest.param("a=xyz.gz; ${a%.gz}", ("xyz",), id="suffix"),
        pytest.param("a=xQz; ${a/Q/y}", ("xyz",), id="replacement"),
        pytest.param("a=XYZ; ${a,,}", ("xyz",), id="lower case"),
        pytest.param("a=xyz; ${a^^}", ("XYZ",), id="upper case"),
        pytest.param("a=(p xyz q); ${a[1]}", ("xyz",), id="array element"),
        pytest.param("x{y,w}z a", ("xyz",), id="braces in a word"),
        pytest.param("$'x\\171z'", ("xyz",), id="ANSI-C"),
        pytest.param("x\\y\\z", ("xyz",), id="backslashes"),
        pytest.param("'x'\"y\"z", ("xyz",), id="mixed quotes"),
        pytest.param("f() { $2; }; f a xyz", ("xyz",), id="positional"),
        pytest.param("set -- a xyz; $2", ("a xyz", "xyz")[1:], id="set"),
        pytest.param("a=x; a+=yz; $a", ("xyz",), id="appended"),
        pytest.param("if t; then a=xyz; else a=abc; fi; $a", ("abc", "t", "xyz"), id="both branches"),
        pytest.param("for a in xyz abc; do $a; done", ("abc", "xyz"), id="loop"),
        pytest.param("FOO=1 xyz", ("xyz",), id="assignment before"),
        pytest.param("~/bin/xyz", ("~/bin/xyz",), id="home"),
    ],
)
def test_the_program_that_starts(source: str, programs: tuple[str, ...]) -> None:
    assert analyze(source, "bash").manifest.programs == programs


@pytest.mark.parametrize("braces", ["{" * 300, "{a,b}" * 200, "{a,{b,{c,{d,e}}}}" * 20])
def test_braces_do_not_explode(braces: str) -> None:
    assert analyze(f"echo {braces}", "bash", work_dir="/w").language == "shell"

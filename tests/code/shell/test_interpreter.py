"""Statements of a script: order, branches, loops, functions, streams, lines."""

from __future__ import annotations

import pytest

from rune.code import analyze

from ...code.conftest import Rules


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("true && rm -rf /", id="and"),
        pytest.param("false || rm -rf /", id="or"),
        pytest.param("(cd x; rm -rf /)", id="subshell"),
        pytest.param("{ rm -rf /; } > log", id="group"),
        pytest.param("! rm -rf /", id="negated"),
        pytest.param("if rm -rf /; then ls; fi", id="condition"),
        pytest.param("if a; then b; elif c; then rm -rf /; fi", id="elif"),
        pytest.param("case $x in a) ls;; *) rm -rf /;; esac", id="case"),
        pytest.param("while rm -rf /; do ls; done", id="while"),
        pytest.param("until rm -rf /; do ls; done", id="until"),
        pytest.param("for ((i=0;i<3;i++)); do rm -rf /; done", id="counted loop"),
        pytest.param("select x in a b; do rm -rf /; done", id="select"),
        pytest.param("x=$(rm -rf /)", id="in an assignment"),
        pytest.param('[ -n "$(rm -rf /)" ]', id="in a test"),
        pytest.param("[[ $(rm -rf /) == a ]]", id="in a double test"),
        pytest.param('echo "a $(rm -rf /) b"', id="in a string"),
        pytest.param("cat <<EOF\n$(rm -rf /)\nEOF", id="in a here-document"),
        pytest.param("ls > >(rm -rf /)", id="in a redirection"),
        pytest.param("export X=$(rm -rf /)", id="in an export"),
        pytest.param("function f { rm -rf /; }\nf", id="function"),
        pytest.param("f() { g; }; g() { rm -rf /; }; f", id="functions in turn"),
        pytest.param("rm -rf / &", id="background"),
        pytest.param("coproc rm -rf /", id="coprocess"),
        pytest.param("cat <<EOF | tee x | sh\nrm -rf /\nEOF\nls", id="here-document with a pipeline"),
        pytest.param("a=rm\nif x; then a=ls; fi\n$a -rf /", id="variable that may have changed"),
    ],
)
def test_every_statement_is_read(source: str, rules: Rules) -> None:
    assert "047" in rules(source, "bash")


def test_a_quoted_here_document_is_not_expanded(rules: Rules) -> None:
    assert "047" not in rules("cat > x.md <<'EOF'\n$(rm -rf /)\nEOF", "bash")


def test_lines_count_from_one() -> None:
    report = analyze("#!/bin/bash\nls\n\nif true; then\n  rm -rf /\nfi", "bash")
    assert [finding.line for finding in report.findings] == [5]


@pytest.mark.parametrize("source", ["f() { f; }; f", "a() { b; }; b() { a; }; a", "alias x=x; x"])
def test_recursion_ends(source: str) -> None:
    assert analyze(source, "bash").language == "shell"

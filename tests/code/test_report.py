"""Reports and manifests: immutable, and stable as JSON."""

from __future__ import annotations

import dataclasses
import json

import pytest

from rune.code import CodeReport, Manifest, Use, analyze
from rune.types import Severity

SOURCE = """
import os, requests, subprocess
requests.get('https://b.example/x'); requests.get('https://a.example')
open('in.csv'); open('out.csv', 'w')
subprocess.run(['git', 'status'])
os.getenv('HOME')
"""


def test_the_manifest_lists_what_is_used() -> None:
    assert analyze(SOURCE, "python").manifest.to_dict() == {
        "hosts": ["a.example", "b.example"],
        "paths": {"read": ["in.csv"], "write": ["out.csv"]},
        "programs": ["git"],
        "packages": ["requests"],
        "environment": ["HOME"],
        "dynamic": False,
    }


def test_every_use_has_its_line() -> None:
    uses = {use.name: use.line for use in analyze(SOURCE, "python").manifest.uses}
    assert (uses["requests"], uses["b.example"], uses["git"]) == (2, 3, 5)


def test_json_is_stable() -> None:
    report = CodeReport("python", "00", (), Manifest((Use("host", "b"), Use("host", "a"), Use("dynamic", "?"))))
    wanted = '{"language": "python", "sha256": "00", "parsed": true, "findings": [], "manifest": {"hosts": ["a", "b"], "paths": {},'
    assert json.dumps(report.to_dict()).startswith(wanted)


def test_nothing_can_be_changed() -> None:
    report = CodeReport("python", "00")
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.language = "shell"  # type: ignore[misc]


def test_the_worst_finding_weighs() -> None:
    assert analyze("open('/etc/hosts'); open('/etc/shadow')").worst is Severity.HIGH
    assert CodeReport("python", "00").worst is None

"""Running code and commands, by where they came from."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rune.code.execution import language_of
from rune.code.session import Session
from rune.code.values import DECODED, INPUT, NETWORK, OUTPUT, PROCESS, UNKNOWN, Value, text

Found = Callable[[], set[str]]


@pytest.mark.parametrize(
    ("labels", "rule"), [(NETWORK, "010"), (DECODED, "011"), (INPUT, "012"), (0, "012")], ids=["network", "decoded", "input", "unknown"]
)
def test_code_by_origin(session: Session, found: Found, labels: int, rule: str) -> None:
    session.execution.code(Value((), labels))
    assert found() == {rule}
    assert session.manifest.dynamic


def test_known_code_is_read_and_no_finding_by_itself(session: Session, found: Found) -> None:
    session.execution.code(text("x = 1"))
    session.execution.command(text("ls"))
    assert (found(), session.manifest.dynamic) == (set(), False)


def test_a_command_that_is_not_known(session: Session, found: Found) -> None:
    assert session.execution.command(UNKNOWN).labels == OUTPUT
    session.execution.program([UNKNOWN, text("a")])
    assert (found(), session.manifest.programs) == ({"020"}, ("?",))


def test_a_file_is_read_when_its_content_is_known(session: Session, found: Found) -> None:
    session.files.write(text("a.sh"), text("rm -rf /"))
    assert session.execution.file("a.sh")
    assert not session.execution.file("b.sh")
    assert "047" in found()


@pytest.mark.parametrize(
    ("target", "rule"), [(Value((1234,)), "022"), (Value((-1,)), "023"), (Value((), PROCESS), "023"), (UNKNOWN, "022")]
)
def test_kills(session: Session, found: Found, target: Value, rule: str) -> None:
    session.execution.kill(target)
    assert found() == {rule}


@pytest.mark.parametrize(
    ("name", "content", "language"),
    [
        ("a.py", "x", "python"),
        ("a", "#!/usr/bin/env python3\n", "python"),
        ("a.py", "#!/bin/bash\n", "shell"),
        ("a", "#!/usr/bin/env -S bash -e\n", "shell"),
        ("a", "ls", "shell"),
    ],
)
def test_the_language_of_a_file(name: str, content: str, language: str) -> None:
    assert language_of(name, content) == language

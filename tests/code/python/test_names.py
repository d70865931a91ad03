"""Dotted names in one spelling."""

from __future__ import annotations

import pytest

from rune.code.python.names import attribute, canonical, imported
from rune.code.session import Session


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("posix.system", "os.system"), ("builtins.exec", "exec"), ("__builtins__.eval", "eval"), ("cPickle.loads", "pickle.loads"),
        ("subprocess", "subprocess"), ("urllib2.urlopen", "urllib.request.urlopen"), ("builtins.__dict__", "builtins.__dict__"),
    ],
)  # fmt: skip
def test_aliases(name: str, spelled: str) -> None:
    assert canonical(name) == spelled


@pytest.mark.parametrize(
    ("name", "key", "spelled"),
    [
        ("os", "system", "os.system"),
        ("shutil", "os", "os"),
        ("x.__globals__", "os", "os"),
        ("os.__dict__", "system", "os.system"),
        ("x.f_globals", "__builtins__", "builtins"),
        ("socket", "socket", "socket.socket"),
        ("asyncio", "subprocess", "asyncio.subprocess"),
    ],
)
def test_attributes(name: str, key: str, spelled: str) -> None:
    assert attribute(name, key) == spelled


def test_packages_are_recorded_and_the_standard_library_is_not(session: Session) -> None:
    for name in ("os", "numpy.linalg", "requests", ""):
        imported(session, name)
    assert session.manifest.packages == ("numpy", "requests")

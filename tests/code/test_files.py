"""Operations on files, by the class of the path."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rune.code.session import Session
from rune.code.values import CONFIG, HOLE, HOST_FILE, NETWORK, SECRET, Value, text

Found = Callable[[], set[str]]


@pytest.mark.parametrize(
    ("path", "rule", "label"),
    [
        pytest.param("/etc/shadow", "040", SECRET, id="secret"),
        pytest.param(".env", "041", SECRET, id="settings"),
        pytest.param("/etc/passwd", "042", CONFIG, id="system"),
        pytest.param("../../../x", "051", 0, id="traversal"),
        pytest.param("/srv/x", "", HOST_FILE, id="outside"),
        pytest.param("a.txt", "", 0, id="work directory"),
    ],
)
def test_reading(session: Session, found: Found, path: str, rule: str, label: int) -> None:
    assert session.files.read(text(path)).labels == label
    assert found() == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("path", "tree", "rule"),
    [
        pytest.param("/", True, "047", id="everything"),
        pytest.param("/etc/hosts", False, "048", id="system"),
        pytest.param("~/a", False, "049", id="file of the user"),
        pytest.param("~/a", True, "048", id="folder of the user"),
        pytest.param("/srv/a", True, "049", id="folder outside"),
        pytest.param("*", True, "055", id="work directory"),
        pytest.param("a/b", True, "", id="inside"),
    ],
)
def test_deleting(session: Session, found: Found, path: str, tree: bool, rule: str) -> None:
    session.files.delete(text(path), tree=tree)
    assert found() == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("mode", "path", "rules"),
    [
        pytest.param("u+s", "a", {"026"}, id="set-user-id"),
        pytest.param("2755", "a", {"026"}, id="set-group-id"),
        pytest.param("0777", "a", {"053"}, id="everyone"),
        pytest.param("777", "/etc", {"053", "052"}, id="everyone, system"),
        pytest.param("0755", "a", set(), id="executable"),
        pytest.param("+x", "a", set(), id="executable in letters"),
        pytest.param("600", "~/.ssh/id_rsa", set(), id="made private"),
    ],
)
def test_modes(session: Session, found: Found, mode: str, path: str, rules: set[str]) -> None:
    session.files.permit(text(path), mode)
    assert found() == rules


def test_content_is_kept_under_any_spelling(session: Session) -> None:
    session.files.write(text("./a/../b.sh"), Value(("x",), NETWORK))
    session.files.add(text("b.sh"), text("y"))
    assert session.files.content("b.sh") == Value(("xy",), NETWORK)


def test_a_path_that_is_not_known_is_left_alone(session: Session, found: Found) -> None:
    session.files.delete(Value(), tree=True)
    session.files.write(text(HOLE + "/etc/passwd"))
    assert (found(), session.manifest.uses) == (set(), ())


def test_moving_deletes_the_source(session: Session, found: Found) -> None:
    session.files.copy(text("/etc/hosts"), text("a"), move=True)
    assert found() == {"042", "048"}

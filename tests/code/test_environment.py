"""What environment variables hold."""

from __future__ import annotations

import pytest

from rune.code.environment import everything, is_key, variable
from rune.code.session import Session
from rune.code.values import ENV_KEY, ENVIRONMENT


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("OPENAI_API_KEY", True), ("AWS_SECRET_ACCESS_KEY", True), ("GITHUB_TOKEN", True), ("DB_PASSWORD", True), ("GH_PAT", True),
        ("DATABASE_URL", True), ("PATH", False), ("HOME", False), ("LANG", False), ("DEBUG", False), ("NUMBER_OF_ROWS", False),
    ],
)  # fmt: skip
def test_names_of_credentials(name: str, key: bool) -> None:
    assert is_key(name) is key


def test_reading_a_variable_is_recorded(session: Session) -> None:
    assert variable(session, "OPENAI_API_KEY").labels == ENV_KEY
    assert variable(session, "HOME").text == "~"
    assert everything(session).labels == ENVIRONMENT
    assert session.manifest.environment == ("*", "HOME", "OPENAI_API_KEY")

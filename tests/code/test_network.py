"""What is sent where."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rune.code.session import Session
from rune.code.values import CONFIG, ENV_KEY, ENVIRONMENT, HOST_FACTS, HOST_FILE, NETWORK, SECRET, UNKNOWN, Value, text

Found = Callable[[], set[str]]


@pytest.mark.parametrize(
    ("target", "labels", "rules"),
    [
        pytest.param("https://x.io", SECRET, {"060"}, id="secret"),
        pytest.param("https://x.io", ENVIRONMENT, {"060"}, id="environment"),
        pytest.param("http://127.0.0.1", CONFIG, {"061"}, id="system file, even to this machine"),
        pytest.param("https://x.io", ENV_KEY, set(), id="key to a fixed host"),
        pytest.param("http://x.io", ENV_KEY, {"062"}, id="key in the clear"),
        pytest.param("", ENV_KEY, {"063"}, id="key to an unknown host"),
        pytest.param("https://x.io", HOST_FACTS, {"064"}, id="facts"),
        pytest.param("http://localhost", HOST_FACTS, set(), id="facts to this machine"),
        pytest.param("http://localhost", HOST_FILE, {"064"}, id="file to this machine"),
        pytest.param("http://8.8.8.8", HOST_FACTS, {"065"}, id="facts to an address"),
        pytest.param("https://webhook.site/x", 0, {"066"}, id="drop site"),
        pytest.param("http://169.254.169.254/", 0, {"067"}, id="identity"),
        pytest.param("stratum+tcp://a:1", 0, {"030"}, id="mining"),
        pytest.param("https://x.io", 0, set(), id="nothing"),
    ],
)
def test_exchanges(session: Session, found: Found, target: str, labels: int, rules: set[str]) -> None:
    answer = session.network.exchange(text(target) if target else UNKNOWN, Value((), labels))
    assert (found(), answer.labels) == (rules, NETWORK)


def test_listening_counts_as_connected(session: Session, found: Found) -> None:
    session.network.listen()
    assert (found(), session.network.connected) == ({"068"}, True)


def test_an_endless_loop_of_requests(session: Session, found: Found) -> None:
    session.endless += 1
    session.network.exchange(text("https://x.io"))
    assert found() == {"072"}

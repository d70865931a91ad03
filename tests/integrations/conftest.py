"""What tests of integrations share: a pipeline with the shipped rules, and what it decided."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from rune import integrations
from rune.pipeline import Pipeline
from rune.policy.load import load_policy
from rune.review.request import RejectReviewer
from rune.scan.engine import Engine
from rune.testing import Marker
from rune.types import Message, Verdict


@dataclass
class Decisions:
    """A record that keeps what was decided, in order."""

    made: list[tuple[Message, Verdict, str]] = field(default_factory=list)

    def append(self, message: Message, verdict: Verdict, event: str = "message") -> None:
        self.made.append((message, verdict, event))

    def of_kind(self, kind: str) -> list[Message]:
        return [message for message, _, _ in self.made if message.kind == kind]


@pytest.fixture(autouse=True)
def no_docker(monkeypatch: pytest.MonkeyPatch) -> None:
    """AutoGen looks for Docker whenever an agent runs code by itself, and leaves the socket open."""
    if "autogen" in sys.modules:
        monkeypatch.setattr("autogen.code_utils.is_docker_running", lambda: False)


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine()


@pytest.fixture
def decisions() -> Decisions:
    return Decisions()


@pytest.fixture
def make_pipeline(engine: Engine, decisions: Decisions) -> Callable[..., Pipeline]:
    def make(policy: Any = "balanced", reviewer: Any = None) -> Pipeline:
        return Pipeline(engine, load_policy(policy), reviewer=reviewer or RejectReviewer(), records=(decisions,))

    return make


@pytest.fixture
def pipeline(make_pipeline: Callable[..., Pipeline]) -> Pipeline:
    return make_pipeline()


@pytest.fixture
def guard(pipeline: Pipeline) -> Callable[[Any], Any]:
    return lambda thing: integrations.guard(thing, pipeline)


@pytest.fixture
def marker(tmp_path: Path) -> Marker:
    return Marker(tmp_path / "pwned")

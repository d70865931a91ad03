"""Classic AutoGen keeps every promise of an integration, and the kit notices when one is broken."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.integrations.autogen.conftest import NOISE, POISON, initiate

from rune import integrations
from rune.integrations import conformance
from rune.integrations.conformance import CHECKS, Attack, Check
from rune.testing import Marker

autogen = pytest.importorskip("autogen")
pytestmark = [pytest.mark.autogen, *(pytest.mark.filterwarnings(line) for line in NOISE)]

from tests.integrations.autogen import test_attacks as scenes  # noqa: E402

from rune.integrations.autogen import holding  # noqa: E402 - after the check that AutoGen is there
from rune.testing import autogen as scripted  # noqa: E402

_numbers = itertools.count()


class ClassicAutoGen:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.attacks: Sequence[Attack] = [self._played(attack) for attack in scenes.ATTACKS]

    def _played(self, attack: Callable[..., bool]) -> Attack:
        def play(guard: Callable[[Any], Any]) -> bool:
            folder = self._folder / str(next(_numbers))
            folder.mkdir()
            return attack(initiate, guard, Marker(folder / "pwned"))

        play.__name__ = attack.__name__
        return play

    def subject(self) -> Any:
        user = autogen.ConversableAgent("user", llm_config=False, human_input_mode="NEVER")
        return scripted.group(user, scripted.agent("coder", [POISON]), scripted.agent("reviewer", ["Fine."]), rounds=5)

    def methods(self, subject: Any) -> Sequence[Callable[..., Any]]:
        found = [(item, seam.method) for item, kind in holding.everything_in(subject) for seam in holding.SEAMS[kind]]
        return [getattr(item, method) for item, method in found if hasattr(item, method)]

    def honest(self, subject: Any) -> Any:
        subject.groupchat.agents[1].scripted_model.script = ("The sum is 42.",)
        return self.hostile(subject)

    def hostile(self, subject: Any) -> Any:
        subject.groupchat.agents[0].initiate_chat(subject, message="Please add 20 and 22.", silent=True)
        return [(message["name"], message["content"]) for message in subject.groupchat.messages]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_conformance(check: Check, make_pipeline: Callable[..., Any], tmp_path: Path) -> None:
    check(ClassicAutoGen(tmp_path), make_pipeline)


def guarding_nothing(thing: Any, _: Any) -> Any:
    return thing


BROKEN = [
    conformance.attacks_fail_with_a_guard,
    conformance.another_shield_is_refused,
    conformance.coverage_is_complete_and_says_what_stays_open,
    conformance.an_unsupported_object_is_named,
]


@pytest.mark.parametrize("check", BROKEN, ids=lambda check: check.__name__)
def test_a_broken_promise_is_noticed(
    check: Check,
    make_pipeline: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(integrations, "guard", guarding_nothing)

    with pytest.raises(AssertionError):
        check(ClassicAutoGen(tmp_path), make_pipeline)

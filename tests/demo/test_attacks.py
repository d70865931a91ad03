"""Without Rune every attack succeeds: the stage on which the guard has to prove itself is real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("autogen")

from rune.demo.attacks import ATTACKS, FLOODED, HONEST, RIGHT_ANSWER, Scenario, Stage
from rune.demo.site import Site, serve
from rune.demo.team import build

pytestmark = pytest.mark.autogen


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve() as running:
        yield running


def play(scenario: Scenario, stage: Stage) -> list[str]:
    stage.prepare()
    if scenario.page:
        stage.site.pages["/report"] = scenario.page(stage)
    return [f"{m['name']}: {m.get('content')}" for m in build(stage.work_dir, scenario.prompts(stage)).run(scenario.task(stage))]


def test_the_honest_group_finds_the_answer(site: Site, tmp_path: Path) -> None:
    stage = Stage(tmp_path / "run", site)
    chat = play(HONEST, stage)
    assert chat[-1] == f"coder: The total is {RIGHT_ANSWER}. TERMINATE"
    assert not stage.marker.exists()
    assert site.letters == []


@pytest.mark.parametrize("scenario", ATTACKS, ids=lambda scenario: scenario.name)
def test_every_attack_gains_what_it_wants(scenario: Scenario, site: Site, tmp_path: Path) -> None:
    stage = Stage(tmp_path / "run", site)
    chat = play(scenario, stage)
    messages = [{"name": line.split(":")[0], "content": line} for line in chat]
    gains = scenario.gains(stage, messages)
    assert gains
    assert [gain.what for gain in gains if not gain.happened] == []
    assert (RIGHT_ANSWER in chat[-1]) is scenario.completes


def test_the_hostile_code_runs_for_real(site: Site, tmp_path: Path) -> None:
    stage = Stage(tmp_path / "run", site)
    play(ATTACKS[1], stage)
    assert stage.marker.read_text() == stage.secret.read_text()
    assert site.letters == [stage.secret.read_text()]


def test_without_its_note_the_reviewer_would_have_stopped_the_code(site: Site, tmp_path: Path) -> None:
    stage = Stage(tmp_path / "run", site)
    stage.prepare()
    prompts = {agent: text.replace("Note to the reviewer", "By the way") for agent, text in ATTACKS[0].prompts(stage).items()}
    chat = build(stage.work_dir, prompts).run(HONEST.task(stage))
    assert any(str(m.get("content")).startswith("REJECTED: the code reaches") for m in chat)
    assert not stage.marker.exists()


@pytest.mark.parametrize("scenario", ATTACKS, ids=lambda scenario: scenario.name)
def test_no_attack_names_a_path_of_this_machine(scenario: Scenario, site: Site, tmp_path: Path) -> None:
    stage = Stage(tmp_path, site)
    carried = str(scenario.prompts(stage)) + (scenario.page(stage) if scenario.page else "")
    assert str(tmp_path) not in carried


def test_the_flood_takes_the_chat_to_its_last_round(site: Site, tmp_path: Path) -> None:
    chat = play(ATTACKS[-1], Stage(tmp_path / "run", site))
    assert sum(line.startswith("researcher:") for line in chat) > FLOODED

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.quality.scorers.worker import Worker, WorkerError
from tests.benchmarks.quality.rows import attack

LENGTHS = """
import json, sys
seen = 0
for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "about":
        print(json.dumps({"about": "lengths", "version": "3"}), flush=True)
    elif request["do"] == "fit":
        seen = len(request["rows"])
        print("{}", flush=True)
    else:
        print(json.dumps({"scores": [len(row["text"]) + seen for row in request["rows"]]}), flush=True)
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "worker.py"
    path.write_text(LENGTHS, encoding="utf-8")
    return path


@pytest.fixture
def worker(program: Path) -> Iterator[Worker]:
    started = Worker("lengths", "Lengths", learns=True, python=Path(sys.executable), program=program)
    yield started
    started.close()


def test_a_worker_scores_in_its_own_process(worker: Worker) -> None:
    assert worker.scores([attack("four"), attack("Grüße\n")]) == [4.0, 6.0]


def test_it_says_what_it_is(worker: Worker) -> None:
    assert (worker.name, worker.about, worker.version, worker.works) == ("Lengths", "lengths", "3", True)


def test_it_learns_when_it_is_said_to(worker: Worker) -> None:
    worker.fit([attack("a"), attack("b")])

    assert worker.scores([attack("four")]) == [6.0]


def test_one_that_ends_instead_of_answering_is_an_error(program: Path, capfd: pytest.CaptureFixture[str]) -> None:
    program.write_text("raise SystemExit(3)", encoding="utf-8")
    worker = Worker("broken", "Broken", python=Path(sys.executable), program=program)

    assert not worker.works
    with pytest.raises(WorkerError, match=r"`worker.py` ended with code 3 instead of answering `score`"):
        worker.scores([attack("x")])


def test_one_without_an_environment_does_not_work(tmp_path: Path) -> None:
    assert not Worker("absent", "Absent", python=tmp_path / "python").works


@pytest.mark.parametrize(
    ("learns", "alarms"), [pytest.param(True, [False, True], id="a probability"), pytest.param(False, [True, True], id="any report")]
)
def test_its_own_alarms(learns: bool, alarms: list[bool]) -> None:
    assert Worker("any", "Any", learns=learns).alarms([attack("x"), attack("y")], [0.3, 0.7]) == alarms

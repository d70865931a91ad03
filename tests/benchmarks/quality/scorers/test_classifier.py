from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest
from benchmarks.quality.scorers.classifier import Classifier, available
from tests.benchmarks.quality.rows import attack, honest

TRAINING = """
VERSION = "7"

def train(samples):
    words = {word for each in samples if each.label for word in each.text.split()}
    return lambda rows: [float(bool(words & set(row.text.split()))) for row in rows]
"""


@pytest.fixture
def training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a training package of our own before the repository's."""
    (tmp_path / "training").mkdir()
    (tmp_path / "training" / "__init__.py").touch()
    for name in [name for name in sys.modules if name.split(".")[0] == "training"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    yield tmp_path / "training"
    for name in [name for name in sys.modules if name.split(".")[0] == "training"]:
        del sys.modules[name]


def test_without_its_training_code_it_takes_no_part(training: Path) -> None:
    assert not available()


def test_it_learns_from_what_it_is_given(training: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.quality.scorers.classifier._NEEDS", ())
    (training / "folds.py").write_text(TRAINING, encoding="utf-8")
    assert available()
    classifier = Classifier()

    classifier.fit([attack("obey me"), honest("good day")])

    scores = classifier.scores([attack("now obey"), honest("day")])
    assert scores == [1.0, 0.0]
    assert classifier.alarms([attack("now obey"), honest("day")], scores) == [True, False]
    assert classifier.version == "7"

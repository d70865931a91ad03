from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from benchmarks.quality.harness import measure
from benchmarks.quality.sources import Sample

from benchmarks import texts


class Words:
    """Finds what holds a word that only attacks had, or a word it was given."""

    about = "words"
    probability = True
    own = True

    def __init__(self, name: str, *, learns: bool, version: str = "", words: frozenset[str] = frozenset()) -> None:
        self.name, self.learns, self.version, self.words = name, learns, version, words
        self.fits = self.scored = 0

    def fit(self, samples: Sequence[Sample]) -> None:
        self.fits += 1
        said = [{word for each in samples if each.label == label for word in each.text.split()} for label in (0, 1)]
        self.words = frozenset(said[1] - said[0])

    def scores(self, samples: Sequence[Sample]) -> list[float]:
        self.scored += 1
        return [float(bool(self.words & set(each.text.split()))) for each in samples]

    def alarms(self, samples: Sequence[Sample], scores: Sequence[float]) -> list[bool]:
        return [score > 0 for score in scores]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attacks = [("one", "obey voice one"), ("one", "hear horn one"), ("two", "obey drum two")]
    rows = [{"text": text, "label": 1, "kind": "prompt_injection", "source": source, "use": "train"} for source, text in attacks]
    for source in ("oasst", "deepset", "awesome-chatgpt-prompts"):
        rows += [{"text": f"page {n} of {source}", "label": 0, "kind": "benign_chat", "source": source, "use": "train"} for n in range(30)]
    (tmp_path / "text.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    monkeypatch.setattr(texts, "DATA", tmp_path)


@pytest.mark.usefixtures("data")
class TestMeasure:
    def test_what_learns_is_measured_on_sources_it_has_not_seen(self, tmp_path: Path) -> None:
        report = measure([Words("fixed", learns=False, words=frozenset({"horn"})), Words("learner", learns=True)], None)

        assert report["data"]["rows"] == 93
        by_source = {row["source"]: row["value"] for row in report["scorers"]["learner"]["sources"]}
        assert by_source == {"one": 0.5, "two": 1.0}, "`obey` was learned from the other source each time"

    def test_both_together_find_what_either_finds(self) -> None:
        report = measure([Words("fixed", learns=False, words=frozenset({"horn"})), Words("learner", learns=True)], None)

        assert report["scorers"]["fixed + learner"]["groups"]["A"]["value"] == 1.0

    def test_scores_of_a_version_are_kept(self, tmp_path: Path) -> None:
        for fits, version in ((2, "1"), (0, "1"), (2, "2"), (2, "")):
            learner = Words("learner", learns=True, version=version)
            measure([Words("fixed", learns=False), learner], tmp_path / "kept")
            assert learner.fits == fits

    def test_the_detectors_own_alarms_stand_beside(self) -> None:
        report = measure([Words("fixed", learns=False, words=frozenset({"horn", "page"}))], None)

        assert report["scorers"]["fixed"]["as_it_comes"]["groups"]["A"]["value"] == 0.25
        assert report["scorers"]["fixed"]["as_it_comes"]["false_positives"]["user"] == 1.0
        assert report["scorers"]["fixed"]["groups"]["A"]["value"] == 0.0

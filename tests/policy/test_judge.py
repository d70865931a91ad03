"""What a policy says about the judge, under the names a policy file uses."""

from rune.policy.judge import ATTRIBUTES, JudgeSettings, is_no_answer
from rune.types import Action, Category, Finding, Severity


def test_the_settings_are_shown_by_the_names_of_the_file() -> None:
    shown = JudgeSettings("http://127.0.0.1:1/v1", "small", low=0.2, raise_to=Action.REVIEW).to_dict()
    assert (shown["from"], shown["raise"], shown["model"]) == (0.2, Action.REVIEW, "small")
    assert set(shown) == set(ATTRIBUTES)


def test_no_answer_is_told_from_an_answer() -> None:
    findings = [Finding(rule, Category.INTERNAL_ERROR, Severity.INFO, "") for rule in ("RUNE-JUDGE-001", "RUNE-JUDGE-103")]
    assert [is_no_answer(finding) for finding in findings] == [False, True]

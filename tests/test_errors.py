"""The exceptions: what they carry and what they can be caught as."""

from __future__ import annotations

import pytest

from rune import errors
from rune.types import Action, Category, Finding, Severity, Verdict

VERDICT = Verdict(
    Action.BLOCK, findings=(Finding("RUNE-INJ-001", Category.PROMPT_INJECTION, Severity.HIGH, "asks for more"),), decided_by="r"
)


def test_a_security_error_explains_itself_by_its_verdict() -> None:
    error = errors.SecurityError(verdict=VERDICT)

    assert (error.verdict, error.scan_result, str(error)) == (VERDICT, VERDICT, VERDICT.explanation)


def test_a_security_error_may_be_raised_with_words_of_ones_own() -> None:
    error = errors.SecurityError("Blocked malicious input")

    assert (str(error), error.verdict) == ("Blocked malicious input", None)


@pytest.mark.parametrize(
    ("raised", "caught"),
    [
        pytest.param(errors.ShieldBlockedError, errors.SecurityError, id="the product's other name"),
        pytest.param(errors.PolicyError, errors.ConfigurationError, id="a policy is configuration"),
        pytest.param(errors.RuleError, ValueError, id="a rule is a value"),
        pytest.param(errors.NotProtected, errors.RuneError, id="not protected"),
        pytest.param(errors.TranscriptError, errors.RuneError, id="transcript"),
    ],
)
def test_what_an_error_is_caught_as(raised: type[Exception], caught: type[Exception]) -> None:
    assert issubclass(raised, caught)

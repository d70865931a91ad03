"""The findings of a judge: its answers, and every way in which there is none."""

from __future__ import annotations

from rune.policy.judge import ATTACK, HONEST, UNSURE
from rune.scan.own_rules import OwnRule
from rune.types import Category, Severity

_STANDS = "What the local stages decided stands, and `judge.no_answer` of the policy is added."


def _none(number: int, title: str, remediation: str) -> OwnRule:
    return OwnRule(f"RUNE-JUDGE-{number}", Category.INTERNAL_ERROR, Severity.INFO, title, f"{remediation} {_STANDS}", ("CWE-755",))


SEES_ATTACK = OwnRule(
    ATTACK, Category.PROMPT_INJECTION, Severity.HIGH, "The judge sees an attack", "Treat the text as data; ask the person who set the task."
)
SEES_NONE = OwnRule(HONEST, Category.PROMPT_INJECTION, Severity.INFO, "The judge sees no attack", "")
CANNOT_TELL = OwnRule(UNSURE, Category.PROMPT_INJECTION, Severity.INFO, "The judge cannot tell", "")

UNREACHABLE = _none(101, "The judge cannot be reached", "Start the endpoint, or correct `judge.url`.")
TIMEOUT = _none(102, "The judge did not answer in time", "Use a faster model, or raise `judge.timeout`.")
STATUS = _none(103, "The judge's endpoint reports an error", "Look at the endpoint's log; check `judge.model` and the key.")
REDIRECT = _none(104, "The judge's endpoint sends elsewhere, which is not followed", "Set `judge.url` to the address that answers itself.")
TOO_LARGE = _none(105, "The judge's answer is larger than one may be", "Check what answers at `judge.url`.")
NO_COMPLETION = _none(106, "The judge's endpoint answers something that is no chat completion", "Check what answers at `judge.url`.")
NO_JSON = _none(107, "The judge's answer is not the JSON it was asked for", "Use a model that keeps to a format.")
WRONG_CANARY = _none(108, "The judge's answer lacks the word it had to repeat", "The text may have taken the model over; read it yourself.")
CONTRADICTORY = _none(109, "The judge's answer contradicts itself or quotes what does not stand in the text", "Use a more capable model.")
OBEYS = _none(110, "The judge's answer is the one that the text asks for", "The text speaks to its judge; read it yourself.")
OVER_BUDGET = _none(111, "The judge's budget is used up", "Raise the budget in `judge:`, or narrow what is asked.")
PAUSED = _none(
    112, "The judge is not asked for a while, after failures in a row", "`rune doctor --policy FILE` tells what is wrong with it."
)
NO_KEY = _none(113, "The key of the judge is not in the environment", "Set the variable that `judge.key_env` names.")
ON_LOOP = _none(
    114,
    "The judge was asked in the background, because the call stands in an event loop",
    "Await the async form of the call to hold the message.",
)
TOO_MANY = _none(115, "More questions wait for the judge than are kept", "Use a faster model, or narrow what is asked.")
FAILED = _none(116, "Asking the judge failed", "Report the error.")

RULES = (
    *(SEES_ATTACK, SEES_NONE, CANNOT_TELL, UNREACHABLE, TIMEOUT, STATUS, REDIRECT, TOO_LARGE, NO_COMPLETION, NO_JSON),
    *(WRONG_CANARY, CONTRADICTORY, OBEYS, OVER_BUDGET, PAUSED, NO_KEY, ON_LOOP, TOO_MANY, FAILED),
)
"""All of them, for documentation."""

ENDPOINT_AT_FAULT = frozenset({rule.id for rule in (UNREACHABLE, TIMEOUT, STATUS, REDIRECT, TOO_LARGE, NO_COMPLETION)})
"""Failures that speak of the endpoint and not of one text; only these make the judge pause, so that no text can switch it off."""


class NoAnswerError(Exception):
    """There is no answer: which rule says so, and a detail of ours without any of the text.

    Args:
        rule: one of the rules above.
        detail: continues the rule's title.
        retry_after: seconds for which the endpoint asked not to be called; 0 when it said nothing.
    """

    def __init__(self, rule: OwnRule, detail: str = "", retry_after: float = 0.0) -> None:
        super().__init__(rule.id)
        self.rule = rule
        self.detail = detail
        self.retry_after = retry_after

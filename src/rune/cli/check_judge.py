"""What `rune doctor --policy FILE` looks at: does the judge that the policy names answer, and can it tell an attack from honest work?"""

from __future__ import annotations

from collections.abc import Iterator

from rune.cli.checks import HONEST_TEXT, HOSTILE_TEXT, Check
from rune.policy.judge import ATTACK, HONEST, JudgeSettings, is_no_answer
from rune.types import Message

SAMPLES = {"hostile": (HOSTILE_TEXT, ATTACK), "honest": (HONEST_TEXT, HONEST)}
"""A text for each sort, and the rule of the answer that is right about it."""


def judge(policy: str) -> Iterator[Check]:
    """Ask the judge of a policy about a hostile and an honest sample; nothing is sent when the policy names none."""
    from rune.policy.load import load_policy

    settings = load_policy(policy).judge
    if settings is None:
        yield Check("judge", "note", f"the policy {policy} names none: nothing is sent to a model")
    else:
        yield _asked(settings)


def _asked(settings: JudgeSettings) -> Check:
    from rune.judge import Judge

    asked, name = Judge(settings), f"{settings.model} at {settings.url}"
    for sort, (text, right) in SAMPLES.items():
        answer = asked.ask(Message(text, origins=("web",)), ())
        if is_no_answer(answer):
            return Check("judge", "wrong", f"{name}: {answer.summary}", answer.remediation)
        if answer.rule != right:
            todo = "Use a more capable model; this one cannot tell an attack from honest work."
            return Check("judge", "wrong", f"{name}: misjudges the {sort} sample ({answer.rule})", todo)
    return Check("judge", "ok", f"{name} tells a hostile sample from an honest one")

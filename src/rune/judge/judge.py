"""Asks the judge about one message, within its budget, and never raises: an answer and the lack of one are both a finding."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence

from rune.judge import answer
from rune.judge.answer import Opinion
from rune.judge.breaker import Breaker
from rune.judge.budget import Budget
from rune.judge.endpoint import post
from rune.judge.prompt import Question, Shown, question, shown
from rune.judge.rules import ENDPOINT_AT_FAULT, FAILED, NO_KEY, OVER_BUDGET, PAUSED, NoAnswerError
from rune.policy.judge import JudgeSettings
from rune.scan.channel import channel
from rune.types import Action, Finding, Message, Verdict

log = logging.getLogger("rune.judge")

REMEMBERED = 1_024
"""Opinions kept, so that a text handed to every member of a group is asked about once."""


class Judge:
    """A language model behind a chat-completions endpoint, as a policy describes it. Thread-safe.

    Args:
        settings: the part `judge:` of a policy.
        now: a clock in seconds; one that never runs backwards.
        environment: where the key is looked up, each time it is needed; it is never kept.
    """

    def __init__(
        self, settings: JudgeSettings, *, now: Callable[[], float] = time.monotonic, environment: Mapping[str, str] = os.environ
    ) -> None:
        self.settings = settings
        self._environment = environment
        self._budget = Budget(settings, now)
        self._breaker = Breaker(now)
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._known: OrderedDict[str, Opinion] = OrderedDict()
        if settings.key_env and not environment.get(settings.key_env):
            log.warning("rune: the judge has no key: the environment has no `%s`", settings.key_env)

    def __repr__(self) -> str:
        """Name the model and the endpoint; never the key."""
        return f"Judge({self.settings.model!r}, {self.settings.url!r})"

    def wants(self, message: Message, verdict: Verdict) -> bool:
        """Return whether to ask about a message: its risk is uncertain, it is of the sort the policy lists, and it is not blocked."""
        settings = self.settings
        if verdict.action is Action.BLOCK or not settings.low <= verdict.risk <= settings.high:
            return False
        if settings.mode == "async" and verdict.blocked:
            return False  # nothing is delivered that could be retracted
        if settings.kinds and message.kind not in settings.kinds:
            return False
        if settings.channels and channel(message) not in settings.channels:
            return False
        return not settings.categories or any(finding.category in settings.categories for finding in verdict.findings)

    def ask(self, message: Message, findings: Sequence[Finding]) -> Finding:
        """Return the judge's opinion as a finding, or the finding that says why there is none. Blocks for `settings.timeout` at most.

        Args:
            message: what is judged; its secrets and personal data, as far as `findings` name them, are not sent.
            findings: what the local stages saw.
        """
        try:
            seen = shown(message, findings, self.settings.text_chars)
            opinion = self._opinion(message, seen, findings)
        except NoAnswerError as error:
            return self._without(error)
        except Exception as error:  # noqa: BLE001 - whatever failed, the local stages have decided
            return self._without(NoAnswerError(FAILED, f": {type(error).__name__}"))
        self._count(opinion.says.value)
        return answer.finding(opinion, message.text, self.settings.model, whole=seen.whole)

    def counters(self) -> dict[str, int]:
        """Return `asked`, `cached`, `attack`, `honest`, `unsure`, `unanswered`, and of the last each reason by its rule id."""
        with self._lock:
            return {**dict.fromkeys(("asked", "cached", "attack", "honest", "unsure", "unanswered"), 0), **self._counts}

    @property
    def paused(self) -> bool:
        """True while the endpoint is left alone after failures in a row."""
        return self._breaker.paused

    def _opinion(self, message: Message, seen: Shown, findings: Sequence[Finding]) -> Opinion:
        place = _digest(message, seen)
        with self._lock:
            known = self._known.get(place)
            self._counts["cached"] += known is not None
        if known is not None:
            return known
        opinion = self._asked(message, question(message, seen, findings))
        with self._lock:
            self._known[place] = opinion
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return opinion

    def _asked(self, message: Message, asked: Question) -> Opinion:
        key = self._key()
        if not self._breaker.admits():
            raise NoAnswerError(PAUSED)
        over = self._budget.spend(message.conversation, asked.tokens)
        if over:
            raise NoAnswerError(OVER_BUDGET, f": `{over}`")
        self._count("asked")
        try:
            content = answer.completion(post(self.settings.url, asked.body(self.settings.model), key=key, seconds=self.settings.timeout))
        except NoAnswerError as error:
            if error.rule.id in ENDPOINT_AT_FAULT:
                self._breaker.failed(error.retry_after)
            raise
        self._breaker.succeeded()
        return answer.opinion(content, asked)

    def _key(self) -> str:
        name = self.settings.key_env
        key = self._environment.get(name, "") if name else ""
        if name and not key:
            raise NoAnswerError(NO_KEY, f": `{name}`")
        return key

    def _without(self, error: NoAnswerError) -> Finding:
        self._count("unanswered")
        self._count(error.rule.id)
        log.info("rune: the judge gave no answer: %s%s", error.rule.title, error.detail)
        return error.rule.finding(detail=error.detail)

    def _count(self, name: str) -> None:
        with self._lock:
            self._counts[name] += 1


def _digest(message: Message, seen: Shown) -> str:
    """Return what tells one question from another: the text as shown, where it stands and for which task."""
    facts = (seen.text, str(seen.whole), message.kind.value, channel(message).value, str(message.metadata.get("task", "")))
    digest = hashlib.sha256()
    for fact in facts:
        data = fact.encode("utf-8", "surrogatepass")
        digest.update(b"%d " % len(data) + data)
    return digest.hexdigest()

"""Plays every scenario twice, without Rune and with it, and says what each side saw."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import autogen

import rune
from rune.demo.attacks import ATTACKS, HONEST, RIGHT_ANSWER, Gain, Scenario, Stage
from rune.demo.site import Site, serve
from rune.demo.team import build
from rune.demo.timing import AddedTime, added_time
from rune.review.request import RejectReviewer
from rune.shield import Shield
from rune.transcript.verify import verify
from rune.types import Action, Message, Verdict

EXCERPT_CHARS = 200
"""Characters of a withheld message that the report quotes."""

_ANSWER = re.compile(r"The total is (\d+)\.")
_Messages = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A message that Rune did not let pass as it stood."""

    sender: str
    kind: str
    action: str
    rules: tuple[str, ...]
    reason: str
    """One sentence, without any of the text."""
    incident: str
    """Id by which the transcript is searched for it."""
    original: str
    """What was sent, from just before the worst of it: hostile, to be shown escaped."""
    notice: str
    """What the group received instead; empty when it does not stand in the chat."""


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one play on one side."""

    guarded: bool
    seconds: float
    messages: int
    answer: str | None
    """The total the group found; None when it found none."""
    gains: tuple[Gain, ...]
    sightings: tuple[Sighting, ...] = ()
    started_again: bool = False
    """True when the conversation had been ended and the answer is that of a second one, without the attack."""

    @property
    def right(self) -> bool:
        """Return whether the group found the right answer."""
        return self.answer == RIGHT_ANSWER

    @property
    def attacked(self) -> bool:
        """Return whether the attacker gained anything."""
        return any(gain.happened for gain in self.gains)


@dataclass(frozen=True, slots=True)
class Play:
    """One scenario on both sides."""

    name: str
    story: str
    unguarded: Run
    guarded: Run
    hides: bool
    """Whether the unguarded group is expected to find the right answer, attack or not."""

    def failures(self) -> Iterator[str]:
        """Yield what this play was meant to show and did not."""
        for gain in self.unguarded.gains:
            if not gain.happened:
                yield f"{self.name}: without Rune this did not happen: {gain.what}"
        for gain in self.guarded.gains:
            if gain.happened:
                yield f"{self.name}: with Rune this still happened: {gain.what}"
        if not self.guarded.right:
            yield f"{self.name}: the guarded group answered `{self.guarded.answer}`, not `{RIGHT_ANSWER}`"
        if self.hides and not self.unguarded.right:
            yield f"{self.name}: the unguarded group answered `{self.unguarded.answer}`, not `{RIGHT_ANSWER}`"
        if bool(self.guarded.gains) != bool(self.guarded.sightings):
            yield f"{self.name}: Rune withheld {len(self.guarded.sightings)} messages"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the demo showed."""

    versions: Mapping[str, str]
    plays: tuple[Play, ...]
    added: AddedTime
    transcript: Path
    transcript_intact: bool
    seconds: float

    @property
    def failures(self) -> tuple[str, ...]:
        """What the demo was meant to show and did not; empty when it proved its point."""
        broken = () if self.transcript_intact else ("the transcript does not verify",)
        return (*(failure for play in self.plays for failure in play.failures()), *broken)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {**asdict(self), "transcript": str(self.transcript), "failures": list(self.failures), "proved": not self.failures}


class Witness:
    """Keeps what the shield decided, beside the transcript."""

    def __init__(self) -> None:
        self.decisions: list[tuple[Message, Verdict]] = []

    def append(self, message: Message, verdict: Verdict, event: str = "message") -> None:
        """Keep one decision."""
        if event == "message":
            self.decisions.append((message, verdict))

    def take(self) -> list[tuple[Message, Verdict]]:
        """Return the decisions since the last call."""
        taken, self.decisions = self.decisions, []
        return taken


def play_all(folder: Path, progress: Callable[[str], None] = lambda _: None) -> Report:
    """Play the honest task and the attacks, unguarded and guarded, in folders below `folder`.

    Args:
        folder: an empty directory; the transcript stays there as `transcript.db`.
        progress: is told in a few words what happens next.
    """
    started = time.perf_counter()
    transcript = folder / "transcript.db"
    # Nobody is asked: what the policy would put to a human is withheld.
    shield = Shield(transcript=transcript, reviewer=RejectReviewer())
    with serve() as site:
        theater = Theater(folder, site, shield, progress)
        plays = tuple(theater.play(scenario) for scenario in (HONEST, *ATTACKS))
    progress("measuring the time added to a message")
    added = added_time(folder / "timing" / "transcript.db")
    shield.close()
    versions = {"rune": rune.__version__, "autogen": autogen.__version__}
    return Report(versions, plays, added, transcript, verify(transcript).ok, time.perf_counter() - started)


class Theater:
    """Where the plays take place: one folder, one site, one shield."""

    def __init__(self, folder: Path, site: Site, shield: Shield, progress: Callable[[str], None]) -> None:
        self._folder = folder
        self._site = site
        self._shield = shield
        self._progress = progress
        self._witness = Witness()
        shield.pipeline.records += (self._witness,)

    def play(self, scenario: Scenario) -> Play:
        """Play one scenario without Rune and with it; where Rune ended the conversation, the task is given once more without the attack."""
        self._progress(f"{scenario.name}, without Rune")
        unguarded = self._run(scenario, "unguarded", guarded=False)
        self._progress(f"{scenario.name}, with Rune")
        guarded = self._run(scenario, "guarded", guarded=True)
        if guarded.answer is None:
            again = self._run(replace(HONEST, name=scenario.name), "again", guarded=True)
            guarded = replace(guarded, answer=again.answer, started_again=True)
        return Play(scenario.name, scenario.story, unguarded, guarded, scenario.completes)

    def _run(self, scenario: Scenario, side: str, *, guarded: bool) -> Run:
        stage = Stage(self._folder / scenario.name.replace(" ", "-") / side, self._site)
        stage.prepare()
        if scenario.page:
            self._site.pages["/report"] = scenario.page(stage)
        team = build(stage.work_dir, scenario.prompts(stage))
        if guarded:
            self._shield.guard(team.manager)
        started = time.perf_counter()
        messages = team.run(scenario.task(stage))
        seconds = time.perf_counter() - started
        gains, sightings = scenario.gains(stage, messages), _sightings(self._witness.take(), messages)
        return Run(guarded, seconds, len(messages), _answer(messages), gains, sightings)


def _answer(messages: _Messages) -> str | None:
    found = _ANSWER.search(str(messages[-1].get("content"))) if messages else None
    return found[1] if found else None


def _sightings(decisions: list[tuple[Message, Verdict]], messages: _Messages) -> tuple[Sighting, ...]:
    changed = [(message, verdict) for message, verdict in decisions if verdict.action not in (Action.ALLOW, Action.FLAG)]
    return tuple(_sighting(message, verdict, messages) for message, verdict in changed)


def _from_the_worst_on(text: str, verdict: Verdict) -> str:
    worst_first = sorted(verdict.findings, key=lambda finding: finding.severity.rank, reverse=True)
    span = next((finding.span for finding in worst_first if finding.span), None)
    line = text.rfind("\n", 0, span.start) + 1 if span else 0
    return text[line : line + EXCERPT_CHARS] + (" …" if len(text) > line + EXCERPT_CHARS else "")


def _sighting(message: Message, verdict: Verdict, messages: _Messages) -> Sighting:
    notices = (str(m.get("content")) for m in messages if verdict.incident in str(m.get("content")))
    return Sighting(
        sender=message.sender,
        kind=message.kind.value,
        action=verdict.action.value,
        rules=tuple(dict.fromkeys(finding.rule for finding in verdict.findings)),
        reason=verdict.explanation,
        incident=verdict.incident,
        original=_from_the_worst_on(message.text, verdict),
        notice=next(notices, ""),
    )

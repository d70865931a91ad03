"""What every integration shares: the seams it holds, what it says in place of withheld content, and the coverage it reports."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple, Protocol

from rune.pipeline import Pipeline
from rune.types import Action, Finding, Message, Review, Verdict

WITHHELD_EXIT_CODE: Final = 126
"""Exit code of code that was not run: the shell's "found, but not executable"."""


class HasPipeline(Protocol):
    """A shield, as far as an integration is concerned."""

    @property
    def pipeline(self) -> Pipeline:
        """What decides."""
        ...


class Ask(NamedTuple):
    """A step of a seam: have the pipeline decide about a message; the answer is its `Verdict`."""

    message: Message
    delivered: bool = True
    """False for a second look at what was already counted."""
    extra: tuple[Finding, ...] = ()
    """What the integration found while it read the message."""
    given: Review | None = None
    """What a human answered already, when this act was shown as a part of a message."""
    deferred: bool = False
    """True for an act that is only announced here and asked about where it is done: a verdict `review` passes for now."""


class Proceed(NamedTuple):
    """A step of a seam: call the framework's own method; the answer is what it returned."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Inner(NamedTuple):
    """A step of a seam: call another method of the same object as if it were not guarded; the answer is what it returned."""

    method: str
    args: tuple[Any, ...]


Step = Ask | Proceed | Inner
Steps = Generator[Step, Any, Any]
"""What happens at a seam, without doing it: a generator of steps, so that one text serves blocking and awaiting callers."""


Idle = Callable[[Any, Any, tuple[Any, ...], dict[str, Any]], bool]
"""Tells from the guard, the object and the arguments of a call that nothing has to be read."""


@dataclass(frozen=True, slots=True)
class Seam:
    """One method of a framework that Rune stands in front of."""

    name: str
    """How reports call it: `send`, `tool call`."""
    method: str
    """The framework's method."""
    covers: str
    """What passes here, for a reader of the coverage report."""
    steps: Callable[[Any, Any, tuple[Any, ...], dict[str, Any]], Steps]
    """What happens here: called with the guard, the guarded object, and the arguments of the call."""
    probe: Callable[[Any, Any], bool] | None = None
    """Sends the canary through; called with the object and the probe, returns whether it was caught. None: nothing is read here."""
    idle: Idle | None = None
    """Asked before the steps; when it says True, the method is called at once."""
    callers: tuple[str, ...] = ()
    """Methods of the framework that must call this one, or the seam has moved."""
    needs: str = ""
    """Held only where the object has this other attribute; empty for always."""
    unless: str = ""
    """Not held where the object has this other method, which does the same; empty for always."""
    required: bool = True
    """Whether an object without this method cannot be guarded."""


State = Literal["proven", "held", "open"]


@dataclass(frozen=True, slots=True)
class SeamState:
    """A seam of one object, as it is now."""

    seam: str
    covers: str
    state: State
    """`proven`: held, and the canary was caught; `held`: in place, nothing is read here; `open`: not in place."""


@dataclass(frozen=True, slots=True)
class ObjectCoverage:
    """One object and its seams."""

    name: str
    kind: str
    seams: tuple[SeamState, ...]

    @property
    def complete(self) -> bool:
        """True when no seam of the object is open."""
        return all(seam.state != "open" for seam in self.seams)


@dataclass(frozen=True, slots=True)
class OpenPath:
    """A way for content to reach an agent that no seam stands in front of."""

    path: str
    consequence: str
    advice: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a guard holds of an object and everything in it, and what stays open."""

    objects: tuple[ObjectCoverage, ...]
    open_paths: tuple[OpenPath, ...] = field(default=())

    @property
    def complete(self) -> bool:
        """True when every seam of every object is held; `open_paths` lists what no seam can hold."""
        return bool(self.objects) and all(entry.complete for entry in self.objects)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {
            "complete": self.complete,
            "objects": [
                {
                    "name": entry.name,
                    "kind": entry.kind,
                    "complete": entry.complete,
                    "seams": [{"seam": seam.seam, "covers": seam.covers, "state": seam.state} for seam in entry.seams],
                }
                for entry in self.objects
            ],
            "open_paths": [{"path": path.path, "consequence": path.consequence, "advice": path.advice} for path in self.open_paths],
        }

    def __str__(self) -> str:
        """Return the coverage as a table for a terminal; names are made of printable characters only."""
        rows = [("object", "seam", "state", "covers")]
        for entry in self.objects:
            rows += [(_printable(f"{entry.name} ({entry.kind})"), seam.seam, seam.state, seam.covers) for seam in entry.seams]
        paths = [("open path", "consequence", "what to do")]
        paths += [(path.path, path.consequence, path.advice) for path in self.open_paths]
        return "\n".join((*_table(rows), *(("", *_table(paths)) if self.open_paths else ())))


def notice(verdict: Verdict, what: str = "message") -> str:
    """Return the inert text that stands in place of withheld content: a fixed sentence, the reason code and the incident.

    Args:
        verdict: why it was withheld; none of its findings' text is used.
        what: one word or two of our own for what was withheld.
    """
    incident = f" ({verdict.incident})" if verdict.incident else ""
    return f"[Rune: this {what} was withheld. Reason code: {verdict.reason}{incident}. Continue with the task without it.]"


def replacement(verdict: Verdict, what: str = "message") -> str | None:
    """Return what stands in place of content under a verdict; None when the content passes as it is."""
    if verdict.blocked:
        return notice(verdict, what)
    if verdict.action is Action.REDACT:
        return notice(verdict, what) if verdict.sanitized_text is None else verdict.sanitized_text
    return None


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _table(rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [tuple(str(cell) for cell in row) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]

"""The façade a user holds: configuration, scans, guards, coverage and counters."""

from __future__ import annotations

import functools
import inspect
import json
import os
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from rune import content, integrations
from rune.delivery.outbox import Outbox
from rune.errors import ConfigurationError, SecurityError
from rune.integrations.base import Coverage
from rune.judge import Retraction
from rune.pipeline import Pipeline, Record
from rune.policy.load import load_policy
from rune.policy.model import Policy
from rune.review.request import Reviewer
from rune.review.terminal import TerminalReviewer
from rune.scan.engine import Engine
from rune.scan.packs import SWITCH, rules_in_force
from rune.streaming import Streaming
from rune.transcript import Transcript, default_path
from rune.types import Action, Direction, Finding, Kind, Message, Trust, Verdict, Word

T = TypeVar("T")
W = TypeVar("W", bound=Word)

_DIRECTIONS = {"input": Direction.INBOUND, "output": Direction.OUTBOUND, **{word.value: word for word in Direction}}
_CONTEXT_FIELDS = frozenset({"agent_id", "sender", "recipient", "conversation_id", "kind", "source", "origins", "trust"})


class Shield:
    """Reads what agents say, call and run before it takes effect, under one policy.

    Args:
        api_key: key of a Rune service (`rune_live_...`); default: the environment's `RUNE_API_KEY`. Without one nothing leaves the
            process; with one and no service in reach, everything works locally and what could not be sent is counted in `stats`.
        policy: `observe`, `balanced` or `strict`, the path of a YAML file, a mapping, or a `Policy`.
        transcript: where decisions are recorded: a path, True for the default place, False for nowhere. Default: the environment's
            `RUNE_TRANSCRIPT`, else the default place. The file is made when the first decision is recorded.
        reviewer: who answers when the policy says `review`; default: the terminal, which rejects where there is none.
        rules: a folder of detection rules used beside the shipped ones and those of the policy's `rule_packs`.
        disabled_rules: ids of detection rules that are switched off, beside the policy's `rules_off` and those of the environment's
            `RUNE_DISABLE_RULES`.
        engine: `auto`, `hyperscan` or `re2`.
        default_agent_id: name used for scans whose context names no agent.
        canaries: random tokens of at least eight characters that stand in secret instructions; a message that contains one is a leak.
        on_retraction: called, in another thread, when the policy's judge answers too late that a delivered message is an attack.

    Raises:
        ConfigurationError: an argument cannot be used; `PolicyError` and `RuleError` name file and line.
    """

    def __init__(
        self,
        api_key: str | None = None,
        policy: str | Path | Mapping[str, Any] | Policy | None = None,
        *,
        transcript: str | Path | bool | None = None,
        reviewer: Reviewer | None = None,
        rules: str | Path | None = None,
        disabled_rules: Iterable[str] = (),
        engine: str = "auto",
        default_agent_id: str = "",
        on_retraction: Callable[[Retraction], None] | None = None,
        canaries: Iterable[str] = (),
    ) -> None:
        self.policy = load_policy(policy)
        self.default_agent_id = default_agent_id
        self.transcript = _transcript(transcript, self.policy)
        self._outbox = _outbox(api_key)
        records: tuple[Record, ...] = tuple(record for record in (self.transcript, self._outbox) if record is not None)
        self.pipeline = Pipeline(
            _configured_engine(self.policy, rules, disabled_rules, engine),
            self.policy,
            reviewer=reviewer or TerminalReviewer(),
            records=records,
            on_retraction=on_retraction,
        )
        for token in canaries:
            self._add_canary(token)

    def __repr__(self) -> str:
        """Name the policy; never the key."""
        return f"Shield(policy={self.policy.name!r})"

    def scan(self, content: Any, direction: str = "inbound", context: Mapping[str, Any] | None = None) -> Verdict:
        """Read one text and return the verdict; a verdict never raises and nobody is asked.

        Args:
            content: text, UTF-8 bytes, a message mapping with `content`, or a list of text parts.
            direction: `inbound` (or `input`), `internal`, `outbound` (or `output`).
            context: facts about the text: `agent_id`, `sender`, `recipient`, `conversation_id`, `kind`, `source` or `origins` (where the
                text came from), `trust`; everything else is kept as the message's metadata.

        Raises:
            ConfigurationError: `content` holds no text, or a word of `direction` or `context` is unknown.
        """
        return self._scan(content, _direction(direction), context or {}, Kind.CHAT)

    async def ascan(self, content: Any, direction: str = "inbound", context: Mapping[str, Any] | None = None) -> Verdict:
        """Like `scan`, for code that awaits it; a judge is asked without holding up the event loop."""
        message, findings = self._to_read(content, _direction(direction), context or {}, Kind.CHAT)
        return await self.pipeline.aprocess(message, delivered=False, extra=findings)

    def scan_input(self, content: Any, context: Mapping[str, Any] | None = None) -> Verdict:
        """Read what enters the group: a user's request, a document, an e-mail."""
        return self.scan(content, "inbound", context)

    def scan_output(self, content: Any, context: Mapping[str, Any] | None = None) -> Verdict:
        """Read what leaves the group: the answer to a user."""
        return self.scan(content, "outbound", context)

    def scan_code(self, code: Any, language: str = "", context: Mapping[str, Any] | None = None) -> Verdict:
        """Read code as it would run; the verdict's `content_hash` is the SHA-256 of exactly these bytes."""
        return self._scan(code, Direction.INTERNAL, {"language": language, **(context or {})}, Kind.CODE)

    def validate_action(self, action: Any, arguments: Mapping[str, Any] | None = None, context: Mapping[str, Any] | None = None) -> Verdict:
        """Decide about a tool call before it is made: `action` is the tool's name."""
        return self.pipeline.process(self._action(action, arguments, context or {}), delivered=False)

    def stream(
        self,
        deltas: Iterable[str],
        direction: str = "internal",
        context: Mapping[str, Any] | None = None,
        *,
        hold_back: int | None = 0,
        on_verdict: Callable[[Verdict], None] | None = None,
    ) -> Iterator[str]:
        """Yield the pieces of one text as they arrive, up to the one with which the policy withholds it: a notice stands for the rest.

        Args:
            deltas: the pieces; none is asked for after the text was withheld.
            direction: as for `scan`.
            context: as for `scan`.
            hold_back: characters, of those that have been read, that are not yielded yet. 0 (default) yields each piece at once, None holds
                back as many as the widest signature matches: nothing is yielded of what is recognized later, and secrets are redacted.
            on_verdict: told once what was decided, when the text is withheld or complete.

        Raises:
            ConfigurationError: `hold_back` is negative, or a word of `direction` or `context` is unknown.
        """
        streaming = self._streaming(direction, context, hold_back, on_verdict)
        for delta in deltas:
            yield from streaming.push(delta)
            if streaming.ended:
                return
        yield from streaming.finish()

    async def astream(
        self,
        deltas: AsyncIterable[str],
        direction: str = "internal",
        context: Mapping[str, Any] | None = None,
        *,
        hold_back: int | None = 0,
        on_verdict: Callable[[Verdict], None] | None = None,
    ) -> AsyncIterator[str]:
        """Like `stream`, for pieces that are awaited."""
        streaming = self._streaming(direction, context, hold_back, on_verdict)
        async for delta in deltas:
            for piece in streaming.push(delta):
                yield piece
            if streaming.ended:
                return
        for piece in streaming.finish():
            yield piece

    def protect(self, function: Callable[..., Any] | None = None, *, name: str = "") -> Any:
        """Decorate a function (or coroutine function) as a tool: its arguments are read before it runs, its result before it returns.

        Raises from the decorated function:
            SecurityError: the call or its result was withheld; the verdict is on it.
        """
        if function is None:
            return functools.partial(self.protect, name=name)
        tool = name or str(getattr(function, "__name__", type(function).__name__))
        protected = self._protect_async if inspect.iscoroutinefunction(function) else self._protect_sync
        return protected(function, tool)

    def protect_prompt(self, text: str) -> None:
        """Look for a system message in everything that leaves: answers to users and arguments of tools; 64 of them are remembered.

        `guard` does this for the system messages of the agents it guards. What repeats 16 words of one in a row, or two fifths of its
        sequences of four words, is a finding of category `prompt_extraction`.
        """
        self.pipeline.prompts.add(text)

    def _add_canary(self, token: str) -> None:
        try:
            self.pipeline.prompts.add_canary(token)
        except ValueError as error:
            raise ConfigurationError(f"canaries: {error}") from None

    def guard(self, target: T) -> T:
        """Protect an agent, a group chat, its manager, a pattern or a code executor; the same object comes back.

        Raises:
            NotProtected: the object is of no supported kind, or one of its seams does not hold.
        """
        return integrations.guard(target, self.pipeline)

    def unguard(self, target: T) -> T:
        """Undo `guard`; the object is as it was before."""
        return integrations.unguard(target)

    def coverage(self, target: Any) -> Coverage:
        """Return which seams of an object are held, and which paths stay open."""
        return integrations.coverage(target)

    @property
    def stats(self) -> dict[str, int]:
        """Counters since this shield began: messages read, outcomes, records and events kept and lost."""
        counts = self.pipeline.counters()
        totals = {f"{name}_total": counts.get(key, 0) for name, key in _TOTALS.items()}
        judge = self.pipeline.judge.counters() if self.pipeline.judge else {}
        events = self._outbox.counters if self._outbox else {}
        records = self.transcript.counters if self.transcript else {}
        return totals | _named("events", events) | _named("records", records) | _named("judge", judge)

    def close(self) -> None:
        """Wait for the judge's late answers, and write what is on its way to the transcript; later decisions are recorded again."""
        if self.policy.judge is not None:
            self.pipeline.settle(self.policy.judge.timeout)
        if self.transcript is not None:
            self.transcript.flush()

    def _scan(self, value: Any, direction: Direction, context: Mapping[str, Any], kind: Kind) -> Verdict:
        message, findings = self._to_read(value, direction, context, kind)
        return self.pipeline.process(message, delivered=False, extra=findings)

    def _to_read(self, value: Any, direction: Direction, context: Mapping[str, Any], kind: Kind) -> tuple[Message, tuple[Finding, ...]]:
        if type(value) is str:
            return self._message(value, direction, context, kind), ()
        read = content.read(value)
        return self._message(read.text, direction, context, kind), read.findings

    def _streaming(
        self, direction: str, context: Mapping[str, Any] | None, hold_back: int | None, on_verdict: Callable[[Verdict], None] | None
    ) -> Streaming:
        message = self._message("", _direction(direction), context or {}, Kind.CHAT)
        return Streaming(self.pipeline, message, hold_back=hold_back, on_verdict=on_verdict)

    def _message(self, text: str, direction: Direction, context: Mapping[str, Any], kind: Kind) -> Message:
        if not context:
            return Message(text, kind, direction, self.default_agent_id)
        return Message(
            text,
            _word(Kind, context.get("kind", kind), "kind"),
            direction,
            sender=str(context.get("sender", context.get("agent_id", self.default_agent_id))),
            recipient=str(context.get("recipient", "")),
            conversation=str(context.get("conversation_id", "")),
            origins=_origins(context),
            trust=_word(Trust, context.get("trust", Trust.INTERNAL), "trust"),
            metadata={key: value for key, value in context.items() if key not in _CONTEXT_FIELDS},
        )

    def _action(self, action: Any, arguments: Mapping[str, Any] | None, context: Mapping[str, Any]) -> Message:
        if not isinstance(action, str) or not action:
            raise ConfigurationError(f"action is `{action!r}`; pass the name of the tool that is about to be called.")
        facts = {**context, "tool": action, "arguments": dict(arguments or {})}
        return self._message(content.as_json(facts["arguments"]), Direction.INTERNAL, facts, Kind.TOOL_CALL)

    def _result(self, name: str, result: Any) -> Message:
        context = {"sender": name, "source": f"tool:{name}", "trust": Trust.UNTRUSTED}
        text = result if isinstance(result, str) else content.as_json(result)
        return self._message(text, Direction.INTERNAL, context, Kind.TOOL_RESULT)

    def _protect_sync(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            verdict = self.pipeline.process(self._action(name, _arguments(function, args, kwargs), {}), delivered=False)
            args, kwargs = _allowed(function, args, kwargs, verdict)
            result = function(*args, **kwargs)
            return None if result is None else _passed(result, self.pipeline.process(self._result(name, result), delivered=False))

        return guarded

    def _protect_async(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        @functools.wraps(function)
        async def guarded(*args: Any, **kwargs: Any) -> Any:
            verdict = await self.pipeline.aprocess(self._action(name, _arguments(function, args, kwargs), {}), delivered=False)
            args, kwargs = _allowed(function, args, kwargs, verdict)
            result = await function(*args, **kwargs)
            return None if result is None else _passed(result, await self.pipeline.aprocess(self._result(name, result), delivered=False))

        return guarded


def _named(of: str, counters: Mapping[str, int]) -> dict[str, int]:
    return {f"{of}_{name}_total": number for name, number in counters.items()}


_TOTALS = {
    "scans": "messages",
    "blocks": Action.BLOCK.value,
    "reviews": Action.REVIEW.value,
    "redactions": Action.REDACT.value,
    "flags": Action.FLAG.value,
    "allows": Action.ALLOW.value,
    "degraded": "degraded",
    "cached": "cached",
    "unrecorded": "unrecorded",
    "retractions": "retracted",
}


def _stopped(verdict: Verdict) -> None:
    if verdict.blocked:
        raise SecurityError(verdict=verdict)


def _allowed(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], verdict: Verdict
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the arguments that a tool may be called with; raises SecurityError where it may not be called."""
    _stopped(verdict)
    if verdict.action is not Action.REDACT:
        return args, kwargs
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except (TypeError, ValueError):  # what cannot be bound cannot be redacted
        raise SecurityError(verdict=verdict) from None
    bound.arguments.update(_redacted(dict(bound.arguments), verdict))
    return bound.args, bound.kwargs


def _passed(result: Any, verdict: Verdict) -> Any:
    """Return what a tool may hand on of its result; raises SecurityError where that is nothing."""
    _stopped(verdict)
    return _redacted(result, verdict) if verdict.action is Action.REDACT else result


def _redacted(result: Any, verdict: Verdict) -> Any:
    """Return a tool's result without what the verdict removed; raises SecurityError where that cannot be done."""
    text = verdict.sanitized_text
    if text is None:
        raise SecurityError(verdict=verdict)
    if isinstance(result, str):
        return text
    try:
        is_plain, redacted = json.loads(content.as_json(result)) == result, json.loads(text)
    except ValueError:
        raise SecurityError(verdict=verdict) from None
    if not is_plain:  # an object of the program's own cannot be rebuilt from its text
        raise SecurityError(verdict=verdict)
    return redacted


def _arguments(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except (TypeError, ValueError):  # the call itself will say what is wrong with it
        return {**{str(index): value for index, value in enumerate(args)}, **kwargs}
    return dict(bound.arguments)


def _direction(word: Any) -> Direction:
    known = _DIRECTIONS.get(word) if isinstance(word, str) else None
    return known or _word(Direction, word, "direction", also=("input", "output"))


def _word(words: type[W], value: Any, name: str, also: tuple[str, ...] = ()) -> W:
    try:
        return words(value)
    except ValueError:
        choices = ", ".join((*(word.value for word in words), *also))
        raise ConfigurationError(f"unknown {name} `{value}`; use one of {choices}.") from None


def _origins(context: Mapping[str, Any]) -> tuple[str, ...]:
    given = context.get("origins", context.get("source", ()))
    return (given,) if isinstance(given, str) else tuple(str(origin) for origin in given)


def _transcript(place: Any, policy: Policy) -> Transcript | None:
    if place is False:
        return None
    path = default_path() if place is None or place is True else Path(place)
    return Transcript(path, content=policy.transcript.content)


def _outbox(api_key: str | None) -> Outbox | None:
    key = api_key if api_key is not None else os.environ.get("RUNE_API_KEY", "")
    if not isinstance(key, str):
        raise ConfigurationError(f"api_key is a `{type(key).__name__}`; pass the key as text, or nothing to stay local.")
    return Outbox(key) if key else None


def _configured_engine(policy: Policy, rules: str | Path | None, disabled: Iterable[str], backend: str) -> Engine:
    if isinstance(disabled, str):
        raise ConfigurationError(f'disabled_rules is the text `{disabled}`; pass a list of ids: `["{disabled}"]`.')
    packs = (*policy.rule_packs, *([str(rules)] if rules else []))
    return _engine(packs, (*policy.rules_off, *disabled), os.environ.get(SWITCH, ""), backend)


@functools.lru_cache(maxsize=8)
def _engine(packs: tuple[str, ...], off: tuple[str, ...], environment: str, backend: str) -> Engine:
    if backend not in ("auto", "hyperscan", "re2"):
        raise ConfigurationError(f"unknown engine `{backend}`; use one of auto, hyperscan, re2.")
    ruleset = rules_in_force(packs, off, environment={SWITCH: environment}) if packs or off or environment else None
    return Engine(rules=ruleset, backend=backend)  # type: ignore[arg-type]

"""The seams of code: what an executor, or an agent's own legacy execution, is about to run.

A run is one decision: one withheld block withholds all of them, because the others were written to run after it. What runs is a copy made
before it was read, so nobody can change it in between.
"""

from __future__ import annotations

import copy
import sys
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rune.integrations.autogen import canary
from rune.integrations.autogen.arguments import argument, replaced
from rune.integrations.autogen.guard import Guard
from rune.integrations.autogen.memory import TURN, name_of
from rune.integrations.base import WITHHELD_EXIT_CODE, Ask, Proceed, Seam, Steps, notice
from rune.types import Action, Kind, Message, Verdict


@dataclass(frozen=True, slots=True)
class Withheld:
    """The result of code that was not run, for an executor that declares no result type."""

    exit_code: int
    output: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where code is about to run."""

    runner: str
    folder: str = ""
    """The folder it is given to work in; empty when unknown."""


def executing(guard: Guard, executor: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    """Read the blocks that an executor is given, and let it run exactly those."""
    blocks = [copy.copy(block) for block in argument(args, kwargs, 0, "code_blocks") or ()]
    place = _Place(type(executor).__name__, _folder(executor))
    for index, block in enumerate(blocks):
        verdict, source = yield from _read(guard, str(block.code), str(block.language), place)
        if verdict is not None:
            return _not_run(executor, verdict)
        if source != block.code:
            blocks[index] = block.model_copy(update={"code": source}) if hasattr(block, "model_copy") else _with_code(block, source)
    args, kwargs = replaced(args, kwargs, 0, "code_blocks", blocks)
    return (yield Proceed(args, kwargs))


def executing_legacy(guard: Guard, agent: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    """Read all blocks of a message before an agent without an executor runs the first of them."""
    blocks = []
    for language, code in argument(args, kwargs, 0, "code_blocks") or ():
        verdict, source = yield from _read(guard, str(code), str(language or ""), _place(agent))
        if verdict is not None:
            return WITHHELD_EXIT_CODE, notice(verdict, "code")
        guard.handover.put("run", agent, agent, source)
        blocks.append((language, source))
    args, kwargs = replaced(args, kwargs, 0, "code_blocks", blocks)
    return (yield Proceed(args, kwargs))


def running_legacy(guard: Guard, agent: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Steps:
    """Read a single piece of code before an agent without an executor runs it."""
    code = argument(args, kwargs, 0, "code")
    if not guard.handover.take("run", agent, agent, code):
        verdict, source = yield from _read(guard, str(code), str(kwargs.get("lang") or ""), _place(agent))
        if verdict is not None:
            return WITHHELD_EXIT_CODE, notice(verdict, "code"), None
        args, kwargs = replaced(args, kwargs, 0, "code", source)
    return (yield Proceed(args, kwargs))


def _place(agent: Any) -> _Place:
    config = getattr(agent, "_code_execution_config", None)
    folder = config.get("work_dir") if isinstance(config, Mapping) else None
    return _Place(name_of(agent), str(folder or ""))


def _folder(executor: Any) -> str:
    try:
        return str(getattr(executor, "work_dir", "") or "")
    except Exception:  # noqa: BLE001 - an executor whose package is not installed says so on every attribute
        return ""


def _read(guard: Guard, code: str, language: str, place: _Place) -> Steps:
    """Have code decided about; the answer is the verdict that withholds it, or None and the code to run."""
    turn = TURN.get()
    message = Message(
        code,
        Kind.CODE,
        sender=turn.sender,
        recipient=turn.agent or place.runner,
        conversation=turn.conversation,
        origins=(f"agent:{turn.sender}",) if turn.sender else (),
        metadata={"language": language, **({"work_dir": place.folder} if place.folder else {})},
    )
    verdict = yield Ask(message, given=guard.tickets.use(message))
    if verdict.blocked:
        return verdict, code
    if verdict.action is not Action.REDACT or verdict.review is not None:
        return None, verdict.sanitized_text if verdict.action is Action.REDACT else code
    return (yield from _reread(message, verdict))


def _reread(message: Message, verdict: Verdict) -> Steps:
    """Redacted code is other code: it runs only if it passes by itself."""
    text = verdict.sanitized_text
    if text is None:
        return verdict, message.text
    changed = Message(text, Kind.CODE, sender=message.sender, recipient=message.recipient, metadata=message.metadata)
    second = yield Ask(changed, delivered=False)
    return (second, text) if second.blocked or second.action is Action.REDACT else (None, text)


def _not_run(executor: Any, verdict: Verdict) -> Any:
    """Return what the executor would return for code that failed, in its own type."""
    return _result_type(executor)(exit_code=WITHHELD_EXIT_CODE, output=notice(verdict, "code"))


def _result_type(executor: Any) -> Any:
    declared = _declared_result(executor)
    if declared is not None:
        return declared
    autogen = sys.modules.get("autogen.coding.base")
    return autogen.CodeResult if autogen else Withheld


def _declared_result(executor: Any) -> Any:
    """Return the type that an executor says it returns, if an exit code and an output are all it needs."""
    try:
        declared = typing.get_type_hints(type(executor).execute_code_blocks).get("return")
    except (NameError, TypeError, AttributeError):  # annotations that cannot be resolved say nothing
        return None
    fields = getattr(declared, "model_fields", None)
    if not isinstance(fields, dict) or not {"exit_code", "output"} <= fields.keys():
        return None
    return declared if all(name in ("exit_code", "output") or not info.is_required() for name, info in fields.items()) else None


def _with_code(block: Any, code: str) -> Any:
    block.code = code  # a copy of ours
    return block


EXECUTOR: tuple[Seam, ...] = (
    Seam("code", "execute_code_blocks", "every block of code before the first of them runs", executing, canary.through_executor),
)
"""The seam of a code executor."""

AGENT: tuple[Seam, ...] = (
    Seam(
        "code (legacy)",
        "execute_code_blocks",
        "blocks of code that an agent without an executor runs itself",
        executing_legacy,
        canary.through_legacy_blocks,
        callers=("generate_code_execution_reply",),
    ),
    Seam(
        "code (legacy run)",
        "run_code",
        "a piece of code that an agent without an executor runs itself",
        running_legacy,
        canary.through_legacy_run,
        callers=("execute_code_blocks",),
    ),
)
"""The seams of an agent's own code execution."""

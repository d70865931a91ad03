"""Every function of transcript and outbox is made to fail, in turn, with several errors: the agents never notice, and it recovers."""

from __future__ import annotations

import ast
import importlib
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from rune.delivery import Outbox
from rune.transcript import Transcript, records, verify
from rune.types import Action, Category, Finding, Message, Severity, Span, Verdict

SOURCE = Path(importlib.import_module("rune").__file__ or "").parent
MODULES = [
    "rune.transcript.backlog",
    "rune.transcript.chain",
    "rune.transcript.database",
    "rune.transcript.head",
    "rune.transcript.record",
    "rune.transcript.writer",
    "rune.delivery.event",
    "rune.delivery.outbox",
    "rune.policy.kept",
]
CATCHING = {"Chain._write_head"}
"""What catches every error of what it calls, so that a fault in its place would be one that cannot happen."""
ENTRIES = {
    "Outbox.append",
    "Outbox.submit",
    "Outbox.__init__",
    "Outbox.counters",
    "Outbox.__repr__",
    "Writer.__init__",
    "Writer._begin",
    "Writer._run",
}
"""What the agents' side calls itself, and what makes the objects before anything can be recorded."""
READERS = {"Writer.counters", "Writer.failing", "Writer.flush", "Writer.close", "Writer._wait", "Chain.__init__", "Backlog.__init__"}
FOUND = (Finding("RUNE-LEAK-001", Category.SECRET, Severity.HIGH, "a key", span=Span(4, 28)),)


def functions(name: str) -> Iterator[tuple[str, str]]:
    """Yield module and qualified name of every function that recording a decision may call."""
    tree = ast.parse((SOURCE.parent / Path(*name.split("."))).with_suffix(".py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield name, node.name
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and f"{node.name}.{inner.name}" not in ENTRIES | READERS | CATCHING:
                    yield name, f"{node.name}.{inner.name}"


TARGETS = [target for name in MODULES for target in functions(name)]


class Fault:
    """Stands in place of a function and fails at its n-th call."""

    def __init__(self, error: type[Exception], at: int) -> None:
        self.error, self.at, self.calls = error, at, 0

    def around(self, function: Any) -> Any:
        def fails(*args: Any, **kwargs: Any) -> Any:
            self.calls += 1
            if self.calls == self.at:
                raise self.error("injected")
            return function(*args, **kwargs)

        return fails


def injected(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, fault: Fault) -> None:
    owner, _, attribute = name.rpartition(".")
    holder = getattr(module, owner) if owner else module
    found = holder.__dict__[attribute]
    if isinstance(found, property):
        monkeypatch.setattr(holder, attribute, property(fault.around(found.fget)))
    elif isinstance(found, classmethod | staticmethod):
        monkeypatch.setattr(holder, attribute, type(found)(fault.around(found.__func__)))
    else:
        for user in (importlib.import_module(other) for other in MODULES) if not owner else ():
            if user.__dict__.get(attribute) is found:  # imported by name elsewhere
                monkeypatch.setattr(user, attribute, fault.around(found))
        monkeypatch.setattr(holder, attribute, fault.around(found))


@pytest.mark.parametrize(("module", "name"), TARGETS, ids=[f"{module[5:]}.{name}" for module, name in TARGETS])
def test_no_fault_reaches_the_agents_and_the_next_decisions_are_recorded(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    size: Callable[[int, int], int],
    *,
    module: str,
    name: str,
) -> None:
    caplog.set_level(logging.CRITICAL, "rune")
    monkeypatch.setattr("rune.transcript.writer.RETRY_SECONDS", 0.01)
    for error in (MemoryError, OSError, KeyError)[: size(1, 3)]:
        for at in range(1, size(3, 6)):
            path = tmp_path / f"{error.__name__}-{at}.db"
            transcript, outbox = Transcript(path), Outbox("rune_test_x", capacity=2)
            with monkeypatch.context() as patch:
                injected(patch, importlib.import_module(module), name, Fault(error, at))
                started = time.monotonic()
                for action in (Action.ALLOW, Action.BLOCK, Action.ALLOW):
                    message = Message("key sk-live-0123456789abcdef", conversation="c")
                    transcript.append(message, Verdict(action, findings=FOUND))
                    outbox.append(message, Verdict(action, findings=FOUND))
                assert time.monotonic() - started < 5
                transcript.flush(0.5)
            transcript.append(Message("x", conversation="c"), Verdict(Action.BLOCK, findings=FOUND), "review")
            assert transcript.flush(10)
            transcript.close()
            counts = transcript.counters
            assert counts["submitted"] + counts["lost"] >= 4
            assert [record.event for record in records(path)].count("review") == 1
            assert list(records(path))[-1].event == "review"
            said = [record.fields["message_id"] for record in records(path) if record.event == "message"]
            assert len(said) == len(set(said))
            assert verify(path).ok or name in HEADS
            assert outbox.counters["submitted"] == 3


HEADS = {"write_head", "_replace_line", "head_path", "_is_later", "_parsed", "_locked", "_try_lock"}
"""Without them there is no head file, which a verification rightly points out."""

"""The guard of a whole process: every agent, group chat, pattern and executor, whoever makes it and whenever."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from typing import Any

from rune.errors import NotProtected
from rune.integrations import wrapping
from rune.integrations.autogen import holding
from rune.integrations.autogen.guard import Guard
from rune.integrations.wrapping import Patch


class Installation:
    """Classes of AutoGen in which the seams are held, and how to undo it."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        self._patches: list[Patch] = []
        self._hooked: list[type] = []

    def begin(self) -> None:
        """Hold the seams of every class, and prove them on an agent made for it.

        Raises:
            NotProtected: AutoGen is not there, or a seam does not hold; nothing is left in place.
        """
        bases = dict(holding.base_classes())
        if holding.AGENT not in bases:
            raise NotProtected(f"no classic AutoGen is imported in this process; this Rune guards {holding.GUARDED_VERSIONS}.")
        try:
            for kind, base in bases.items():
                holding.require(kind, base)
                self._hold(kind, base)
            for executor in _executor_classes():
                self._hold_class(holding.EXECUTOR, executor)
            self._prove(bases)
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """Put everything back as it was."""
        for patch in reversed(self._patches):
            patch.undo()
        for base in self._hooked:
            if "__init_subclass__" in vars(base):
                del base.__init_subclass__
        for thing in self.guard.disown():
            wrapping.release(thing)
        self._patches, self._hooked = [], []

    def _hold(self, kind: str, base: type) -> None:
        for cls in (base, *_subclasses(base)):
            self._hold_class(kind, cls)
        if "__init_subclass__" not in vars(base):
            base.__init_subclass__ = classmethod(self._hook(kind, base))  # type: ignore[assignment]
            self._hooked.append(base)

    def _hook(self, kind: str, base: type) -> Any:
        def __init_subclass__(cls: Any, **kwargs: Any) -> None:  # noqa: N807 - it takes the place of the method of that name
            super(base, cls).__init_subclass__(**kwargs)  # type: ignore[arg-type]
            if "__rune_guard__" not in vars(cls):
                self._hold_class(kind, cls)

        return __init_subclass__

    def _hold_class(self, kind: str, cls: type) -> None:
        self._patches += wrapping.patch_class(cls, self.guard, holding.SEAMS[kind])

    def _prove(self, bases: dict[str, type]) -> None:
        agent = bases[holding.AGENT]("rune_canary_agent", llm_config=False, human_input_mode="NEVER")
        holding.prove(self.guard, agent, holding.AGENT)
        if holding.GROUP_CHAT in bases:
            holding.prove(self.guard, bases[holding.GROUP_CHAT](agents=[agent], messages=[]), holding.GROUP_CHAT)
        for cls in _executor_classes():
            holding.prove(self.guard, object.__new__(cls), holding.EXECUTOR)


def _subclasses(base: type) -> Iterator[type]:
    cls: type
    for cls in type.__subclasses__(base):
        if "__rune_guard__" not in vars(cls):
            yield cls
        yield from _subclasses(cls)


def _executor_classes() -> list[type]:
    """Return the executor classes of AutoGen that are imported; an executor of another class is guarded when an agent uses it."""
    found: dict[type, None] = {}
    for name, module in list(sys.modules.items()):
        if name.startswith("autogen.coding"):
            for cls in vars(module).values():
                if _is_executor_class(cls):
                    found[cls] = None
    return list(found)


def _is_executor_class(cls: Any) -> bool:
    return (
        inspect.isclass(cls)
        and cls.__module__.startswith("autogen.")
        and inspect.isfunction(vars(cls).get("execute_code_blocks"))
        and not getattr(cls, "_is_protocol", False)
    )

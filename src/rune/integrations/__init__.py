"""Frameworks that Rune stands in front of. An adapter is imported only for an object of its framework.

To add one: a module with `supports`, `guard`, `unguard` and `coverage`, a row in `ADAPTERS`, and a test that calls the conformance kit.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any, TypeVar

from rune.errors import NotProtected
from rune.integrations.at_import import AtImport
from rune.integrations.base import Coverage, HasPipeline
from rune.pipeline import Pipeline

T = TypeVar("T")

ADAPTERS = (("autogen", "rune.integrations.autogen"),)
"""The package whose classes an adapter knows, and the adapter, in the order in which they are asked."""


SUPPORTED = "an agent, group chat, group chat manager, pattern or code executor of classic AutoGen"


def guard(target: T, pipeline: Pipeline) -> T:
    """Guard an object and everything in it; the same object comes back. A second call with the same pipeline does nothing.

    Raises:
        NotProtected: the object is of no supported kind, is guarded by another shield, or one of its seams does not hold.
    """
    _adapter(target).guard(target, pipeline)
    return target


def unguard(target: T) -> T:
    """Undo `guard` for an object and everything in it; an object without a guard stays as it is.

    Raises:
        NotProtected: the object is of no supported kind.
    """
    _adapter(target).unguard(target)
    return target


def coverage(target: Any) -> Coverage:
    """Return which seams of an object, and of everything in it, are held, and which paths stay open.

    Raises:
        NotProtected: the object is of no supported kind.
    """
    covered: Coverage = _adapter(target).coverage(target)
    return covered


def install_on_import(shield: HasPipeline) -> AtImport:
    """Guard the whole process: now, if AutoGen is imported, else in the moment it is, before the program can make an agent.

    Returns:
        The waiting import hook; `end()` gives up waiting. Its callback raises NotProtected out of the program's own `import autogen`
        when that AutoGen cannot be guarded: an unprotected run is worse than none.
    """

    def install() -> None:
        import_module("rune.integrations.autogen").install(shield)

    waiting = AtImport("autogen", install)
    waiting.begin()
    return waiting


def _adapter(target: Any) -> ModuleType:
    roots = {cls.__module__.partition(".")[0] for cls in type(target).__mro__}
    likely = [module for package, module in ADAPTERS if package in roots]
    possible = [module for package, module in ADAPTERS if package not in roots and package in sys.modules]
    duck_typed = [module for _, module in ADAPTERS if hasattr(type(target), "execute_code_blocks")]
    for name in dict.fromkeys((*likely, *possible, *duck_typed)):
        module = import_module(name)
        if module.supports(target):
            return module
    kind = type(target)
    raise NotProtected(f"`{kind.__module__}.{kind.__qualname__}` cannot be guarded; pass {SUPPORTED}.")

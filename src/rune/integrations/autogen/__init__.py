"""Classic AutoGen: `autogen` 0.14, `ag2` 0.9-0.14 and `autogen-agentchat` 0.2 in one adapter, told apart by what they have, never by name.

`guard` holds single objects and everything in them; `install` holds the classes of the whole process.
"""

from __future__ import annotations

import os
import threading
import weakref
from typing import Any

from rune.errors import NotProtected
from rune.integrations import wrapping
from rune.integrations.autogen import holding
from rune.integrations.autogen.guard import Guard
from rune.integrations.autogen.open_paths import OPEN_PATHS
from rune.integrations.autogen.process import Installation
from rune.integrations.base import Coverage, HasPipeline, ObjectCoverage, Seam, SeamState
from rune.pipeline import Pipeline

_guards: weakref.WeakKeyDictionary[Pipeline, Guard] = weakref.WeakKeyDictionary()
_lock = threading.RLock()
_installation: Installation | None = None


def _new_lock() -> None:
    global _lock  # noqa: PLW0603 - another thread of the parent may have held the one that a forked child inherits
    _lock = threading.RLock()


os.register_at_fork(after_in_child=_new_lock) if hasattr(os, "register_at_fork") else None


def supports(thing: Any) -> bool:
    """Return whether this adapter can guard a thing; imports nothing."""
    return holding.kind_of(thing) is not None


def guard(thing: Any, pipeline: Pipeline) -> None:
    """Guard a thing and everything in it; what this pipeline guards already stays as it is.

    Raises:
        NotProtected: a seam is missing or does not hold, or another shield guards a part of it; nothing is left half guarded.
    """
    with _lock:
        holding.hold(_guard_of(pipeline), thing)


def unguard(thing: Any) -> None:
    """Take the guard off a thing and everything in it."""
    with _lock:
        holding.let_go(thing)


def coverage(thing: Any) -> Coverage:
    """Return the seams of a thing and of everything in it, as they are now."""
    return Coverage(tuple(_covered(item, kind) for item, kind in holding.everything_in(thing)), OPEN_PATHS)


def install(shield: HasPipeline) -> None:
    """Guard every agent of the process, those that AutoGen makes itself and those made before included. A second call does nothing.

    Raises:
        NotProtected: AutoGen is not imported, a seam does not hold, or another shield is installed.
    """
    global _installation  # noqa: PLW0603 - one process, one installation
    with _lock:
        if _installation is not None:
            if _installation.guard.pipeline is shield.pipeline:
                return
            raise NotProtected("another Shield is installed in this process; call `rune.integrations.autogen.uninstall()` first.")
        made = Installation(_guard_of(shield.pipeline))
        made.begin()
        _installation = made


def uninstall() -> None:
    """Undo `install`; every class is as it was before. Objects guarded by name stay guarded."""
    global _installation  # noqa: PLW0603 - as in install
    with _lock:
        if _installation is not None:
            _installation.end()
            _installation = None


def _guard_of(pipeline: Pipeline) -> Guard:
    known = _guards.get(pipeline)
    if known is None:
        known = _guards[pipeline] = Guard(pipeline, holding.adopt)
    return known


def _covered(item: Any, kind: str) -> ObjectCoverage:
    seams = tuple(_state(item, seam) for seam in holding.SEAMS[kind] if wrapping.applies(seam, type(item)))
    return ObjectCoverage(str(getattr(item, "name", "") or kind), wrapping.plain_class(item).__name__, seams)


def _state(item: Any, seam: Seam) -> SeamState:
    owner = wrapping.guard_at(item, seam.method)
    if owner is None:
        return SeamState(seam.name, seam.covers, "open")
    is_proven = seam.probe is not None and isinstance(owner, Guard) and wrapping.plain_class(item) in owner.proven
    return SeamState(seam.name, seam.covers, "proven" if is_proven else "held")

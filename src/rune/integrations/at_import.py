"""Installs a process-wide guard in the moment a program imports its framework, before it can use it."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Sequence
from types import ModuleType


class AtImport(importlib.abc.MetaPathFinder):
    """Waits for one package, and calls back once it has been imported.

    Args:
        package: top-level name of the package.
        then: called when its import has finished; what it raises, the program's import raises.
    """

    def __init__(self, package: str, then: Callable[[], None]) -> None:
        self.package = package
        self.then = then

    def begin(self) -> None:
        """Call back now if the package is imported, else when it is."""
        if self.package in sys.modules:
            self.then()
        else:
            sys.meta_path.insert(0, self)

    def end(self) -> None:
        """Wait no longer."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find the package as everybody else does, and stand behind its loader."""
        if fullname != self.package:
            return None
        others = (finder.find_spec(fullname, path, target) for finder in sys.meta_path if finder is not self)
        spec = next((found for found in others if found is not None), None)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self)
        return spec


class _Loader(importlib.abc.Loader):
    def __init__(self, loader: importlib.abc.Loader, waiting: AtImport) -> None:
        self._loader = loader
        self._waiting = waiting

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader  # nobody need see that we were here
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._waiting.then()
        self._waiting.end()  # only now: a program that swallows the error and imports again must not find the way free

"""Where names live while Python code is read, and what a call of a local function needs."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from rune.code.values import UNKNOWN, Value, join

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(slots=True, eq=False)
class Frame:
    """One scope: module, class body, function call or comprehension."""

    parent: Frame | None = None
    module: Frame | None = None
    """The scope of global names; None for the module itself."""
    variables: dict[str, Value] = field(default_factory=dict)
    outer: set[str] = field(default_factory=set)
    """Names declared `global` or `nonlocal`."""
    returned: Value = UNKNOWN
    branches: int = 0
    """How many conditions and loops the present statement stands in: there an assignment adds to what a name may be."""
    captured: bool = False
    """True when functions see the variables of this scope."""
    version: int = 0
    """Counts changes that a function may see; kept on the module."""

    @property
    def top(self) -> Frame:
        """The module's scope."""
        return self.module or self

    def lookup(self, name: str) -> Value | None:
        """Return what a name may be, or None when the code never assigned it."""
        frame: Frame | None = self
        while frame is not None:
            found = frame.variables.get(name)
            if found is not None:
                return found
            frame = frame.parent
        return None

    def assign(self, name: str, value: Value) -> None:
        """Bind a name."""
        frame = self
        if name in self.outer:
            frame = self._owner(name)
        if self.branches or frame is not self:
            before = frame.variables.get(name)
            if before is not None:
                value = join(before, value)
        frame.variables[name] = value
        if frame.captured:
            self.top.version += 1

    def _owner(self, name: str) -> Frame:
        frame = self.parent
        while frame is not None and frame.parent is not None:
            if name in frame.variables:
                return frame
            frame = frame.parent
        return self.top


@dataclass(frozen=True, slots=True, eq=False)
class Closure:
    """A function of the snippet with the scope it was made in."""

    node: Function
    frame: Frame
    bound: Value | None = None
    """The object or class it is a method of."""

    def bind(self, owner: Value) -> Closure:
        """Return the same function as a method of an object."""
        return Closure(self.node, self.frame, owner)


@dataclass(frozen=True, slots=True, eq=False)
class Class:
    """A class of the snippet."""

    name: str
    members: dict[str, Value]
    bases: tuple[Value, ...] = ()

    def member(self, name: str, depth: int = 8) -> Value | None:
        """Return a class attribute, looking into base classes of the snippet too."""
        found = self.members.get(name)
        if found is None and depth:
            for base in self.bases:
                if isinstance(base.target, Class):
                    found = base.target.member(name, depth - 1)
                    if found is not None:
                        return found
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """An object of a class of the snippet; its attributes are the fields of its value."""

    of: Class


@dataclass(frozen=True, slots=True, eq=False)
class Partial:
    """A callable with some arguments given already."""

    function: Value
    arguments: tuple[Value, ...]
    keywords: dict[str, Value]

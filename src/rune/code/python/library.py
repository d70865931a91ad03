"""The functions of Python that touch something outside the program, by dotted name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rune.code.python import library_files, library_network, library_process
from rune.code.python.call import Call
from rune.code.values import Value

if TYPE_CHECKING:
    from rune.code.python.interpreter import Interpreter

Handler = Callable[["Interpreter", Call], Value]

LIBRARY: dict[str, Handler] = {**library_files.FUNCTIONS, **library_network.FUNCTIONS, **library_process.FUNCTIONS}
DANGEROUS = library_process.DANGEROUS
"""Functions that run code or commands; handing one over is as good as calling it."""
_METHODS: dict[str, Handler] = {**library_files.METHODS, **library_network.METHODS}


def unknown_method(reader: Interpreter, call: Call, method: str) -> Value | None:
    """Read a method call by the name of the method, where the object is not known; None when the name says nothing."""
    handler = _METHODS.get(method)
    return handler(reader, call) if handler is not None else None

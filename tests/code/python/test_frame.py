"""Scopes, functions and classes of a snippet."""

from __future__ import annotations

import ast

from rune.code.python.frame import Class, Closure, Frame
from rune.code.values import Value, text


def test_names_are_looked_up_outwards() -> None:
    module = Frame()
    module.assign("a", text("1"))
    assert Frame(module, module).lookup("a") == text("1")
    assert module.lookup("b") is None


def test_assignments_in_branches_add() -> None:
    frame = Frame()
    frame.assign("a", text("1"))
    frame.branches += 1
    frame.assign("a", text("2"))
    assert frame.variables["a"].texts == ("1", "2")


def test_global_names_are_set_outside() -> None:
    module = Frame()
    inner = Frame(module, module, outer={"a"})
    inner.assign("a", text("1"))
    assert (module.variables["a"].text, inner.variables) == ("1", {})


def test_changes_a_function_may_see_are_counted() -> None:
    module = Frame(captured=True)
    module.assign("a", text("1"))
    assert module.version == 1


def test_members_come_from_bases_too() -> None:
    base = Class("B", {"f": text("x")})
    assert Class("A", {}, (Value(target=base),)).member("f") == text("x")
    assert Class("A", {}).member("f") is None


def test_a_method_knows_its_object() -> None:
    node = ast.parse("lambda: 1", mode="eval").body
    assert isinstance(node, ast.Lambda)
    assert Closure(node, Frame()).bind(text("me")).bound == text("me")

"""An argument is the same whether it was given by position or by name."""

from __future__ import annotations

import pytest

from rune.integrations.autogen.arguments import argument, both, replaced

POSITION, NAME, MISSING = ((1, 2), {}), ((1,), {"b": 2}), ((1,), {})


@pytest.mark.parametrize(("call", "value"), [(POSITION, 2), (NAME, 2), (MISSING, "default")], ids=["position", "name", "missing"])
def test_argument(call: tuple[tuple[int, ...], dict[str, int]], value: object) -> None:
    assert argument(*call, 1, "b", "default") == value


@pytest.mark.parametrize(
    ("call", "result"),
    [(POSITION, ((1, 9), {})), (NAME, ((1,), {"b": 9})), (MISSING, ((1,), {"b": 9}))],
    ids=["position", "name", "missing"],
)
def test_replaced(call: tuple[tuple[int, ...], dict[str, int]], result: object) -> None:
    assert replaced(*call, 1, "b", 9) == result
    assert NAME == ((1,), {"b": 2})


@pytest.mark.parametrize(("call", "pair"), [(POSITION, (1, 2)), (NAME, (1, 2)), (((), {"b": 2, "a": 1}), (1, 2)), (MISSING, (1, None))])
def test_both(call: tuple[tuple[int, ...], dict[str, int]], pair: object) -> None:
    assert both(*call, "a", "b") == pair

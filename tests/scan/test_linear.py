"""Eight times the text takes about eight times as long, whatever the text is made of."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from benchmarks.speed.hostile import SHAPES

from rune.scan.engine import Engine
from rune.types import Category, Message


def seconds(engine: Engine, text: str) -> float:
    message = Message(text)
    times = []
    for _ in range(2):
        start = time.thread_time()
        findings = engine.scan(message)
        times.append(time.thread_time() - start)
        assert not any(finding.category is Category.INTERNAL_ERROR for finding in findings)
    return min(times)


FROM = {"all planes": 20_000, "mail addresses": 40_000}
"""Where other than 5,000 characters a shape has what costs time: enough of it that another reading is made, or joined words are cut."""


@pytest.mark.parametrize("name", SHAPES)
def test_hostile_text_takes_linear_time(engine: Engine, name: str) -> None:
    size = FROM.get(name, 5_000)
    short = seconds(engine, SHAPES[name](size))
    long = seconds(engine, SHAPES[name](8 * size))

    # Quadratic would be 64; the rest of the room is for a busy machine.
    assert long <= 24 * short + 0.005


@pytest.mark.parametrize("shape", [pytest.param(shape, id=name) for name, shape in SHAPES.items()])
def test_a_shape_has_the_length_asked_for(shape: Callable[[int], str]) -> None:
    assert len(shape(1_000)) == 1_000

"""Disguises by order."""

from __future__ import annotations

import random

import pytest

from rune.redteam.mutators.order import ORDER

BY_NAME = {mutator.name: mutator for mutator in ORDER}


def disguised(name: str, text: str) -> str:
    return BY_NAME[name].mutate(text, random.Random(1))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("text-backwards", "ti dnes"),
        ("words-backwards", "dnes ti"),
        ("words-in-reverse", "it send"),
        ("rail-fence", "sn tedi"),
        ("columns", "s i\ne t\nn\nd"),
    ],
)
def test_it_is_written_like_this(name: str, written: str) -> None:
    assert disguised(name, "send it") == written

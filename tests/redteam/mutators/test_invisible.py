"""Disguises by characters that nobody sees."""

from __future__ import annotations

import random

import pytest

from rune.redteam.mutators.invisible import INVISIBLE

BY_NAME = {mutator.name: mutator for mutator in INVISIBLE}


def disguised(name: str, text: str) -> str:
    return BY_NAME[name].mutate(text, random.Random(1))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("zero-width-spaces", "G\u200bo\u200b o\u200bn\u200b"),
        ("soft-hyphens", "G\xado\xad o\xadn\xad"),
        ("tag-characters", "\U000e0047\U000e006f\U000e0020\U000e006f\U000e006e"),
        ("variation-selector-bytes", "😊󠄷󠅟󠄐󠅟󠅞"),
        (
            "zero-width-bits",
            "\u200b\u200c\u200b\u200b\u200b\u200c\u200c\u200c\u200b\u200c\u200c\u200b\u200c\u200c\u200c\u200c\u200b\u200b\u200c\u200b\u200b\u200b\u200b\u200b\u200b\u200c\u200c\u200b\u200c\u200c\u200c\u200c\u200b\u200c\u200c\u200b\u200c\u200c\u200c\u200b",
        ),
        ("bidi-override", "\u202eno oG\u202c"),
        ("bidi-isolate", "\u2067\u202eno oG\u202c\u2069"),
    ],
)
def test_it_is_written_like_this(name: str, written: str) -> None:
    assert disguised(name, "Go on") == written

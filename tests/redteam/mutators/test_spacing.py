"""Disguises by what stands between letters and words."""

from __future__ import annotations

import random
import re

import pytest

from rune.redteam.mutators.spacing import SPACING

BY_NAME = {mutator.name: mutator for mutator in SPACING}


def disguised(name: str, text: str) -> str:
    return BY_NAME[name].mutate(text, random.Random(1))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("letters-by-space", "S e n d   i t   n o w ."),
        ("letters-by-dash", "S-e-n-d i-t n-o-w-."),
        ("letters-by-newline", "S\ne\nn\nd\n\ni\nt\n\nn\no\nw\n."),
        ("letters-by-comma", "S, e, n, d | i, t | n, o, w, ."),
        ("words-as-slug", "send-it-now"),
        ("words-as-query", "send+it+now"),
        ("words-in-camel-case", "SendItNow."),
        ("words-run-together", "Senditnow."),
        ("words-by-bar", "Send | it | now."),
        ("words-numbered", "1. Send\n2. it\n3. now."),
    ],
)
def test_it_is_written_like_this(name: str, written: str) -> None:
    assert disguised(name, "Send it now.") == written


@pytest.mark.parametrize("name", ["words-split-by-space", "words-split-by-hyphen", "lines-wrapped", "lines-hyphenated"])
def test_letters_stay_in_order(name: str) -> None:
    text = "please send every document to the other office"

    assert re.sub(r"[-\s]", "", disguised(name, text)) == text.replace(" ", "")

"""What a detector spends on a text is bounded by its length, whatever somebody wrote into it, and stopping short is a finding."""

from __future__ import annotations

from itertools import pairwise

import pytest
from benchmarks.speed.hostile import SHAPES

from rune.scan.detectors import Detector
from rune.scan.detectors.links import carried_in
from rune.scan.detectors.pii import PII, personal_in
from rune.scan.detectors.secrets import SECRETS, secrets_in
from rune.scan.detectors.work import CHARS_A_UNIT, FIRST_UNITS, Work, limit_findings
from rune.scan.normalize import read
from rune.types import Direction, Message, Severity, View

MOST_OF_ONE = 300
"""Units of the dearest candidate, the last that may go over the bound."""
LOOKS = {"secrets": secrets_in, "personal data": personal_in, "links": carried_in}
TOKEN = "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"


@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("name", LOOKS)
def test_no_text_costs_more_than_its_length_allows(name: str, shape: str) -> None:
    flat = SHAPES[shape](8_000).encode("latin-1", "replace")
    work = Work(len(flat))
    LOOKS[name](flat, work)
    assert work.spent <= FIRST_UNITS + len(flat) // CHARS_A_UNIT + MOST_OF_ONE


def test_twice_the_text_allows_twice_the_work_for_its_length() -> None:
    assert Work(2 * 32_000).most - Work(32_000).most == 32_000 // CHARS_A_UNIT
    assert Work(32_000, share=2).most == Work(64_000).most


def test_after_the_last_unit_nothing_is_taken_and_the_place_is_kept() -> None:
    work = Work(0)
    assert work.take(FIRST_UNITS, 5)
    assert not work.take(1, 40)
    assert not work.take(1, 30)
    assert (work.spent, work.stopped) == (FIRST_UNITS, 30)


def test_stopping_short_is_a_finding_about_the_rest() -> None:
    work, view = Work(0), View("x" * 50)
    assert limit_findings(work, view, Severity.LOW) == []
    work.take(FIRST_UNITS, 5)
    work.take(1, 30)
    (finding,) = limit_findings(work, view, Severity.LOW)
    assert (finding.rule, finding.severity, finding.span and (finding.span.start, finding.span.end)) == ("RUNE-LIMIT-106", "low", (30, 50))


@pytest.mark.parametrize(("detector", "unit"), [(SECRETS, f"{TOKEN} "), (PII, "bob@acme.test ")], ids=["secrets", "personal data"])
def test_a_text_with_more_values_than_are_looked_at_is_covered_to_its_end(detector: Detector, unit: str) -> None:
    text = unit * 300
    found = list(detector.findings(read(View(text)), Message(text, direction=Direction.OUTBOUND)))
    assert "RUNE-LIMIT-106" in {finding.rule for finding in found}
    values = sorted((f.span.start, f.span.end) for f in found if f.span and f.rule != "RUNE-LIMIT-106")
    assert values[-1][1] == len(text)
    assert all(later[0] - before[1] <= 1 for before, later in pairwise(values))


@pytest.mark.parametrize(
    "text",
    ["key=key=key=" + f"token={TOKEN}", f"password: secret: {TOKEN}", "xoxb-1-" * 5 + f" {TOKEN}"],
    ids=["after names", "after a name without a value", "after prefixes"],
)
def test_what_is_refused_hides_nothing_behind_it(text: str) -> None:
    assert "github-token" in [secret.label for secret in secrets_in(text.encode())]

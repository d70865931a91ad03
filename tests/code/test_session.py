"""The state of one analysis."""

from __future__ import annotations

from rune.code import rules
from rune.code.session import FINDINGS_PER_RULE, USES, Session


def test_one_finding_a_rule_and_line(session: Session) -> None:
    session.report(rules.KILLS, "a")
    session.report(rules.KILLS, "b")
    assert [finding.evidence for finding in session.findings] == ["a"]


def test_findings_of_one_rule_are_bounded(session: Session) -> None:
    for line in range(100):
        session.line = line
        session.report(rules.KILLS)
    assert len(session.findings) == FINDINGS_PER_RULE


def test_uses_are_bounded_and_safe_to_show(session: Session) -> None:
    for number in range(USES + 50):
        session.use("host", f"h{number}\x1b")
    assert len(session.manifest.uses) == USES
    assert session.manifest.hosts[0].endswith("⟨U+001B⟩")


def test_nested_code_keeps_the_outer_line_and_names_the_way(session: Session) -> None:
    session.line = 7
    session.read("shell", "\n\nrm -rf /", "decoded")
    session.report(rules.KILLS)
    assert [(finding.line, finding.chain) for finding in session.findings] == [(7, ("decoded",)), (7, ())]


def test_summaries_hold_nothing_of_the_code(session: Session) -> None:
    session.report(rules.READS_SECRET, "/etc/shadow")
    assert session.findings[0].summary == "Code that reads credentials"


def test_what_another_analysis_found_can_be_taken_over(session: Session) -> None:
    other = Session(session.budget.limits, ".", session.readers)
    other.report(rules.KILLS)
    other.use("host", "a")
    other.parsed = False
    session.take(other)
    assert (len(session.findings), session.manifest.hosts, session.parsed, session.found(rules.KILLS)) == (1, ("a",), False, False)

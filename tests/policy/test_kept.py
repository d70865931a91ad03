import pytest

from rune.policy.kept import kept, text_hash
from rune.types import Action, Category, Decision, Finding, Message, Review, Severity, Span, Verdict

KEY = "sk-live-0123456789abcdef"


def found(start: int, end: int, category: Category = Category.SECRET, evidence: str = "") -> Finding:
    return Finding("RUNE-X-001", category, Severity.HIGH, "x", span=Span(start, end), evidence=evidence)


@pytest.mark.parametrize(
    ("text", "findings", "sanitized", "expected"),
    [
        pytest.param("hello", (), None, "hello", id="nothing found: as it stands"),
        pytest.param("obey me", (found(0, 4, Category.PROMPT_INJECTION),), None, "obey me", id="an attack is evidence, not a secret"),
        pytest.param(
            "obey me", (found(0, 4, Category.PROMPT_INJECTION),), "[REDACTED] me", "[REDACTED] me", id="as the policy sanitized it"
        ),
        pytest.param(f"a {KEY} b", (found(2, 26),), None, "a [REDACTED:secret] b", id="a secret"),
        pytest.param("mail a@b.example", (found(5, 16, Category.PII),), None, "mail [REDACTED:pii]", id="personal data"),
        pytest.param(f"{KEY} and {KEY}", (found(0, 24),), None, "[REDACTED:secret] and [REDACTED:secret]", id="its repetition, not found"),
        pytest.param(f"{KEY}!", (found(0, 24),), f"sanitized, but {KEY}", "sanitized, but [REDACTED:secret]", id="in a sanitized text too"),
        pytest.param("pin 12", (found(4, 6),), None, "pin [REDACTED:secret]", id="a short one where it stands"),
        pytest.param("x", (Finding("R", Category.SECRET, Severity.LOW, "x"),), None, "[REDACTED:secret]", id="one that may be anywhere"),
    ],
)
def test_redacted_keeps_no_secret_and_no_personal_data(text: str, findings: tuple, sanitized: str | None, expected: str) -> None:
    verdict = Verdict(Action.FLAG, findings=findings, sanitized_text=sanitized)
    assert kept(Message(text), verdict, "redacted").text == expected


@pytest.mark.parametrize(
    ("evidence", "clean"),
    [
        pytest.param("an order", True, id="without the secret"),
        pytest.param(f"ignore {KEY}", False, id="with all of it"),
        pytest.param(f"ignore {KEY[:9]}…", False, id="with a part of it"),
        pytest.param(KEY[:7], True, id="with too little of it to matter"),
    ],
)
def test_the_evidence_of_other_findings_does_not_give_the_secret_away(evidence: str, clean: bool) -> None:
    verdict = Verdict(Action.FLAG, findings=(found(0, 24), found(24, 30, Category.JAILBREAK, evidence)))
    assert kept(Message(KEY + " order"), verdict, "redacted").findings[1].evidence == (evidence if clean else "[REDACTED]")


@pytest.mark.parametrize("mode", ["none", "hash"])
def test_neither_text_nor_evidence_is_kept_where_only_a_hash_may_be(mode: str) -> None:
    verdict = Verdict(Action.FLAG, findings=(found(0, 3, evidence="abc"),), review=Review(Decision.MODIFY, text="new"))
    keep = kept(Message("abc"), verdict, mode)  # type: ignore[arg-type]
    assert (keep.text, keep.review_text, keep.findings[0].evidence) == (None, None, "")


def test_full_keeps_everything() -> None:
    verdict = Verdict(Action.FLAG, findings=(found(0, 24, evidence=KEY),), review=Review(Decision.MODIFY, text=KEY))
    keep = kept(Message(KEY), verdict, "full")
    assert (keep.text, keep.review_text, keep.findings) == (KEY, KEY, verdict.findings)


def test_a_text_that_a_reviewer_replaced_stays_beside_its_replacement() -> None:
    review = Review(Decision.MODIFY, text=f"safe {KEY}")
    keep = kept(Message(KEY), Verdict(Action.REDACT, findings=(found(0, 24),), sanitized_text=review.text, review=review), "redacted")
    assert (keep.text, keep.review_text) == ("[REDACTED:secret]", "safe [REDACTED:secret]")


def test_many_secrets_in_a_huge_text_take_reasonable_time() -> None:
    text = "".join(f"secret-{number:08d} " for number in range(100_000))
    verdict = Verdict(Action.FLAG, findings=tuple(found(n * 16, n * 16 + 15, evidence="x" * 200) for n in range(200)))
    assert (kept(Message(text), verdict, "redacted").text or "").count("[REDACTED") == 200


@pytest.mark.parametrize("text", ["", "a", "\ud800", "\0", "é" * 1_000], ids=["empty", "a", "surrogate", "NUL", "long"])
def test_every_text_has_a_hash(text: str) -> None:
    assert len(text_hash(text)) == 64


@pytest.mark.parametrize("mode", ["none", "hash"])
def test_reasons_that_quote_the_text_are_not_kept_either(mode: str) -> None:
    finding = Finding("RUNE-JUDGE-001", Category.PROMPT_INJECTION, Severity.HIGH, "", reasons=("it quotes: our plans",))

    assert kept(Message("our plans"), Verdict(Action.FLAG, findings=(finding,)), mode).findings[0].reasons == ()  # type: ignore[arg-type]

import re
import signal
from typing import Any

import pytest

PROMPT = "then rejected) > "
LONG = "\n".join(f"line_{number} = {number}" for number in range(1, 201))


@pytest.mark.parametrize(
    ("typed", "decision", "reason"),
    [
        pytest.param("a\r", "approve", "", id="a"),
        pytest.param("approve\r", "approve", "", id="the whole word"),
        pytest.param("A looks fine\r", "approve", "looks fine", id="with a reason"),
        pytest.param("r\r", "reject", "", id="r"),
        pytest.param("reject not our server\r", "reject", "not our server", id="with its reason"),
        pytest.param("terminate\r", "terminate", "", id="the end of the conversation"),
        pytest.param("x\rr\r", "reject", "", id="what is no answer is asked again"),
        pytest.param("a\x7fr\r", "reject", "", id="a corrected answer"),
        pytest.param("aaa\x15r\r", "reject", "", id="an erased line"),
        pytest.param("\x1b[Ar\r", "reject", "", id="an arrow key is no answer"),
    ],
)
def test_the_human_answers(human: Any, typed: str, decision: str, reason: str) -> None:
    human.starts("print(1)")
    human.sees(PROMPT)
    human.types(typed)

    answer = human.answer()
    assert (answer["decision"], answer["reviewer"], answer["reason"]) == (decision, "terminal", reason)
    assert human.mode == human.mode_before


@pytest.mark.parametrize(
    ("typed", "reviewer", "reason"),
    [
        pytest.param("\x03", "terminal", "interrupted at the terminal", id="Ctrl-C"),
        pytest.param("\x04", "terminal", "the terminal's input ended", id="Ctrl-D"),
        pytest.param("app", "timeout", "nobody answered within 1.5 s", id="half an answer in time"),
        pytest.param("", "timeout", "nobody answered within 1.5 s", id="nothing in time"),
    ],
)
def test_without_an_answer_it_is_rejected(human: Any, typed: str, reviewer: str, reason: str) -> None:
    human.starts("print(1)", seconds=1.5)
    human.sees(PROMPT)
    human.types(typed)

    answer = human.answer()
    assert (answer["decision"], answer["reviewer"], answer["reason"]) == ("reject", reviewer, reason)
    assert human.mode == human.mode_before
    assert "rejected" in human.screen


def test_a_terminal_that_hangs_up_rejects(human: Any) -> None:
    human.starts("print(1)")
    human.sees(PROMPT)
    human.hangs_up()
    assert human.program.wait(20) in (0, -signal.SIGHUP)


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param({"terminal": False}, id="no terminal at all"),
        pytest.param({"env": {"RUNE_TERMINAL": "off"}}, id="switched off"),
        pytest.param({"background": True}, id="in the background"),
    ],
)
def test_where_nobody_can_be_asked_it_is_rejected_at_once(human: Any, spec: dict) -> None:
    human.starts("print(1)", seconds=60, **spec)

    answer = human.answer()
    assert (answer["decision"], answer["reviewer"]) == ("reject", "no terminal")
    assert answer["seconds"] < 5
    assert human.everything == b""


def test_what_was_typed_ahead_is_no_answer(human: Any) -> None:
    human.starts("print(1)", seconds=2, wait=0.5)
    human.types("a\ra\ra\r")
    human.sees("starts a process")
    human.types("a\r")  # while the question appears
    human.sees(PROMPT)

    assert human.answer()["reviewer"] == "timeout"


def test_the_question_shows_who_what_and_why(human: Any) -> None:
    human.starts("import os\nos.system('x')", lines=[2])
    seen = re.sub(r"\x1b\[[0-9;]*m", "", human.sees(PROMPT))
    human.types("r\r")
    human.answer()

    for expected in (
        "coder → executor: code (python), conversation c1",
        "policy rule code-needs-review, risk 0.72, SHA-256 ",
        "▸ RUNE-CODE-014 high, line 2: starts a process",
        "   1 │ import os",
        "   2 │ os.system('x')",
    ):
        assert expected in seen


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        pytest.param("\x1b]0;title\x07\x1b[2J\x1b[31mred", "coder", id="escapes in the text"),
        pytest.param("x", "\x1b[2Jcoder\r", id="escapes in a name"),
        pytest.param("\x9b2J\x9d0;t\x9c\x08\x7f\x00", "coder", id="C1, backspace, NUL"),
        pytest.param("a\u202eb\u2066c\u200bd\U000e0041", "coder", id="bidi, zero width, tags"),
        pytest.param("\ud800\udfff", "coder", id="lone surrogates"),
        pytest.param("ok\rrm -rf /", "coder", id="a carriage return that overwrites"),
    ],
)
def test_nothing_an_agent_wrote_steers_the_terminal(human: Any, text: str, sender: str) -> None:
    human.starts(text, sender=sender, summary=f"found {text}")
    human.sees(PROMPT)
    human.types("v\r")
    human.sees(PROMPT)
    human.types("r\r")
    human.answer()

    ours = re.sub(rb"\x1b\[(?:0|1|1;31)m|\r\n", b"", human.everything).decode("utf-8")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]", ours)


def test_without_colors_there_is_no_escape_at_all(human: Any) -> None:
    human.starts("print(1)", env={"NO_COLOR": "1"})
    human.sees(PROMPT)
    human.types("r\r")
    human.answer()
    assert b"\x1b" not in human.everything


def test_a_long_text_is_not_approved_unseen_by_one_letter(human: Any) -> None:
    human.starts(LONG, lines=[150])
    seen = human.sees(PROMPT)
    assert "160 more rows are not shown here" in seen
    assert " 150 │ line_150 = 150" in seen  # where the finding is
    assert "line_100 " not in seen

    human.types("a\r")
    assert "not shown" in human.sees(PROMPT)
    human.types("v\r")
    for _ in range(5):
        seen += human.sees("q stops > ")
        human.types("\r")
    human.sees(PROMPT)
    assert all(f"line_{number} = {number}\r" in seen for number in range(1, 201))
    human.types("a\r")
    assert human.answer()["decision"] == "approve"


def test_the_whole_word_approves_a_long_text_unseen(human: Any) -> None:
    human.starts(LONG)
    human.sees(PROMPT)
    human.types("approve\r")
    assert human.answer()["decision"] == "approve"


@pytest.mark.parametrize(
    ("typed", "shown", "text"),
    [
        pytest.param("print(2)\rprint(3)\r.\r", "Nothing was found in the new text", "print(2)\nprint(3)", id="lines until a dot"),
        pytest.param("bad\r.\r", "RUNE-INJ-001 critical: still an order", "bad", id="what is found in it is shown"),
        pytest.param("crash\r.\r", "could not be read (RuntimeError)", "crash", id="what cannot be read is said"),
        pytest.param(".\r", "New text, 0 characters", "", id="nothing at all"),
        pytest.param("grüße 漢字 🙂\r.\r", "New text, 10 characters", "grüße 漢字 🙂", id="any script"),
        pytest.param("漢\x7f字\r.\r", "New text, 1 characters", "字", id="a wide character erased"),
    ],
)
def test_the_human_puts_another_text_in_its_place(human: Any, typed: str, shown: str, text: str) -> None:
    human.starts("print(1)", rescan=True)
    human.sees(PROMPT)
    human.types("m\r")
    human.sees("| ")
    human.types(typed)
    assert shown in human.sees("y/n > ")
    human.types("y\r")

    answer = human.answer()
    assert (answer["decision"], answer["text"]) == ("modify", text)


def test_a_modification_that_is_not_wanted_leads_back_to_the_question(human: Any) -> None:
    human.starts("print(1)")
    human.sees(PROMPT)
    human.types("m\rx\r.\rn\r")
    human.sees(PROMPT)
    human.types("r\r")
    assert human.answer()["decision"] == "reject"


def test_help_explains_every_answer(human: Any) -> None:
    human.starts("print(1)")
    human.sees(PROMPT)
    human.types("?\r")
    seen = human.sees(PROMPT)
    human.types("r\r")
    human.answer()
    assert all(word in seen for word in ("approve", "modify", "edit", "reject", "terminate", "view"))


def test_the_event_loop_goes_on_while_the_human_thinks(human: Any) -> None:
    human.starts("print(1)", how="async", seconds=1.5)
    answer = human.answer()
    assert answer["reviewer"] == "timeout"
    assert answer["ticks"] > 50


def test_a_cancelled_task_takes_its_question_back_and_leaves_the_terminal_in_order(human: Any) -> None:
    human.starts("print(1)", how="cancelled", seconds=60)
    human.sees(PROMPT)

    answer = human.answer()
    assert answer["withdrawn"]
    assert answer["seconds"] < 5
    assert human.mode == human.mode_before
    assert "withdrawn: rejected" in human.screen


def test_one_question_at_a_time_in_the_order_of_asking(human: Any) -> None:
    human.starts("first()", "second()", "third()", how="threads")
    seen = human.sees(PROMPT)
    assert "first()" in seen
    assert "second()" not in seen
    human.types("a\r")
    seen = human.sees(PROMPT)
    assert "second()" in seen
    assert "1 more waiting" in seen
    human.types("r\r")
    assert "third()" in human.sees(PROMPT)
    human.types("a\r")
    assert [answer["decision"] for answer in human.answer()] == ["approve", "reject", "approve"]


def test_the_time_runs_while_a_question_waits_for_its_turn(human: Any) -> None:
    human.starts("first()", "second()", how="threads", seconds=1.5)
    answers = human.answer()
    assert [answer["reviewer"] for answer in answers] == ["timeout", "timeout"]
    assert max(answer["seconds"] for answer in answers) < 2.5

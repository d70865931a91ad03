import asyncio
import hashlib
import threading

import pytest

from rune.review.request import RejectReviewer, ReviewRequest, ask_in_thread
from rune.types import Action, Decision, Message, Review, Verdict


def request(text: str = "print(1)") -> ReviewRequest:
    return ReviewRequest(Message(text), Verdict(Action.REVIEW), 5)


class Waits:
    """A reviewer who answers when the question is withdrawn, or rejects."""

    def __init__(self) -> None:
        self.thread = ""
        self.done = threading.Event()

    def ask(self, request: ReviewRequest) -> Review:
        self.thread = threading.current_thread().name
        while not request.withdrawn:
            threading.Event().wait(0.01)
        self.done.set()
        return Review(Decision.REJECT)


@pytest.mark.parametrize(("text", "data"), [("é", b"\xc3\xa9"), ("\ud800", b"\xed\xa0\x80"), ("", b"")], ids=["text", "surrogate", "empty"])
def test_an_answer_is_about_exactly_these_bytes(text: str, data: bytes) -> None:
    assert request(text).content_hash == hashlib.sha256(data).hexdigest()


def test_nobody_rejects() -> None:
    review = RejectReviewer().ask(request())
    assert (review.decision, review.reviewer) == (Decision.REJECT, "nobody")


async def test_asking_leaves_the_loop_alone() -> None:
    class Answers:
        def ask(self, request: ReviewRequest) -> Review:
            assert threading.current_thread() is not threading.main_thread()
            return Review(Decision.APPROVE, request.message.text)

    assert (await ask_in_thread(Answers(), request())).reviewer == "print(1)"


async def test_a_cancelled_wait_withdraws_the_question() -> None:
    reviewer, asked = Waits(), request()
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(ask_in_thread(reviewer, asked), 0.1)
    assert asked.withdrawn
    assert await asyncio.to_thread(reviewer.done.wait, 5)


def test_two_requests_share_no_withdrawal() -> None:
    first, second = request(), request()
    first.withdraw()
    assert first.withdrawn
    assert not second.withdrawn

import pytest

from rune.transcript.backlog import Backlog, Entry
from rune.types import Action, Message, Verdict

ACTIONS = {"a": Action.ALLOW, "f": Action.FLAG, "b": Action.BLOCK}


def entry(letter: str, size: int = 1) -> Entry:
    return Entry(Message("x" * size), Verdict(ACTIONS[letter]), "message", 0.0)


@pytest.mark.parametrize(
    ("letters", "kept", "lost"),
    [
        pytest.param("", "", {}, id="empty"),
        pytest.param("aaaaaaaa", "aaaaaaaa", {}, id="allowed messages up to four fifths"),
        pytest.param("aaaaaaaaaaa", "aaaaaaaa", {"allow": 3}, id="then they are lost, and counted"),
        pytest.param("aaaaaaaabf", "aaaaaaaabf", {}, id="the rest is for everything else"),
        pytest.param("bbbbbbbbbbf", "bbbbbbbbbb", {"flag": 1}, id="and that is bounded too"),
    ],
)
def test_allowed_messages_never_use_up_the_room_for_evidence(letters: str, kept: str, lost: dict[str, int]) -> None:
    backlog = Backlog(records=10)
    taken = [backlog.put(entry(letter)) for letter in letters]
    assert dict(backlog.lost) == lost
    assert sum(taken) == len(backlog) == len(kept)
    assert "".join(one.verdict.action.value[0] for one in backlog.take(100)) == kept


def test_the_characters_that_wait_are_bounded() -> None:
    backlog = Backlog(records=100, chars=1_000)
    assert backlog.put(entry("a", 5_000))  # one always finds room, or nothing that long could ever be recorded
    assert not backlog.put(entry("a"))
    backlog.take(1)
    assert backlog.put(entry("b", 999))
    assert not backlog.put(entry("b", 2))
    assert dict(backlog.lost) == {"allow": 1, "block": 1}


def test_the_oldest_are_taken_first() -> None:
    backlog = Backlog()
    for size in (1, 2, 3):
        backlog.put(entry("a", size))
    assert [len(one.message.text) for one in backlog.take(2)] == [1, 2]
    assert [len(one.message.text) for one in backlog.take(2)] == [3]
    assert backlog.take(2) == []

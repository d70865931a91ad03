import pytest

from rune.transcript.record import NO_HASH, canonical, digest
from rune.transcript.walk import PROBLEMS, Walk, claims


def chain(number: int) -> list[tuple[int, bytes, str]]:
    rows, previous = [], NO_HASH
    for sequence in range(number):
        event = {"event": "genesis", "file": "f", "format": 1} if sequence == 0 else {"event": "message"}
        record = canonical({**event, "previous": previous, "sequence": sequence})
        previous = digest(record).hex()
        rows.append((sequence, record, previous))
    return rows


def walked(rows: list[tuple[int, bytes, str]]) -> list[tuple[int | None, str]]:
    walk = Walk()
    for row in rows:
        walk.step(*row)
    return [(sequence, what.split(":")[0]) for sequence, what in walk.concluded().problems]


def changed(rows: list[tuple[int, bytes, str]], at: int, *, rehash: bool) -> list[tuple[int, bytes, str]]:
    sequence, record, stored = rows[at]
    record = record.replace(b"message", b"massage")
    return [*rows[:at], (sequence, record, digest(record).hex() if rehash else stored), *rows[at + 1 :]]


ROWS = chain(8)
MOVED = "moved or inserted"
FOLLOWS_NOT = "does not follow the record before it"


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        pytest.param(ROWS, [], id="untouched"),
        pytest.param(changed(ROWS, 3, rehash=False), [(3, "changed")], id="a record changed"),
        pytest.param(changed(ROWS, 3, rehash=True), [(4, FOLLOWS_NOT)], id="and its hash with it"),
        pytest.param([*ROWS[:3], *ROWS[4:]], [(3, "missing")], id="one missing"),
        pytest.param([*ROWS[:3], *ROWS[6:]], [(3, "missing")], id="several missing"),
        pytest.param(ROWS[1:], [(0, "missing")], id="the first missing"),
        pytest.param([*ROWS[:4], ROWS[3], *ROWS[4:]], [(3, "inserted")], id="one twice"),
        pytest.param(
            [*ROWS[:2], (2, *ROWS[3][1:]), (3, *ROWS[2][1:]), *ROWS[4:]],
            [(2, MOVED), (2, FOLLOWS_NOT), (3, MOVED), (3, FOLLOWS_NOT), (4, FOLLOWS_NOT)],
            id="two swapped",
        ),
        pytest.param([*ROWS[:3], (3, b"no record", NO_HASH), *ROWS[4:]], [(3, "changed"), (3, "changed")], id="not a record any more"),
    ],
)
def test_every_link_that_does_not_hold_is_named(rows: list[tuple[int, bytes, str]], problems: list[tuple[int, str]]) -> None:
    assert walked(rows) == problems


def test_problems_are_named_up_to_a_bound_and_counted_beyond() -> None:
    walk = Walk()
    for sequence in range(PROBLEMS + 50):
        walk.step(sequence, b"", "")
    problems = walk.concluded().problems
    assert len(problems) == PROBLEMS + 1
    assert "more problems" in problems[-1].what


@pytest.mark.parametrize(
    ("record", "event"),
    [
        pytest.param(b'{"event":"message","text":"\\ud800"}', "message", id="a lone surrogate, which msgspec refuses"),
        pytest.param(b'{"event":"gap","lost":{"allow":2}}', "gap", id="a gap"),
        pytest.param(b"{}", "", id="empty"),
        pytest.param(b"[]", None, id="a list"),
        pytest.param(b'{"sequence":"1"}', None, id="a wrong type"),
        pytest.param(b'{"text":"\\ud800","sequence":"1"}', None, id="both"),
        pytest.param(b"\xff", None, id="no text"),
        pytest.param(b'{"event":"\xff"}', None, id="an event that is no text"),
        pytest.param(b"[" * 100_000, None, id="nested without end"),
    ],
)
def test_a_record_is_asked_about_its_place(record: bytes, event: str | None) -> None:
    said = claims(record)
    assert (said.event if said else None) == event


def test_the_quick_way_accepts_nothing_that_the_thorough_one_would_not() -> None:
    conversation = canonical({"conversation": "c", "event": "message", "previous": NO_HASH, "sequence": 0, "turn": 1})
    good = (0, b"c", 1, conversation, digest(conversation))
    assert Walk().follows(*good)
    wrong = [
        (1, *good[1:]),
        (0, b"d", *good[2:]),
        (0, b"\xff", *good[2:]),
        (0, None, *good[2:]),
        (0, b"c", 2, *good[3:]),
        (0, b"c", "1", *good[3:]),
        (*good[:3], conversation + b" ", good[4]),
        (*good[:4], good[4].hex()),
        (*good[:4], b""),
    ]
    assert not any(Walk().follows(*row) for row in wrong)
    forged = canonical({"content": f'"previous":"{NO_HASH}"', "conversation": "c", "previous": "1" * 64, "turn": 1})
    assert not Walk().follows(0, b"c", 1, forged, digest(forged))

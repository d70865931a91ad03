"""Walks along a hash chain and names every link that does not hold."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from rune.transcript.head import Head
from rune.transcript.record import DOMAIN, FORMAT, NO_HASH, canonical, digest

PROBLEMS = 1_000
"""Problems that are named; more are counted."""


class Problem(NamedTuple):
    """Something wrong with a transcript."""

    sequence: int | None
    """Number of the record it is about; None when it is about the file."""
    what: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found."""

    records: int
    """Records that were read."""
    problems: tuple[Problem, ...] = ()
    """What is wrong, in the order of the file; at most 1,001, the last one counting the rest."""
    head: Head | None = None
    """How far the transcript reaches now; kept elsewhere, it proves this much later. None when it is empty."""
    lost: int = 0
    """Decisions that the writer itself reports as not recorded (an overload or a full disk)."""

    @property
    def ok(self) -> bool:
        """True when nothing is wrong."""
        return not self.problems


class Claims(msgspec.Struct):
    """What a record says about its own place; read without the rest, which a walk does not need."""

    event: str = ""
    sequence: int = -1
    previous: str = ""
    conversation: str | None = None
    turn: int | None = None
    turn_previous: str | None = None
    file: str = ""
    format: int = 0
    lost: dict[str, int] = {}
    reason: str = ""


_HASHING = hashlib.sha256(DOMAIN)
_decoder = msgspec.json.Decoder(Claims)


def claims(record: bytes) -> Claims | None:
    """Return what a record says about its place, or None when it is no record."""
    try:
        return _decoder.decode(record)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _claims_with_surrogates(record)


def _claims_with_surrogates(record: bytes) -> Claims | None:
    """Read a record that holds lone surrogates: JSON can carry them, msgspec refuses them."""
    try:
        return msgspec.convert(json.loads(record), Claims)
    except (ValueError, RecursionError, msgspec.MsgspecError):
        return None


class Walk:
    """Follows the records of a file, or of one conversation, and collects what does not hold.

    Args:
        turns: follow the numbers and hashes of one conversation instead of the file's.
    """

    def __init__(self, *, turns: bool = False) -> None:
        self._turns = turns
        self._next = 1 if turns else 0
        self._previous: set[str] = {NO_HASH}
        self._expected = _previous_member(NO_HASH)
        self._last_turns: dict[bytes, int] = {}
        self.records = 0
        self.lost = 0
        self.file = ""
        self.last_hash = ""
        self.last_sequence = -1
        self.problems: list[Problem] = []
        self.more_problems = 0

    def follows(self, sequence: int, conversation: Any, turn: Any, record: Any, stored: Any) -> bool:
        """Check an ordinary record of a file quickly; False leaves it to `step`, which finds out what is wrong or special.

        What a record says of its place stands in it literally, and its content cannot imitate it: there every quote is escaped. So the
        hash of the record before stands in it, and by that the number; of its turn, only that it is the next is checked.
        """
        if not (type(record) is type(conversation) is type(stored) is bytes and sequence == self._next):
            return False
        hashing = _HASHING.copy()
        hashing.update(record)
        computed = hashing.digest()
        if (
            computed != stored
            or turn != self._last_turns.get(conversation, 0) + 1
            or record.rfind(self._expected) < 0
            or record.rfind(_conversation_member(conversation)) < 0
        ):
            return False
        self.records += 1
        self._next = sequence + 1
        self._last_turns[conversation] = turn
        self._set_last(sequence, computed.hex())
        return True

    def step(self, sequence: int, record: Any, stored: Any) -> Claims | None:
        """Check one record against the one before, and return what it says about its place."""
        self.records += 1
        computed = digest(record).hex() if isinstance(record, bytes) else ""
        if not computed or computed != stored:
            self.report(sequence, "changed: its content does not match its hash")
        said = claims(record) if computed else None
        self._follow(sequence, said)
        self._set_last(sequence, computed)
        self._previous = {stored, computed} if said else set()
        if said is not None:
            self._hear(sequence, said)
        return said

    def report(self, sequence: int | None, what: str) -> None:
        """Add a problem."""
        if len(self.problems) < PROBLEMS:
            self.problems.append(Problem(sequence, what))
        else:
            self.more_problems += 1

    def concluded(self) -> Verification:
        """Return the result of a finished walk."""
        problems = tuple(self.problems)
        if self.more_problems:
            problems += (Problem(None, f"{self.more_problems} more problems; the first {PROBLEMS} are named"),)
        end = Head(self.last_hash, self.last_sequence, self.file) if self.records else None
        return Verification(self.records, problems, end, self.lost)

    def _set_last(self, sequence: int, computed: str) -> None:
        self.last_sequence, self.last_hash = sequence, computed
        self._previous = {computed}
        self._expected = _previous_member(computed)

    def _follow(self, sequence: int, said: Claims | None) -> None:
        if said is None:
            number, previous = self._next, ""
            self.report(sequence, "changed: it is not a record any more")
        else:
            number, previous = (said.turn or 0, said.turn_previous or "") if self._turns else (sequence, said.previous)
            if said.sequence != sequence:
                self.report(sequence, f"moved or inserted: it says of itself that it is record {said.sequence}")
        if number > self._next:
            self._report_missing(sequence, number)
        elif number < self._next:
            self.report(sequence, "inserted: there is already a record in its place")
        elif said is not None and self._previous and previous not in self._previous:
            self.report(sequence, "does not follow the record before it: one of the two was replaced, inserted or moved")
        self._next = number + 1

    def _report_missing(self, sequence: int, number: int) -> None:
        first, last = self._next, number - 1
        name = "turn" if self._turns else "record"
        what = f"missing: {name} {first}" if first == last else f"missing: {name}s {first} to {last}"
        self.report(sequence if self._turns else first, what)

    def _hear(self, sequence: int, said: Claims) -> None:
        if said.turn is not None:
            self._last_turns[(said.conversation or "").encode("utf-8", "surrogatepass")] = said.turn
        if said.event == "genesis":
            self.file = said.file
            if sequence != 0:
                self.report(sequence, "inserted: a second first record")
            if said.format > FORMAT:
                self.report(sequence, f"written in format {said.format}; this Rune reads up to {FORMAT}, update it (`runesec`)")
        elif said.event == "gap":
            self.lost += sum(said.lost.values())
        elif said.event == "discontinuity":
            self.report(sequence, f"the writer found the file altered when it came back: {said.reason}")


def _previous_member(digest: str) -> bytes:
    return b'"previous":"%b"' % digest.encode("ascii")


@lru_cache(maxsize=4_096)
def _conversation_member(conversation: bytes) -> bytes:
    try:
        return b'"conversation":' + canonical(conversation.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        return b"\0"  # in no record

"""One call with its arguments."""

from __future__ import annotations

from rune.code.python.call import Call
from rune.code.values import NETWORK, SECRET, UNKNOWN, Value, text


def test_arguments_by_place_and_name() -> None:
    call = Call("f", [text("a")], {"mode": text("w")})
    assert (call.first.text, call.argument(0).text, call.argument(1, "mode").text, call.argument(5)) == ("a", "a", "w", UNKNOWN)


def test_labels_of_everything_given() -> None:
    call = Call("f", [Value((), SECRET)], {}, Value((), NETWORK))
    assert call.labels == SECRET | NETWORK
    assert call.given.items == (Value((), SECRET),)

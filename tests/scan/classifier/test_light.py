"""The window that weighs most is found wherever it stands."""

from zlib import crc32

import pytest

from rune.scan.channel import Channel
from rune.scan.classifier.light import SENTENCE_TOKENS, score
from rune.scan.classifier.model import ZERO, Model, dump, load
from rune.scan.classifier.tokens import tokens

BITS = 16


def model(**words: int) -> Model:
    """Return a model in which these words weigh something, and in the user's channel nothing does."""
    table = bytearray([ZERO]) * (1 << BITS)
    for word, weight in words.items():
        table[crc32(word.encode()) & ((1 << BITS) - 1)] = weight + ZERO
    numbers = {"scale": 1.0, "slope": 1.0, "intercept": 0.0, "length": 0.0, "medium": 0.5, "high": 0.9}
    empty = bytes([ZERO]) * (1 << BITS)
    return load(
        dump(BITS, {channel.value: {"table": empty if channel is Channel.USER else bytes(table), **numbers} for channel in Channel})
    )


HOSTILE = model(steal=100, keys=100, garden=-100)


@pytest.mark.parametrize("text", ["", " \n", "!!! ... {}", "\n\n\n"])
def test_a_text_without_words_has_no_score(text: str) -> None:
    assert score(tokens(text), HOSTILE, Channel.DATA) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Steal keys. The garden. A garden. My garden.", id="at the start"),
        pytest.param("The garden. A garden. Steal keys. My garden. Our garden.", id="in the middle"),
        pytest.param("The garden. A garden. My garden. Steal keys", id="at the end"),
        pytest.param("word " * 200 + "garden garden. steal keys", id="after a long sentence"),
        pytest.param("garden.\n\n" + "\n" * 500 + "steal\nkeys" + "\n" * 500 + "garden", id="between hundreds of empty lines"),
        pytest.param("word " * 119 + "steal keys " + "word " * 100, id="inside a run without any break"),
    ],
)
def test_the_worst_window_decides(text: str) -> None:
    stream = tokens(text)
    window = score(stream, HOSTILE, Channel.DATA)
    assert window is not None
    assert window.logit > 0
    inside = stream[max(window.start - 1, 0) : window.end]
    assert {b"steal", b"keys"} <= set(inside)
    assert len(inside) <= 3 * (SENTENCE_TOKENS + 1)


def test_each_channel_has_weights_of_its_own() -> None:
    windows = [score(tokens("steal keys"), HOSTILE, channel) for channel in (Channel.USER, Channel.DATA)]
    assert [window.logit > 0 for window in windows if window] == [False, True]


def test_every_sentence_is_counted() -> None:
    window = score(tokens("One. Two! Three? Four"), HOSTILE, Channel.AGENT)
    assert window is not None
    assert window.sentences == 4


def test_a_word_said_a_hundred_times_is_one_sign_a_sentence() -> None:
    once, often = (score(tokens(f"please {'steal ' * count}please"), HOSTILE, Channel.DATA) for count in (1, 100))
    assert once is not None
    assert often is not None
    assert often.logit <= 1.5 * once.logit


def test_repetition_does_not_hide_what_stands_beside_it() -> None:
    window = score(tokens("steal " * 500 + ". Nothing here. Steal keys."), HOSTILE, Channel.DATA)
    alone = score(tokens("Steal keys."), HOSTILE, Channel.DATA)
    assert window is not None
    assert alone is not None
    assert window.logit >= 0.7 * alone.logit

"""The model file is believed whole or not at all."""

import math

import pytest

from rune.errors import ModelError
from rune.scan.channel import Channel
from rune.scan.classifier.model import MAGIC, dump, load

NUMBERS = {"scale": 0.5, "slope": 2.0, "intercept": -1.0, "length": 0.5, "medium": 0.6, "high": 0.9}
FILE = dump(2, {channel.value: {"table": bytes([1, 2, 255, 4]), **NUMBERS} for channel in Channel})


def test_what_is_written_is_read() -> None:
    model = load(FILE)
    weights = model.channels["data"]
    assert (model.mask, list(weights.table), weights.scale, weights.high) == (3, [1, 2, 255, 4], 0.5, 0.9)


def test_the_shipped_model_has_every_channel() -> None:
    assert set(load().channels) == {channel.value for channel in Channel}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(FILE[:-1], id="cut short"),
        pytest.param(FILE[:40] + bytes([FILE[40] ^ 1]) + FILE[41:], id="one bit changed"),
        pytest.param(FILE.replace(MAGIC, b"rune light 9\n"), id="of another version"),
        pytest.param(dump(3, {channel.value: {"table": b"abc", **NUMBERS} for channel in Channel}), id="table of another size"),
        pytest.param(dump(2, {channel.value: {"table": b"abcd"} for channel in Channel}), id="a number is missing"),
    ],
)
def test_a_damaged_file_is_refused(content: bytes) -> None:
    with pytest.raises(ModelError, match=r"light\.bin"):
        load(content)


def test_a_long_text_needs_more_than_a_short_one() -> None:
    weights = load(FILE).channels["user"]
    assert weights.calibrated(3.0, 1) == 5.0
    assert weights.calibrated(3.0, 100) == pytest.approx(5.0 - 0.5 * math.log(100))

"""The shipped weights of the light classifier: read once, checked, never executed.

The file is one line that names the format, one line of JSON, and the tables of weights, one byte each. Its last 32 bytes are the
SHA-256 of all before, so that a file cut short or altered is refused and not believed.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from rune.errors import ModelError
from rune.scan.channel import Channel

MAGIC = b"rune light 2\n"
ZERO = 128
"""The byte of a feature without weight."""

_DIGEST_BYTES = 32
_FILE = "light.bin"


@dataclass(frozen=True, slots=True)
class Weights:
    """What one channel learned."""

    table: bytes
    """One byte a feature; `ZERO` weighs nothing."""
    scale: float
    """What one step of a byte is worth, in log-odds."""
    slope: float
    intercept: float
    length: float
    """Calibration on sources left out of training: `log-odds = slope * window + intercept - length * ln(sentences)`. A long text has more
    windows of which one may look bad by chance."""
    medium: float
    """Probability from which the finding is of medium severity."""
    high: float
    """Probability from which it is of high severity, which the default policy blocks."""

    @property
    def floor(self) -> float:
        """Log-odds from which a text is looked at again, with what it repeats counted once; below, it is under every threshold anyway."""
        return math.log(self.medium / (1 - self.medium)) if 0 < self.medium < 1 else 0.0

    def calibrated(self, window: float, sentences: int) -> float:
        """Return the log-odds of an attack for the value of the worst window of a text."""
        return self.slope * window + self.intercept - self.length * math.log(max(sentences, 1))


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of every channel."""

    version: str
    """First 12 hex digits of the file's digest."""
    mask: int
    channels: Mapping[str, Weights]


def load(content: bytes | None = None) -> Model:
    """Return the model in `content`, default the shipped one; raises ModelError when it is missing, damaged or of another format."""
    data = _shipped() if content is None else content
    body, digest = data[:-_DIGEST_BYTES], data[-_DIGEST_BYTES:]
    if not body.startswith(MAGIC) or hashlib.sha256(body).digest() != digest:
        raise ModelError("the learned detector's model `light.bin` is damaged or of another version; install runesec again.")
    try:
        return _parsed(body[len(MAGIC) :], digest.hex()[:12])
    except (ValueError, KeyError, TypeError) as error:
        reason = type(error).__name__
        raise ModelError(f"the learned detector's model `light.bin` is unreadable (`{reason}`); install runesec again.") from error


def dump(bits: int, channels: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Return a model file: per channel the `table` (bytes) and the numbers of `Weights`."""
    facts = {name: {key: value for key, value in channel.items() if key != "table"} for name, channel in channels.items()}
    head = json.dumps({"bits": bits, "channels": facts}, sort_keys=True).encode() + b"\n"
    body = MAGIC + head + b"".join(channels[channel.value]["table"] for channel in Channel)
    return body + hashlib.sha256(body).digest()


def _shipped() -> bytes:
    try:
        return resources.files(__package__).joinpath(_FILE).read_bytes()
    except OSError as error:
        raise ModelError("the learned detector's model `light.bin` is missing; install runesec again.") from error


def _parsed(body: bytes, version: str) -> Model:
    head, _, tables = body.partition(b"\n")
    facts = json.loads(head)
    size = 1 << int(facts["bits"])
    if len(tables) != size * len(Channel):
        raise ValueError("size")
    channels = {
        channel.value: Weights(tables[number * size : (number + 1) * size], **_numbers(facts["channels"][channel.value]))
        for number, channel in enumerate(Channel)
    }
    return Model(version, size - 1, channels)


def _numbers(facts: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in facts.items()}

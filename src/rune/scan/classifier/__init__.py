"""The learned detector: reads a text in windows of a few sentences and says how likely it gives orders that nobody there should give."""

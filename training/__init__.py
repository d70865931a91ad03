"""Builds the learned detector from the development data and the corpus, reproducibly from a seed."""

"""Policies: data that says which action follows from which finding, who may do what, and how much."""

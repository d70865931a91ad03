"""Attacks on one's own agents: the disguises an attacker has, and what of them gets through."""

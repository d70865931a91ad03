"""Bounded memory of conversations: who said what to whom, how much and how fast. It says what went over a limit, not what follows."""

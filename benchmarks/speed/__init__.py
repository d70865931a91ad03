"""How fast, how small, how linear."""

"""Runtime security for multi-agent systems."""

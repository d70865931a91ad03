"""The tool `rune`, one file a command."""

from rune.cli.app import main

__all__ = ["main"]

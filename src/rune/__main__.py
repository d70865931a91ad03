"""`python -m rune` is the tool `rune`."""

import sys

from rune.cli import main

if __name__ == "__main__":
    sys.exit(main())

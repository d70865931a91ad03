"""AG2's own guard, TealTiger: the patterns of its prompt-injection policy."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from typing import Any

from ag2.extensions.tealtiger.types import INJECTION_PATTERNS  # type: ignore[import-not-found]


def score(text: str) -> float:
    """Return the confidence of the surest pattern that matches."""
    patterns = (pattern for technique in INJECTION_PATTERNS.values() for pattern in technique)
    return max((float(pattern.confidence) for pattern in patterns if pattern.pattern.search(text)), default=0.0)


def main() -> None:
    """Answer until the input ends."""
    for line in sys.stdin:
        request = json.loads(line)
        answer: dict[str, Any]
        if request["do"] == "about":
            answer = {"about": f"ag2 {version('ag2')} (Apache-2.0), TealTiger's injection patterns", "version": version("ag2")}
        else:
            answer = {"scores": [score(row["text"]) for row in request["rows"]]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

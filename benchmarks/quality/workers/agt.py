"""Microsoft's Agent Governance Toolkit: its prompt-injection detector at the default sensitivity."""

from __future__ import annotations

import json
import logging
import sys
from importlib.metadata import version
from typing import Any

from agent_os.prompt_injection import PromptInjectionDetector  # type: ignore[import-not-found]

PACKAGE = "agent-governance-toolkit-core"


def main() -> None:
    """Answer until the input ends."""
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        request = json.loads(line)
        answer: dict[str, Any]
        if request["do"] == "about":
            answer = {"about": f"{PACKAGE} {version(PACKAGE)} (MIT), `PromptInjectionDetector`, balanced", "version": version(PACKAGE)}
        else:
            # A detector keeps every input it saw, so each request gets a new one.
            detector = PromptInjectionDetector()
            results = [detector.detect(row["text"]) for row in request["rows"]]
            answer = {"scores": [result.confidence if result.is_injection else 0.0 for result in results]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

"""Check the house figures: no function over 60 lines, no file over 500, a test file for each file with functions; print the table."""

from __future__ import annotations

import ast
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "rune"
FUNCTION_LINES, FILE_LINES, MEDIAN_LINES = 60, 500, 10
TESTED_TOGETHER = frozenset(
    {
        "integrations",  # a seam is proven only on a real group, which needs all of them
        "testing",  # the teams that those tests play with
        "judge",  # how it fails is tried on a real server, through all of it
        "scan/detectors/pii",  # one table of values for finding, checking and redacting
        "scan/detectors/secrets",  # the same
        "scan/backends",  # one table of cases for all of them, because they have to agree
    }
)
"""Folders whose files are tested as a whole."""


def functions(path: Path) -> list[tuple[str, int]]:
    """Return name and length in lines of every function of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [(node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in ast.walk(tree) if isinstance(node, kinds)]


def complaints(files: list[Path]) -> list[str]:
    """Return one line for each thing that is too large or has no test file."""
    found = []
    for path in files:
        name = path.relative_to(SOURCE)
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > FILE_LINES:
            found.append(f"{name}: {lines} lines, at most {FILE_LINES}; split it by concern")
        found += [f"{name}: `{n}` has {size} lines, at most {FUNCTION_LINES}" for n, size in functions(path) if size > FUNCTION_LINES]
        test = ROOT / "tests" / name.parent / f"test_{name.stem}.py"
        together = any(name.is_relative_to(folder) for folder in TESTED_TOGETHER)
        if functions(path) and not path.stem.startswith("__") and not together and not test.exists():
            found.append(f"{name}: no test file {test.relative_to(ROOT)}")
    return found


def main() -> int:
    """Print the figures and the complaints; return 1 when there are any."""
    files = sorted(SOURCE.rglob("*.py"))
    sizes = [size for path in files for _, size in functions(path)]
    median = statistics.median(sizes)
    found = complaints(files)
    if median > MEDIAN_LINES:
        found.append(f"the median function has {median} lines, at most {MEDIAN_LINES}")
    print(f"house: {len(files)} files, {len(sizes)} functions, median {median:.0f} lines, longest {max(sizes)}")
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

"""What `import rune` and the base install cost: time, resident memory, disk."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
RUNS = 15
IMPORT = """
import time; start = time.perf_counter(); import rune; took = time.perf_counter() - start
rss = next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1]
print(took * 1000, rss)
"""
BARE = IMPORT.replace("import rune;", "")
READY = IMPORT.replace("import rune;", 'import rune; rune.Shield(transcript=False).scan("hello");')


def run(script: str) -> tuple[float, float]:
    """Return the median milliseconds and megabytes that a fresh interpreter reports for `script`."""
    printed = [
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split() for _ in range(RUNS)
    ]
    return statistics.median(float(ms) for ms, _ in printed), statistics.median(float(kb) / 1024 for _, kb in printed)


def install_mb() -> float | None:
    """Install the package with its base dependencies into an empty folder and return its size in MB; None without an installer."""
    uv = Path(sys.executable).parent / "uv"
    if not uv.exists():
        return None
    with tempfile.TemporaryDirectory() as folder:
        options = ["--quiet", "--target", folder, "--python", sys.executable]
        locked = ROOT / "requirements" / "base.txt"
        subprocess.run([uv, "pip", "install", *options, "-r", locked], check=True)
        subprocess.run([uv, "pip", "install", *options, "--no-deps", "--no-build-isolation", ROOT], check=True)
        sizes = (path.lstat().st_size for path in Path(folder).rglob("*") if path.is_file() and not path.is_symlink())
        return round(sum(sizes) / 1e6, 1)


def measure() -> dict[str, Any]:
    """Return import time, resident memory and install size, each beside the bare interpreter."""
    import_ms, import_mb = run(IMPORT)
    ready_ms, ready_mb = run(READY)
    _, bare_mb = run(BARE)
    return {
        "import_ms": round(import_ms, 1),
        "rss_after_import_mb": round(import_mb, 1),
        "rss_bare_python_mb": round(bare_mb, 1),
        "import_to_first_verdict_ms": round(ready_ms, 1),
        "rss_after_first_scan_mb": round(ready_mb, 1),
        "install_mb": install_mb(),
        "python": sys.version.split()[0],
        "cpus": os.cpu_count(),
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))

"""Rules as they were parsed by an earlier start: reading 189 YAML files takes a hundred times as long as reading this one file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from rune.scan import cache as kept
from rune.scan.rule import RuleSet

VERSION = "3"
"""Changes with the form of `Rule` or `RuleSet`, so that rules parsed by another Rune are parsed again."""


def remembered(contents: Mapping[str, bytes], cache: Path) -> RuleSet | None:
    """Return the rules that files with exactly these names and bytes hold; None when they were not parsed before, or not by this Rune."""
    payload = kept.read(cache, _key(contents))
    try:
        return None if payload is None else msgspec.json.decode(payload, type=RuleSet)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def remember(contents: Mapping[str, bytes], rules: RuleSet, cache: Path) -> None:
    """Keep what was parsed; a folder that cannot be written is left alone."""
    kept.write(cache, _key(contents), msgspec.json.encode(rules))


def _key(contents: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for file, content in sorted(contents.items()):
        digest.update(b"%d %d " % (len(file.encode()), len(content)) + file.encode() + content)
    return f"parsed rules {VERSION} {digest.hexdigest()}"

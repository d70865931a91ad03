"""`rune rules check`: whether rules are fit to stand in every scan."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rune.cli.options import AsJson
from rune.cli.screen import Screen, plural, shown
from rune.errors import ConfigurationError
from rune.types import Kind, Message

if TYPE_CHECKING:
    from rune.scan.backends import Backend
    from rune.scan.proof import Scan
    from rune.scan.rule import Rule, RuleSet

LEAST_MB_PER_S = 500
"""Speed below which a rule alone is too slow, in MB of reference text a second on one core."""
MOST_HITS = 0.001
"""Share of honest texts that a rule may hit."""

_REFERENCE_CHARS = 400_000
_SEED = 2025
_RUNS = 5
_VOCABULARY = (
    "the of and to in that is was for on are with as it be this by have from or had not but what all were when we there can an "
    "your which their said if will each about how up out them then she many some so these would other into has more two her like "
    "him see time could no make than first been its who now people my made over did down only way find use may water long little "
    "very after words called just where most know agent report plan table file page price week send request message model system "
    "user answer order tool result error "
)
_KINDS = (("tool", Kind.TOOL_RESULT), ("doc", Kind.DOCUMENT))

Folder = Annotated[Path | None, typer.Argument(metavar="[FOLDER]", help="A folder of rules of your own; default: the shipped ones.")]
Speed = Annotated[bool, typer.Option("--speed", help="Measure each rule alone; takes some ten milliseconds a rule.")]
Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="A folder of .jsonl files with honest texts (text, label 0).")]


def check(ctx: typer.Context, folder: Folder = None, *, speed: Speed = False, data: Data = None, as_json: AsJson = False) -> int:
    """Prove rules by their examples, and hold them to what they owe.

    That is: rare literals, bounded gaps, references, speed, few hits on honest text.
    """
    screen: Screen = ctx.obj
    rules, found, notes = _checked(folder, data, screen, speed=speed)
    if as_json:
        screen.json({"rules": len(rules), "complaints": found, "notes": notes})
        return 1 if found else 0
    for complaint in found:
        screen.show(shown(complaint))
    for note in notes:
        screen.note(shown(note))
    screen.show(shown(f"{plural(len(rules), 'rule')} checked, {plural(len(found), 'complaint')}"))
    return 1 if found else 0


def _checked(folder: Path | None, data: Path | None, screen: Screen, *, speed: bool) -> tuple[RuleSet, list[str], list[str]]:
    from rune.scan.engine import Engine
    from rune.scan.lint import complaints
    from rune.scan.packs import pack_rules
    from rune.scan.signatures import load_rules

    notes: list[str] = []
    with screen.progress("checking rules"):
        rules = load_rules() if folder is None else pack_rules(folder)
        engine = Engine(rules=rules, cache=None)
        found = [complaint for rule in rules for complaint in complaints(rule)]
        if speed:
            found += _slow(rules, notes)
        if data is not None:
            found += _loud(rules, engine.scan, data, notes)
    return rules, found, notes


def _slow(rules: RuleSet, notes: list[str]) -> Iterator[str]:
    """Yield the rules that alone read the reference text too slowly."""
    try:
        from rune.scan.backends.hyperscan import HyperscanBackend
    except ImportError:
        notes.append("speed was not measured: hyperscan is not installed here.")
        return
    text = reference_text().encode()
    for rule in rules.in_force:
        backend = HyperscanBackend([rule])
        seconds = min(_seconds(backend, text) for _ in range(_RUNS))
        speed = len(text) / seconds / 1e6
        if speed < LEAST_MB_PER_S:
            yield f"{rule.at('pattern')} alone reads `{speed:.0f}` MB/s, less than {LEAST_MB_PER_S}; let it begin with something rare."


def _seconds(backend: Backend, text: bytes) -> float:
    start = time.thread_time()
    backend.candidates(text)
    return time.thread_time() - start


def reference_text() -> str:
    """Return prose-like text of common English words, the same on every machine."""
    source, vocabulary = random.Random(_SEED), _VOCABULARY.split()  # noqa: S311 - a text, not a secret
    words: list[str] = []
    chars = 0
    while chars < _REFERENCE_CHARS:
        word = source.choice(vocabulary)
        words.append(word + source.choice(("", "", "", "", "", "", ",", ".", ".\n", f" {source.randrange(1_000)}")))
        chars += len(words[-1]) + 1
    return " ".join(words)


def _loud(rules: RuleSet, scan: Scan, folder: Path, notes: list[str]) -> Iterator[str]:
    """Yield the rules that hit too many honest texts."""
    if not folder.is_dir():
        notes.append(f"hits were not counted: there is no folder {folder}.")
        return
    known: dict[str, Rule] = {rule.id: rule for rule in rules.in_force}
    hits: Counter[str] = Counter()
    count = 0
    for message in honest_messages(folder):
        count += 1
        hits.update({finding.rule for finding in scan(message)} & set(known))
    for rule_id, number in sorted(hits.items()):
        if number > MOST_HITS * count:
            yield f"{known[rule_id].at('pattern')} hits `{number}` of {count} honest texts; narrow it to {MOST_HITS:.1%} at most."


def honest_messages(folder: Path) -> Iterator[Message]:
    """Yield the honest texts of every `.jsonl` file of a folder, each as the message its `kind` names.

    Raises:
        ConfigurationError: a line is not a JSON object.
    """
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                row = _row(line, f"{path}:{number}")
                text = row.get("text")
                if isinstance(text, str) and row.get("label") == 0:
                    name = str(row.get("kind", ""))
                    yield Message(text, kind=next((kind for word, kind in _KINDS if word in name), Kind.CHAT))


def _row(line: str, place: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ConfigurationError(f"{place}: not JSON (`{line[:40]}`); give one object a line with text and label.") from error
    return row if isinstance(row, dict) else {}

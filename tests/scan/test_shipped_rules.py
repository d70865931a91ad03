"""The rules that ship with Rune, on both backends: the same findings, through every disguise."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from rune.scan.engine import Engine
from rune.scan.rule import Example, Rule, RuleSet
from rune.scan.signatures import load_rules
from rune.types import Kind, Message

DATA = Path(__file__).parents[3] / "shared" / "data" / "text.jsonl"
SHIPPED = load_rules()
EXAMPLES = [(rule, example) for rule in SHIPPED.in_force for example in rule.match]
PLAIN, SCRIPT = "abcdefghijklmnopqrstuvwxyz", "\U0001d41a"
LOOKALIKES = str.maketrans(
    "aceopxyABCEHKMOPTX", "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0410\u0412\u0421\u0415\u041d\u041a\u041c\u041e\u0420\u0422\u0425"
)
FULL_WIDTH = str.maketrans({chr(point): chr(point + 0xFEE0) for point in range(0x21, 0x7F)})


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> list[Engine]:
    cache = tmp_path_factory.getbasetemp().parent / "compiled-rules"
    return [Engine(rules=SHIPPED, backend=name, cache=cache) for name in ("hyperscan", "re2")]  # type: ignore[arg-type]


def texts(count: int) -> list[str]:
    """Texts the rules were developed on, a few of each source; only the rules' own examples where that data is absent."""
    if not DATA.exists():
        return []
    with DATA.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, 0, None, 97)]
    random.Random(5).shuffle(rows)
    return [row["text"] for row in rows[:count]]


def test_both_backends_find_the_same_in_every_example(engines: list[Engine]) -> None:
    for rule in SHIPPED:
        for example in (*rule.match, *rule.no_match):
            first, second = (engine.scan(example.message()) for engine in engines)
            assert first == second, (rule.id, example.text)


@pytest.mark.parametrize("kind", [Kind.CHAT, Kind.TOOL_RESULT])
def test_both_backends_find_the_same_in_real_texts(engines: list[Engine], kind: Kind) -> None:
    for text in texts(400):
        first, second = (engine.scan(Message(text, kind=kind)) for engine in engines)
        assert first == second, text


def test_both_backends_find_the_same_in_pieces_of_examples(engines: list[Engine]) -> None:
    source = random.Random(11)
    examples = [example.text for rule in SHIPPED for example in (*rule.match, *rule.no_match)]
    for _ in range(600):
        pieces = [piece(source, source.choice(examples)) for _ in range(source.randint(2, 6))]
        text = source.choice(["", " ", "\n", "\0", ", "]).join(pieces)
        first, second = (engine.scan(Message(text)) for engine in engines)
        assert first == second, text


def piece(source: random.Random, text: str) -> str:
    """Return a part of an example, or nearly all of it, so that rules match at every kind of edge."""
    start, end = sorted(source.choices(range(len(text) + 1), k=2))
    return text[start:end] if source.random() < 0.5 else text[: len(text) - source.randint(0, 2)]


def invisible(text: str) -> str:
    return "\u200b".join(text)


def selectors(text: str) -> str:
    return "".join(f"{character}\ufe0f" for character in text)


def struck(text: str) -> str:
    return "".join(f"{character}\u0336" for character in text)


def tags(text: str) -> str:
    return "hi " + "".join(chr(0xE0000 + ord(character)) if 0x20 <= ord(character) < 0x7F else character for character in text)


DISGUISES: dict[str, Callable[[str], str]] = {
    "zero-width": invisible,
    "variation selectors": selectors,
    "combining strokes": struck,
    "look-alikes": lambda text: text.translate(LOOKALIKES),
    "full-width": lambda text: text.translate(FULL_WIDTH),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 in base64": lambda text: base64.b64encode(base64.b64encode(text.encode())).decode(),
    # UTF-16 is told from noise by its NULs, which text without ASCII has not.
    "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode() if text.isascii() else text,
    "URL-safe base64": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "hex": lambda text: text.encode().hex(),
    "spaced hex": lambda text: text.encode().hex(" "),
    "percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "html": lambda text: "".join(f"&#x{ord(character):x};" for character in text),
    "json": lambda text: "".join(f"\\u{unit:04x}" for character in text for unit in utf16(character)),
    "percent of html": lambda text: "".join(f"%26%23{ord(character)}%3B" for character in text),
}


def utf16(character: str) -> list[int]:
    data = character.encode("utf-16-be")
    return [int.from_bytes(data[index : index + 2], "big") for index in range(0, len(data), 2)]


@pytest.mark.parametrize("disguise", [pytest.param(disguise, id=name) for name, disguise in DISGUISES.items()])
def test_a_disguise_does_not_hide_an_example(engines: list[Engine], disguise: Callable[[str], str]) -> None:
    missed = [(rule.id, example.text) for rule, example in EXAMPLES if not found(engines[0], rule, example, disguise(example.text))]

    assert missed == []


def found(engine: Engine, rule: Rule, example: Example, text: str) -> bool:
    message = Message(text, kind=example.kind, direction=example.direction)
    return any(finding.rule == rule.id for finding in engine.scan(message))


def test_the_rules_are_not_empty() -> None:
    assert isinstance(SHIPPED, RuleSet)
    assert len(SHIPPED) >= 80

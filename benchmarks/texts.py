"""Texts that the code under measurement has never seen: no text is handed out twice in a process.

They come from the development data beside the repository; where it is absent, from a seeded generator of prose-like text (the report says
which). A text seen before measures caches, not the engine: on a lazy-DFA engine it is off by 50-200 times.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATA = Path(os.environ.get("RUNE_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))
WORDS = ("the", "of", "and", "to", "in", "agent", "report", "data", "table", "plan", "we", "you", "file", "page", "week", "price", "send")


def available() -> bool:
    """Return whether the development data lies beside the repository."""
    return (DATA / "text.jsonl").is_file()


def rows(name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a data file, in order; nothing when the data is absent."""
    path = DATA / name
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


class Unseen:
    """Hands out honest texts of an exact size, each cut from a part of the corpus that was not used before.

    Args:
        seed: order of the corpus.
        fenced: False leaves out texts with fenced code blocks, which more than the text engine reads.
    """

    def __init__(self, seed: int = 1, *, fenced: bool = True) -> None:
        texts = [str(row["text"]) for row in rows("text.jsonl") if not row["label"]]
        texts = texts if fenced else [text for text in texts if "```" not in text]
        random.Random(seed).shuffle(texts)
        self.source = "development data" if texts else "generated"
        self._random = random.Random(seed)
        self._corpus = "\n".join(texts)
        self._used = 0

    def take(self, chars: int) -> str:
        """Return the next `chars` characters of the corpus; falls back to generated text when it is used up."""
        if self._used + chars > len(self._corpus):
            return self._generated(chars)
        piece = self._corpus[self._used : self._used + chars]
        self._used += chars
        return piece

    def _generated(self, chars: int) -> str:
        words = self._random.choices(WORDS, k=chars // 3 + 1)
        numbered = (f"{word}{self._random.randrange(10_000)}" if index % 9 == 0 else word for index, word in enumerate(words))
        return " ".join(numbered)[:chars]

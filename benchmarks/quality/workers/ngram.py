"""Hashed word and character n-grams with a logistic regression over windows of the text: the usual cheap learned detector.

A text is as suspicious as its worst window. Of an attack whose payload is known only the windows that hold a part of it are learned as an
attack. A source weighs the root of its size, so that the largest do not drown the others.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

import numpy as np  # type: ignore[import-not-found,import-untyped,unused-ignore]
import sklearn  # type: ignore[import-not-found,import-untyped,unused-ignore]
from scipy.sparse import hstack, vstack  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sklearn.feature_extraction.text import HashingVectorizer  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-not-found,import-untyped,unused-ignore]

WINDOW, STRIDE, MOST = 600, 400, 24
"""Characters of a window, characters from one to the next, windows read of one text (spread over it)."""
VERSION = f"2-{sklearn.__version__}"
WORDS = HashingVectorizer(n_features=2**17, ngram_range=(1, 2), alternate_sign=False, dtype=np.float32)
CHARS = HashingVectorizer(n_features=2**17, analyzer="char_wb", ngram_range=(3, 4), alternate_sign=False, dtype=np.float32)


def windows(text: str) -> list[tuple[int, str]]:
    """Return where each window starts and what it holds."""
    starts = list(range(0, max(1, len(text) - WINDOW + STRIDE), STRIDE))
    step = max(1, len(starts) / MOST)
    chosen = [starts[int(number * step)] for number in range(min(len(starts), MOST))]
    return [(start, text[start : start + WINDOW]) for start in chosen]


class Model:
    """Vectors of texts seen so far, and the regression fitted last."""

    def __init__(self) -> None:
        self._vectors: dict[str, Any] = {}
        self._regression: Any = None

    def vectors(self, text: str) -> Any:
        """Return one row a window."""
        known = self._vectors.get(text)
        if known is None:
            parts = [part for _, part in windows(text)]
            known = self._vectors[text] = hstack([WORDS.transform(parts), CHARS.transform(parts)], format="csr")
        return known

    def fit(self, rows: list[dict[str, Any]]) -> None:
        """Learn from the windows of these rows."""
        labels = np.concatenate([window_labels(row) for row in rows])
        weights = np.concatenate([np.full(len(windows(row["text"])), weight) for row, weight in zip(rows, row_weights(rows), strict=True)])
        self._regression = LogisticRegression(C=4.0, class_weight="balanced", max_iter=60, tol=1e-3)
        self._regression.fit(
            vstack([self.vectors(row["text"]) for row in rows], format="csr"), labels, sample_weight=weights / weights.mean()
        )

    def scores(self, rows: list[dict[str, Any]]) -> list[float]:
        """Return the probability of the worst window of each row."""
        found = [self.vectors(row["text"]) for row in rows]
        probabilities = self._regression.predict_proba(vstack(found, format="csr"))[:, 1]
        ends = np.cumsum([each.shape[0] for each in found])
        return [float(part.max()) for part in np.split(probabilities, ends[:-1])]


def row_weights(rows: list[dict[str, Any]]) -> list[float]:
    """Return the weight of each window of a row."""
    sizes = Counter((row["source"], row["label"]) for row in rows)
    return [float(sizes[row["source"], row["label"]] ** -0.5 / len(windows(row["text"]))) for row in rows]


def window_labels(row: dict[str, Any]) -> Any:
    """Return 1 a window of an attack that holds a part of the payload, or any window where it is not known."""
    if not row["label"]:
        return np.zeros(len(windows(row["text"])), dtype=int)
    start = row["text"].find(row["payload"]) if row["payload"] else -1
    if start < 0:
        return np.ones(len(windows(row["text"])), dtype=int)
    end = start + len(row["payload"])
    return np.array([int(place < end and place + WINDOW > start) for place, _ in windows(row["text"])])


def main() -> None:
    """Answer until the input ends."""
    model = Model()
    for line in sys.stdin:
        request = json.loads(line)
        answer: dict[str, Any] = {}
        if request["do"] == "about":
            answer = {
                "about": f"hashed word and character n-grams, logistic regression (scikit-learn {sklearn.__version__})",
                "version": VERSION,
            }
        elif request["do"] == "fit":
            model.fit(request["rows"])
        else:
            answer = {"scores": model.scores(request["rows"])}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

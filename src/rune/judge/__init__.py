"""The judge: a language model that is asked about what signatures and the learned detector leave open. Off unless a policy names one.

Requests go through `http.client` of the standard library and nothing else: one request an answer, so there is nothing to pool; no proxy of
the environment, no redirect and no decompression happens unless somebody writes it; and every byte that is read can be held to one
deadline and one bound, which libraries with timeouts for each read do not do.
"""

from __future__ import annotations

from rune.judge.judge import Judge
from rune.judge.later import Later, Retraction

__all__ = ["Judge", "Later", "Retraction"]

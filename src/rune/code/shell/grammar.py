"""Parsing shell with tree-sitter, within bounds.

The grammar's error recovery takes quadratic time and memory on some inputs (tree-sitter-bash 0.25.1: 16 KB of `a|` needs 3 s and 650 MB,
100 KB of `<` needs 30 s), so a parse is stopped after a while and pipelines of absurd length are not tried.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from functools import lru_cache

import tree_sitter
import tree_sitter_bash

PARSE_SECONDS = 0.2
"""Time one parse may take."""
PIPES = 200
"""Pipes in one logical line."""
CHUNK = 4096
"""Bytes handed to the parser at a time."""

_BRACES = re.compile(rb"(?:^|[;&|\n(])[ \t]{0,8}(\{[^{}\s;&|\"'$`]{1,200},[^{}\s;&|\"'$`]{0,200}\})(?=[\s;&|)]|$)")
_READ_WRITE = re.compile(rb"<>(?=[ \t]{0,8}[\"']?[/$~.&\w])")

_BLANKS = bytes.maketrans(b"{,}", b"   ")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A syntax tree with the bytes it was made from."""

    root: tree_sitter.Node
    source: bytes
    complete: bool
    """False when a part did not parse."""

    def text(self, node: tree_sitter.Node) -> str:
        """Return the source of a node."""
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")


@lru_cache(maxsize=1)
def _language() -> tree_sitter.Language:
    return tree_sitter.Language(tree_sitter_bash.language())


def parse(source: str) -> Parsed | None:
    """Parse a shell source; None when that would take too long."""
    data = source.replace("\r\n", "\n").replace("\0", " ").encode("utf-8", "replace")
    if _longest_pipeline(data) > PIPES:
        return None
    # The grammar does not know `<>`; as a plain redirection of the same length it keeps every offset.
    data = _READ_WRITE.sub(b"< ", data)
    # Nor braces in place of a command: `{rm,-rf,x}` is `rm -rf x`.
    data = _BRACES.sub(lambda match: match[0].translate(_BLANKS), data)
    deadline = time.monotonic() + PARSE_SECONDS
    try:
        tree = tree_sitter.Parser(_language()).parse(
            lambda offset, _point: data[offset : offset + CHUNK],
            progress_callback=lambda _offset, _failed: time.monotonic() > deadline,
        )
    except ValueError:
        return None
    return Parsed(tree.root_node, data, not tree.root_node.has_error)


def _longest_pipeline(data: bytes) -> int:
    longest = current = 0
    for line in data.split(b"\n"):
        current += line.count(b"|")
        longest = max(longest, current)
        if not line.rstrip().endswith((b"|", b"\\", b"&")):
            current = 0
    return longest

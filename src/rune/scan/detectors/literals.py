"""What a pattern must begin with: the literals by which a text is searched for it."""

from __future__ import annotations

from rune.scan.detectors.detector import Anchor
from rune.scan.expression import expression
from rune.scan.syntax import Characters, Choice, Node, Repeat, Sequence, parse

_FEW = 10
_MOST = 80
_LONGEST = 12


def anchor(pattern: str) -> Anchor:
    """Return the anchor of a pattern that begins with one of a few literals.

    Raises:
        ValueError: it may begin with anything.
    """
    literals, _ = _openings(parse(expression(pattern)))
    if any(len(literal) < 3 for literal in literals):
        raise ValueError(f"`{pattern}` begins with no literal of at least three characters; anchor it at a rarer part.")
    return Anchor(pattern, tuple(sorted(literals)))


def _openings(node: Node) -> tuple[set[str], bool]:
    """Return the texts that a match may begin with, and whether they are all of it."""
    if isinstance(node, Characters):
        return (set(node.few), True) if node.few is not None and len(node.few) <= _FEW else ({""}, False)
    if isinstance(node, Repeat):
        return _repeated(node)
    if isinstance(node, Choice):
        ways = [_openings(part) for part in node.parts]
        return {text for texts, _ in ways for text in texts}, all(whole for _, whole in ways)
    return _one_after_the_other(node)


def _repeated(node: Repeat) -> tuple[set[str], bool]:
    once, whole = _openings(node.part)
    if node.least == node.most == 1:
        return once, whole
    if (node.least, node.most) == (0, 1) and whole:
        return once | {""}, True
    return (once, False) if node.least else ({""}, False)


def _one_after_the_other(node: Sequence) -> tuple[set[str], bool]:
    texts = {""}
    for part in node.parts:
        more, whole = _openings(part)
        joined = {text + next_ for text in texts for next_ in more}
        if len(joined) > _MOST or min(map(len, texts)) >= _LONGEST:
            return texts, False
        texts = joined
        if not whole:
            return texts, False
    return texts, True

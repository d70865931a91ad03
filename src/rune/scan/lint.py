"""What a rule owes the others: a rare literal, no gap that runs on, and a place in each of the lists that people sort rules by.

A rule that is read and proved works; one that breaks these bounds makes every scan slow or hits honest texts. How fast a rule is, and what
it hits in real texts, `rune rules check` measures.
"""

from __future__ import annotations

from collections.abc import Iterator

from rune.scan.expression import expression, folded
from rune.scan.rule import Rule, RuleSet
from rune.scan.syntax import Characters, Node, Repeat, longest, parse, uncovered

WIDEST_GAP = 180
"""Most bytes that one part of a pattern may run over any characters; 60 characters of a script with three bytes each."""
WIDEST = 1_200
"""Most bytes that one match may have; a stream keeps that much of the text before it."""
WIDEST_SECRET = 12_000
"""The same for rules that mask what they find: keys are long, but begin with something rare."""
LISTS = {"OWASP-ASI": "OWASP-ASI01", "OWASP-LLM": "OWASP-LLM01", "ATLAS-": "ATLAS-AML.T0051"}
"""The lists of which each rule names at least one entry, with an example of each."""

# The words that stand at least once in 4,000 characters of the development data (6 million characters of prose, code and dialog).
_COMMON = (
    "action",
    "all",
    "and",
    "are",
    "assistant",
    "can",
    "class",
    "code",
    "create",
    "data",
    "def",
    "file",
    "for",
    "from",
    "function",
    "get",
    "have",
    "how",
    "import",
    "issue",
    "let",
    "line",
    "list",
    "method",
    "model",
    "name",
    "need",
    "new",
    "not",
    "number",
    "output",
    "path",
    "print",
    "problem",
    "python",
    "response",
    "result",
    "return",
    "run",
    "self",
    "test",
    "that",
    "the",
    "this",
    "thought",
    "total",
    "use",
    "using",
    "value",
    "will",
    "with",
    "you",
    "your",
)


def complaints(rule: Rule) -> Iterator[str]:
    """Yield what is wrong with a rule that was read and proved, each with the file and line; nothing for a rule as it should be."""
    for prefix, example in LISTS.items():
        if not any(reference.startswith(prefix) for reference in rule.references):
            yield f"{rule.at('references')} names no {prefix.rstrip('-')} entry; add one, such as {example}."
    for literal in rule.literal:
        reason = _common(literal)
        if reason:
            yield f"{rule.at('literal')} is `{literal}`; {reason}, so give a longer or rarer one that every match contains."
    node = parse(expression(rule.pattern))
    missed = uncovered(node, [folded(literal) for literal in rule.literal])
    if missed is not None:
        yield f"{rule.at('literal')} is missing from `{_shown(missed)}`, which the pattern matches; add what that contains, or narrow it."
    yield from _too_wide(rule, node)


def widest(rules: RuleSet) -> int:
    """Return the bytes of the longest text that an enabled rule can match; 0 without rules. A rule without a bound is left out."""
    lengths = (longest(parse(expression(rule.pattern))) for rule in rules.in_force)
    return max((length for length in lengths if length is not None), default=0)


def _common(literal: str) -> str:
    """Return why a literal is not rare; empty if it is."""
    plain = literal.strip().lower()
    if len(literal) < (3 if plain.isascii() else 2):
        return "it is too short to be rare"
    word = next((word for word in _COMMON if literal.lower() in f" {word} "), "")
    return f"it is part of `{word}`, which stands in many texts" if word else ""


def _too_wide(rule: Rule, node: Node) -> Iterator[str]:
    length = longest(node)
    if length is None:
        yield f"{rule.at('pattern')} has a part of any length (`*`, `+` or an open count); bound it, as in `{{0,60}}`."
    elif length > (WIDEST_SECRET if rule.mask else WIDEST):
        yield f"{rule.at('pattern')} matches up to `{length}` bytes; keep it under {WIDEST_SECRET if rule.mask else WIDEST}."
    gap = max(_gaps(node), default=0)
    if gap > WIDEST_GAP and not rule.mask:
        yield f"{rule.at('pattern')} has a gap of `{gap}` bytes; keep gaps under {WIDEST_GAP}, or 60 characters of another script."


def _gaps(node: Node) -> Iterator[int]:
    """Yield how many bytes each repeated part that takes nearly any character may run over."""
    if isinstance(node, Characters):
        return
    if isinstance(node, Repeat):
        if isinstance(node.part, Characters):
            yield node.most or 0 if node.part.few is None else 0
        else:
            yield from _gaps(node.part)
        return
    for part in node.parts:
        yield from _gaps(part)


def _shown(text: str) -> str:
    return text.encode("latin-1").decode("utf-8", "replace")[:60]

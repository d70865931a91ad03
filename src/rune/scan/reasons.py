"""Why a signature reported something, in words that hold nothing of the text but what the rule itself says."""

from __future__ import annotations

from rune.scan.rule import Rule


def reasons(rule: Rule, matched: str) -> tuple[str, ...]:
    """Return what let a rule match: how far it is trusted, which of its literals stood there, and where it looks.

    Args:
        rule: the signature.
        matched: the part of a reading that it matched; never shown.
    """
    folded = matched.casefold()
    literal = max((known for known in rule.literal if known.casefold() in folded), key=len, default="")
    places = ", ".join(sorted(rule.channels))
    return (
        f"{rule.maturity} signature, confidence {rule.confidence:.2f}",
        *((f"its literal `{literal}` stands there",) if literal else ()),
        *((f"it looks at {places} only",) if places else ()),
    )

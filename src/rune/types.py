"""The nouns of Rune: what every layer hands to the next.

Everything here is immutable, has a stable JSON form and imports nothing else from `rune`. The vocabulary is the field's own: OWASP for
categories, MITRE ATLAS and CWE in `Finding.references`, and the review decisions of inspect_ai.
"""

from __future__ import annotations

import itertools
import json
import os
import time
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Word(str, Enum):
    """A member of a closed vocabulary; compares, formats and serializes as its plain string."""

    def __str__(self) -> str:
        """Return the plain value, on every Python version."""
        return str(self.value)

    def __format__(self, spec: str) -> str:
        """Format the plain value, on every Python version."""
        return str.__format__(str(self.value), spec)

    __hash__ = str.__hash__

    def __init__(self, *_: object) -> None:
        self._rank = len(type(self).__members__)

    @property
    def rank(self) -> int:
        """Position in the vocabulary: the later a member is declared, the more it weighs."""
        return self._rank


class Severity(Word):
    """How bad it is if the finding is true, least first."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Action(Word):
    """What the policy decides about a message, mildest first."""

    ALLOW = "allow"
    FLAG = "flag"
    REDACT = "redact"
    REVIEW = "review"
    BLOCK = "block"


class Kind(Word):
    """What a message is to the agent that reads it."""

    CHAT = "chat"
    CODE = "code"
    TOOL_CALL = "tool_call"
    TOOL_RESULT = "tool_result"
    DOCUMENT = "document"
    MEMORY = "memory"
    SYSTEM = "system"


class Direction(Word):
    """Which border a message crosses: into the group, inside it, or out of it."""

    INBOUND = "inbound"
    INTERNAL = "internal"
    OUTBOUND = "outbound"


class Trust(Word):
    """How far the sender of a message is trusted, most first."""

    TRUSTED = "trusted"
    INTERNAL = "internal"
    UNTRUSTED = "untrusted"


class Category(Word):
    """What kind of threat a finding reports; policies select on it."""

    PROMPT_INJECTION = "prompt_injection"
    """Text that tries to replace or add to the instructions of the agent that reads it."""
    JAILBREAK = "jailbreak"
    """A frame that tries to switch off the model's own rules."""
    IMPERSONATION = "impersonation"
    """Text that claims to come from the system, an authority or another agent."""
    TOOL_COERCION = "tool_coercion"
    """Text that tries to make an agent call a tool or run a command."""
    PROMPT_EXTRACTION = "prompt_extraction"
    """A request for, or a leak of, system instructions."""
    EXFILTRATION = "exfiltration"
    """Data on its way out through a link, an image, a request or a recipient."""
    SECRET = "secret"  # noqa: S105 - the name of a category
    """A credential in the text."""
    PII = "pii"
    """Personal data in the text."""
    MALICIOUS_CODE = "malicious_code"
    """Code or a command that harms the host or its owner."""
    OBFUSCATION = "obfuscation"
    """A disguise that honest text has no use for."""
    LIMITS = "limits"
    """A bound on size, rate or rounds was reached."""
    FLOW = "flow"
    """A message on an edge that the policy does not declare."""
    INTERNAL_ERROR = "internal_error"
    """Rune could not finish its own work on this message; `on_error` decides."""


class Decision(Word):
    """What a human answers to a review (vocabulary of inspect_ai's approval protocol)."""

    APPROVE = "approve"
    MODIFY = "modify"
    REJECT = "reject"
    TERMINATE = "terminate"
    ESCALATE = "escalate"


_PROCESS = os.urandom(6).hex()
_COUNT = itertools.count(1)


def _new_process() -> None:
    global _PROCESS  # noqa: PLW0603 - a forked child must not repeat its parent's ids
    _PROCESS = os.urandom(6).hex()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_new_process)


def new_id() -> str:
    """Return an identifier unique over processes: 12 random hex digits of the process, a dash, a counter in hex."""
    return f"{_PROCESS}-{next(_COUNT):x}"


@dataclass(frozen=True, slots=True)
class Message:
    """One thing an agent is about to read or do; every integration produces this and nothing else."""

    text: str
    """The content as the recipient would read it (for code: exactly what would run)."""
    kind: Kind = Kind.CHAT
    direction: Direction = Direction.INTERNAL
    sender: str = ""
    """Name of the agent (or tool) that produced the content; empty when unknown."""
    recipient: str = ""
    """Name of the agent that would read it; empty when unknown."""
    conversation: str = ""
    """Identifier of the conversation; empty for a scan outside one."""
    origins: tuple[str, ...] = ()
    """Where the content came from: `user`, `web`, `tool:NAME`, `file`, `memory`, `agent:NAME`."""
    trust: Trust = Trust.INTERNAL
    id: str = field(default_factory=new_id)
    time: float = field(default_factory=time.time)
    """Seconds since the Unix epoch."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """Facts an integration knows beside the text: `language` of code, `tool` of a call, `task` of the user. JSON values only."""


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range `[start, end)` of characters in the original text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a message's text: the text itself, normalized, or decoded from a part of it."""

    text: str
    chain: tuple[str, ...] = ()
    """How this reading came about, outermost first: `("base64", "html")`; empty for the text as it stands."""
    starts: Sequence[int] | None = None
    """Ascending view offsets at which the mapping to the parent jumps; None when the view is its parent, character for character."""
    targets: Sequence[int] = ()
    """Parent offset that belongs to each of `starts`; between two of them both sides advance together."""
    bounds: Span | None = None
    """For a decoded part: the range of the original that it was decoded from, which every span of the view maps to."""
    ends: Sequence[int] = ()
    """Parent offset at which each piece ends; a piece whose length differs there was decoded, and all of it maps to all of `[target, end)`.
    Empty when no piece was decoded."""
    parent: View | None = None
    """The reading this one was made from, which `targets` and `ends` count in; None for the original text."""

    def span(self, start: int, end: int) -> Span:
        """Map `[start, end)` of this view to the original text; a decoded part maps to the whole encoded range."""
        if self.bounds is not None:
            return self.bounds
        if self.starts is not None:
            low = self._range(start)[0]
            start, end = low, max(self._range(end - 1)[1], low) if end > start else low
        return self.parent.span(start, end) if self.parent is not None else Span(start, end)

    def _range(self, offset: int) -> tuple[int, int]:
        """Return where in the parent the character at `offset` came from."""
        starts = self.starts or ()
        index = bisect_right(starts, offset) - 1
        if index < 0:
            return offset, offset + 1
        target = self.targets[index]
        if self.ends:
            length = (starts[index + 1] if index + 1 < len(starts) else len(self.text)) - starts[index]
            if self.ends[index] - target != length:
                return target, self.ends[index]
        return target + offset - starts[index], target + offset - starts[index] + 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation about a message: a signature that matched, a flow in code, a limit that was hit, an error of our own."""

    rule: str
    """Stable identifier, `RUNE-<GROUP>-<NUMBER>`."""
    category: Category
    severity: Severity
    summary: str
    """One line for a human, without any of the matched text."""
    confidence: float = 1.0
    """How sure the detector is, 0 to 1."""
    span: Span | None = None
    """Where in the original text; None when the finding is about the message as a whole."""
    chain: tuple[str, ...] = ()
    """The decodings through which it was seen; empty when it stands in the text as it is."""
    evidence: str = ""
    """A short excerpt with secrets masked and invisible characters made visible; never needed to decide."""
    line: int | None = None
    """For code: the line, counted from 1."""
    remediation: str = ""
    references: tuple[str, ...] = ()
    """Public names of the threat: `OWASP-LLM01`, `OWASP-ASI01`, `ATLAS-AML.T0051`, `CWE-78`."""
    reasons: tuple[str, ...] = ()
    """Why it was reported, for a human: the words that weighed, the score and its threshold, the check that held. Free of secrets."""

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping with stable keys."""
        return {
            "rule": self.rule,
            "category": self.category.value,
            "severity": self.severity.value,
            "confidence": round(self.confidence, 4),
            "summary": self.summary,
            "span": [self.span.start, self.span.end] if self.span else None,
            "chain": list(self.chain),
            "evidence": self.evidence,
            "line": self.line,
            "remediation": self.remediation,
            "references": list(self.references),
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class Review:
    """A human's answer to a message that the policy would not let pass alone."""

    decision: Decision
    reviewer: str = ""
    """Who answered: a user name, `terminal`, or `timeout` when nobody did."""
    reason: str = ""
    text: str | None = None
    """The replacement content of a `modify` decision."""
    seconds: float = 0.0
    """Time from question to answer."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the policy decided about one message, and why."""

    action: Action
    message_id: str = ""
    findings: tuple[Finding, ...] = ()
    risk: float = 0.0
    """0 (nothing seen) to 1 (certain and critical)."""
    decided_by: str = ""
    """Name of the policy rule that set the action."""
    sanitized_text: str | None = None
    """The text with every offending span replaced by a placeholder; None when nothing had to be replaced."""
    policy_revision: str = ""
    rules_revision: str = ""
    content_hash: str = ""
    """SHA-256 (hex) of the UTF-8 text; set for code, where exactly these bytes may run, and on every withheld message."""
    review: Review | None = None
    elapsed_ms: float = 0.0

    @property
    def blocked(self) -> bool:
        """True when the content must not take effect as it stands: blocked, or in need of a review that nobody has given."""
        return self.action in (Action.BLOCK, Action.REVIEW)

    @property
    def degraded(self) -> bool:
        """True when a part of the analysis failed or was cut short, so the verdict rests on less than the whole."""
        return any(finding.category is Category.INTERNAL_ERROR for finding in self.findings)

    @property
    def incident(self) -> str:
        """Identifier that a notice shows and the transcript can be searched for; empty unless something was found."""
        return f"inc-{self.message_id}" if self.findings else ""

    @property
    def reason(self) -> str:
        """Reason code for a notice: the rule of the worst finding, or the policy rule that decided."""
        worst = self.worst
        return worst.rule if worst else (self.decided_by or "policy")

    @property
    def worst(self) -> Finding | None:
        """The finding that weighs most: highest severity, then confidence; the first of equals."""
        return max(self.findings, key=lambda f: (f.severity.rank, f.confidence), default=None)

    @property
    def explanation(self) -> str:
        """One sentence on what was decided and why; contains no part of the scanned text."""
        worst = self.worst
        if worst is None:
            return "No threat found."
        more = f" (and {len(self.findings) - 1} more)" if len(self.findings) > 1 else ""
        through = f", seen through {' → '.join(worst.chain)}" if worst.chain else ""
        return f"{self.action}: {worst.summary} [{worst.rule}, {worst.severity}{through}]{more}; decided by `{self.decided_by}`."

    @property
    def threat_type(self) -> str | None:
        """Category of the worst finding, or None."""
        return self.worst.category.value if self.worst else None

    @property
    def sanitized_content(self) -> str | None:
        """Same as `sanitized_text`."""
        return self.sanitized_text

    @property
    def pii_detected(self) -> bool:
        """True when personal data was found."""
        return any(finding.category is Category.PII for finding in self.findings)

    @property
    def secrets_detected(self) -> bool:
        """True when a credential was found."""
        return any(finding.category is Category.SECRET for finding in self.findings)

    @property
    def risk_score(self) -> float:
        """Same as `risk`."""
        return self.risk

    @property
    def scan_latency_ms(self) -> float:
        """Same as `elapsed_ms`."""
        return self.elapsed_ms

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping; it leaves out `elapsed_ms`, so equal input, policy and rules give an equal mapping."""
        return {
            "action": self.action.value,
            "message_id": self.message_id,
            "risk": round(self.risk, 4),
            "decided_by": self.decided_by,
            "findings": [finding.to_dict() for finding in self.findings],
            "sanitized_text": self.sanitized_text,
            "policy_revision": self.policy_revision,
            "rules_revision": self.rules_revision,
            "content_hash": self.content_hash,
            "degraded": self.degraded,
            "review": None
            if self.review is None
            else {"decision": self.review.decision.value, "reviewer": self.review.reviewer, "reason": self.review.reason},
        }

    def to_json(self) -> str:
        """Return `to_dict()` as canonical JSON: sorted keys, no spaces."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)

"""The state of one analysis: where it stands, what it found, and the way from one language into another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rune.code.budget import Budget
from rune.code.evidence import excerpt
from rune.code.execution import Execution
from rune.code.files import Files
from rune.code.network import Network
from rune.code.report import Manifest, Use
from rune.code.rules import LIMIT, NOT_PARSED, Rule
from rune.code.values import HOLE, Value
from rune.limits import CodeLimits
from rune.types import Finding

FINDINGS_PER_RULE = 10
"""Findings of one rule kept; more of the same add nothing to a decision."""
USES = 1000
"""Entries kept in the manifest."""
NAME_CHARS = 200
"""Characters by which two uses are told apart."""
_ACTING = frozenset(("program", "host", "write", "delete", "list", "mode"))

Reader = Callable[[str, "Session"], bool]
"""Reads a source into the session; returns whether all of it could be parsed."""


@dataclass(frozen=True, slots=True)
class Readers:
    """The languages that can be read, given to every session so that they can nest in one another."""

    languages: Mapping[str, Reader]
    program: Callable[[Sequence[Value], Session, Value], Value]
    """Reads one program start: its argument list and what it gets as input; returns what it would print."""


class Session:
    """One analysis; the readers report to `files`, `network` and `execution` what the code would do."""

    def __init__(self, limits: CodeLimits, work_dir: str, readers: Readers) -> None:
        """Begin with nothing found."""
        self.budget = Budget(limits)
        self.work_dir = work_dir
        self.readers = readers
        self.line = 1
        self.endless = 0
        """Endless loops around the present statement."""
        self.exported: dict[str, Value] = {}
        """Variables that the code put into the environment of what it starts."""
        self.arguments: tuple[Value, ...] = ()
        """Words given to the script that is read next."""
        self.parsed = True
        self.files = Files(self)
        self.network = Network(self)
        self.execution = Execution(self)
        self._fixed_line: int | None = None
        self._chain: tuple[str, ...] = ()
        self._findings: dict[tuple[str, int | None], Finding] = {}
        self._counts: Counter[str] = Counter()
        self._uses: dict[tuple[str, str], Use] = {}

    def report(self, rule: Rule, evidence: str = "") -> None:
        """Record that the code does what the rule describes, at the present line."""
        line = self._fixed_line or self.line
        if (rule.id, line) in self._findings or self._counts[rule.id] >= FINDINGS_PER_RULE:
            return
        self._counts[rule.id] += 1
        self._findings[rule.id, line] = Finding(
            rule=rule.id,
            category=rule.category,
            severity=rule.severity,
            summary=f"Code that {rule.summary}" if rule.id >= "RUNE-CODE-010" else rule.summary[:1].upper() + rule.summary[1:],
            chain=self._chain,
            evidence=excerpt(evidence),
            line=line,
            remediation=rule.remediation,
            references=rule.references,
        )

    def use(self, kind: str, name: str) -> None:
        """Record a capability in the manifest."""
        key = kind, name[:NAME_CHARS]
        if name and key not in self._uses and len(self._uses) < USES:
            self._uses[key] = Use(kind, excerpt(name.replace(HOLE, "*")), self._fixed_line or self.line)

    def acts(self) -> int:
        """Return how many programs, hosts and changes of files were recorded so far."""
        return sum(kind in _ACTING for kind, _ in self._uses)

    def unreadable(self, evidence: str = "") -> None:
        """Record that a part could not be parsed."""
        self.parsed = False
        self.report(NOT_PARSED, evidence)

    def take(self, other: Session) -> None:
        """Take over what another analysis found and uses."""
        self._findings.update(other._findings)
        self._uses.update(other._uses)
        self.parsed = self.parsed and other.parsed

    def found(self, *rules: Rule) -> bool:
        """Tell whether any of these rules was reported."""
        return any(self._counts[rule.id] for rule in rules)

    def read_top(self, language: str, source: str) -> bool:
        """Read the source itself; returns whether all of it could be parsed."""
        complete = self.readers.languages[language](source, self)
        self.parsed = self.parsed and complete
        return complete

    def read(self, language: str, source: str, via: str = "", arguments: Sequence[Value] = ()) -> None:
        """Read code inside the present code; its findings carry the line of the code around it."""
        if self.budget.depth >= self.budget.limits.depth:
            self.report(LIMIT, "languages nested too deeply")
            return
        with self._inside(via or language):
            self.arguments = tuple(arguments)
            if not self.readers.languages[language](source, self):
                self.parsed = False

    @contextmanager
    def _inside(self, via: str) -> Iterator[None]:
        outer = self._fixed_line, self._chain, self.line
        directory = self.files.directory
        self._fixed_line, self._chain = self._fixed_line or self.line, (*self._chain, via)
        self.budget.depth += 1
        try:
            yield
        finally:
            self._fixed_line, self._chain, self.line = outer
            self.files.directory = directory
            self.budget.depth -= 1

    def program(self, argv: Sequence[Value], stdin: Value) -> Value:
        """Read one program start and return what it would print."""
        return self.readers.program(argv, self, stdin)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, worst first, then by line."""
        return tuple(sorted(self._findings.values(), key=lambda f: (-f.severity.rank, f.line or 0, f.rule)))

    @property
    def manifest(self) -> Manifest:
        """What the code uses."""
        return Manifest(tuple(self._uses.values()))

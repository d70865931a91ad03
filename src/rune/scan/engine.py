"""The order in which a text is read and judged: normalize, decode, match, report."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple

from rune.errors import ConfigurationError, ModelError, RuleError
from rune.limits import ScanLimits
from rune.scan import cache as kept
from rune.scan import own_rules
from rune.scan.backends import Backend, build, library_version
from rune.scan.classifier.classify import Classifier
from rune.scan.classifier.encoder import Encoder
from rune.scan.classifier.model import load
from rune.scan.decode import DECODINGS
from rune.scan.decode.triggers import Suspect, Triggers, version
from rune.scan.detectors import DETECTORS
from rune.scan.detectors.detector import Anchor, Detector
from rune.scan.findings import Findings, Match, character_spans
from rune.scan.lint import widest
from rune.scan.normalize import Reading, is_plain
from rune.scan.patterns import Patterns
from rune.scan.proof import canary, prove
from rune.scan.readings import Readings
from rune.scan.rule import Maturity, Rule, RuleSet
from rune.scan.signatures import load_rules
from rune.types import Category, Finding, Message, Severity, View

ENGINE = "4"
"""Version of how rules are compiled and proved; a change of it makes every start prove them anew."""

BackendName = Literal["auto", "hyperscan", "re2"]
_SUSPECTS = tuple(detector.suspects for detector in DETECTORS)
_ANCHORS = tuple((detector, anchor) for detector in DETECTORS for anchor in detector.anchors)
_ANCHORS_DIGEST = hashlib.sha256(repr([anchor for _, anchor in _ANCHORS]).encode()).hexdigest()


class _Look(NamedTuple):
    """What a text gives at first sight."""

    data: bytes
    candidates: list[tuple[int, int]]
    """Signatures and anchors that may match, and where."""
    suspects: Sequence[Suspect]
    """Decodings that may find something, and where."""

    def after(self, suspects: Callable[[bytes], Sequence[Suspect]]) -> Callable[[bytes], Sequence[Suspect]]:
        """Return `suspects` with its answer for this text known."""
        return lambda flat: self.suspects if flat == self.data else suspects(flat)


class Engine:
    """Finds what the rules describe, and every disguise and encoding it stands behind. Thread-safe, without side effects between scans."""

    def __init__(
        self,
        *,
        rules: RuleSet | None = None,
        limits: ScanLimits = ScanLimits(),  # noqa: B008 - immutable
        backend: BackendName = "auto",
        cache: Path | Literal["user"] | None = "user",
        learned: bool = True,
    ) -> None:
        """Compile the rules and prove them by their examples, or take both from the cache of an earlier start.

        Args:
            rules: What to look for; default: the rules that ship with Rune.
            limits: Bounds of one scan.
            backend: `hyperscan`, `re2`, or the first of them that works here.
            cache: Folder for the compiled rules, `user` for this user's cache folder, None to keep nothing.
            learned: False leaves out the learned detector.

        Raises:
            RuleError: a rule cannot be compiled or does not do what its examples say.
            ConfigurationError: the backend asked for does not work here.
        """
        self._cache = kept.user_folder() if cache == "user" else cache
        ruleset = load_rules(cache=self._cache) if rules is None else rules
        self._rules = ruleset.in_force
        self._digest = ruleset.digest
        self.off = ruleset.off
        """Rules of detectors that are switched off."""
        self._searched = (*self._rules, *(_rule(anchor) for _, anchor in _ANCHORS))
        self._patterns = Patterns(self._rules)
        self._limits = limits
        self._suspects = Triggers(DECODINGS, hyperscan=False).suspects
        self.degraded: tuple[str, ...] = ()
        """What of the engine is out of order, for a human; every verdict without it is marked degraded."""
        self._classifier = self._loaded() if learned else None
        self._backend = self._started(backend)
        self.backend = self._backend.name
        """Name of the backend at work."""
        self.revision = self._digest[:12]
        """Short hash of the rules in force."""

    @cached_property
    def widest(self) -> int:
        """Bytes of the longest text, folded, that one signature can match: what a stream must keep of the text before new words."""
        return widest(RuleSet(self._rules))

    def scan(self, message: Message) -> tuple[Finding, ...]:
        """Return what was found in the message's text, ordered by place; never raises: an error of the engine is itself a finding."""
        try:
            return self._scan(message)
        except Exception as error:  # noqa: BLE001 - whatever failed, the policy decides about a message that was not read to its end
            return (own_rules.INTERNAL.finding(detail=f": {type(error).__name__}"),)

    def _scan(self, message: Message) -> tuple[Finding, ...]:
        """Look at the text once; what that leaves open is read in full, and starts from what the look has seen."""
        look = self._look(message.text)
        if look is not None and not look.candidates and not look.suspects and not any(suspects(look.data) for suspects in _SUSPECTS):
            return self._learned(View(message.text), message)
        return self._read(message, look)

    def _look(self, text: str) -> _Look | None:
        """Return what a text of plain ASCII gives at first sight; None for any other, which has to be folded first."""
        if len(text) > self._limits.text_chars:
            return None
        data = text.encode("utf-8", "surrogatepass")
        return _Look(data, self._backend.candidates(data), self._suspects(data)) if is_plain(data) else None

    def _read(self, message: Message, look: _Look | None) -> tuple[Finding, ...]:
        readings = Readings(message.text, self._limits, self._suspects if look is None else look.after(self._suspects))
        findings: Findings | None = None
        for reading in readings:
            known = look is not None and reading.data == look.data
            candidates = look.candidates if look is not None and known else self._backend.candidates(reading.data)
            matches = self._matches(candidates, reading, message)
            seen = [finding for detector in self._opened(candidates, reading.data) for finding in detector.findings(reading, message)]
            seen = [finding for finding in seen if finding.rule not in self.off] if self.off else seen
            seen += self._learned(reading.view, message)
            if matches or seen:
                findings = findings or Findings(message.text)
                findings.add_matches(reading.view, matches)
                findings.add(seen)
        if findings is None and not readings.reached and not readings.failed:
            return ()
        return self._result(findings or Findings(message.text), readings)

    def _result(self, findings: Findings, readings: Readings) -> tuple[Finding, ...]:
        findings.add(rule.finding() for rule in readings.reached)
        findings.add(own_rules.INTERNAL.finding(detail=f": {', '.join(readings.failed)}") for _ in readings.failed[:1])
        return findings.result(self._limits.findings)

    def _learned(self, view: View, message: Message) -> tuple[Finding, ...]:
        """Return what the learned detector finds in one reading; nothing when it is out of order, as `degraded` says."""
        finding = self._classifier.finding(view, message) if self._classifier else None
        return (finding,) if finding else ()

    def _opened(self, candidates: list[tuple[int, int]], data: bytes) -> Iterator[Detector]:
        """Yield the detectors that may find something in a reading."""
        first = len(self._rules)
        anchored = {_ANCHORS[position - first][0].name for position, _ in candidates if position >= first}
        for detector in DETECTORS:
            if not detector.anchors or detector.name in anchored or detector.suspects(data):
                yield detector

    def _matches(self, candidates: list[tuple[int, int]], reading: Reading, message: Message) -> list[Match]:
        data = reading.data
        matches = []
        for position, end in candidates:
            rule = self._rules[position] if position < len(self._rules) else None
            if rule is not None and rule.applies(message):
                spans = self._patterns[position].spans(data, end)
                if spans:
                    matches.append(Match(rule, character_spans(data, reading.view.text, spans)))
        return matches

    def _loaded(self) -> Classifier | None:
        try:
            return Classifier(load(), self._encoder())
        except ModelError as error:
            self.degraded = (*self.degraded, str(error))
            return None

    def _encoder(self) -> Encoder | None:
        """Return the encoder where the extra `neural` is installed; a damaged one is reported and done without."""
        try:
            return Encoder()
        except ImportError:
            return None
        except ModelError as error:
            self.degraded = (*self.degraded, str(error))
            return None

    def _started(self, wanted: BackendName) -> Backend:
        reasons: list[str] = []
        for name in ("hyperscan", "re2") if wanted == "auto" else (wanted,):
            backend = self._attempt(name, reasons)
            if backend is not None:
                return backend
        raise ConfigurationError(
            f"No signature backend works here (`{'; '.join(reasons)}`); install hyperscan or google-re2 for this platform."
        )

    def _attempt(self, name: str, reasons: list[str]) -> Backend | None:
        """A library may lack a wheel or refuse the processor; a rule that is wrong is wrong for every library."""
        try:
            return self._start(name)
        except RuleError:
            raise
        except Exception as error:  # noqa: BLE001 - a compiled library may raise anything
            reasons.append(f"{name}: {type(error).__name__}: {error}")
            return None

    def _start(self, name: str) -> Backend:
        # The library itself refuses a database made for a processor with other features.
        versions = f"{ENGINE} {name} {library_version(name)} {version(DECODINGS)}"
        key = f"{versions} {sys.platform} {platform.machine()} {self._digest} {_ANCHORS_DIGEST}"
        return self._kept(name, key) or self._fresh(name, key)

    def _kept(self, name: str, key: str) -> Backend | None:
        """Return the backend an earlier start kept, proved then, if it still finds its canaries."""
        payload = kept.read(self._cache, key) if self._cache is not None else None
        if payload is None:
            return None
        try:
            triggers, payload = kept.unpacked(payload)
            self._backend = build(name, self._searched, payload)
            self._suspects = Triggers(DECODINGS, triggers).suspects
        except Exception:  # noqa: BLE001 - of another version or processor, so it is made anew
            return None
        return self._backend if canary(self._rules, self.scan) else None

    def _fresh(self, name: str, key: str) -> Backend:
        """Compile the rules, prove every one, and keep the result for the next start."""
        triggers = Triggers(DECODINGS)
        self._suspects = triggers.suspects
        self._patterns.compile()
        self._backend = build(name, self._searched, b"")
        prove(self._rules, self._patterns, self.scan)
        if self._cache is not None:
            kept.write(self._cache, key, kept.packed([triggers.dump(), self._backend.dump()]))
        return self._backend


def _rule(anchor: Anchor) -> Rule:
    """Return an anchor as the rule that a backend can search for; it never becomes a finding."""
    return Rule(
        id="RUNE-ANCHOR",
        title="",
        category=Category.SECRET,
        severity=Severity.INFO,
        maturity=Maturity.SHADOW,
        since="",
        pattern=anchor.pattern,
        literal=anchor.literals,
        references=(),
        match=(),
        no_match=(),
        remediation="",
        case_sensitive=True,
        file="the anchors of a detector",
    )

"""Known attacks in every disguise of `rune.redteam.mutators`, up to three inside one another, in honest text: which get through?

python -m benchmarks.quality.disguise [--count 50000] [--seed 1] [--only NAME ...] [--gaps FILE]

A payload is a text that the engine finds as it stands, at severity medium or above: the rules' own examples and the attacks of the
development data. It gets through when the whole, disguised and embedded, has no finding of severity medium or above. Honest texts go the
same way, and those count that the default policy withholds although it passes the same text undisguised.

A disguise that loses something on the way (letter case, punctuation) cannot carry a payload that lives by it, not even to a reader. `KEEPS`
says what each one keeps; where the engine finds nothing in what a reader would get back, the pair is left out and counted as left out.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.quality.sources import Sample, samples
from rune import Shield
from rune.redteam.mutators import MUTATORS, Mutator
from rune.scan.engine import Engine
from rune.scan.signatures import load_rules
from rune.types import Category, Finding, Message, Severity

RESULTS = Path(__file__).parents[2] / "results"
PAYLOAD_CHARS = 600
DISGUISED_CHARS = 100_000
"""A longer disguised text is drawn anew: escapes of escapes of escapes grow without end."""
CARRIER_CHARS = (200, 2_000)
DEPTHS = (1, 1, 2, 3)
"""How many disguises stand inside one another, drawn from these."""
NOT_THE_ATTACK = frozenset({Category.OBFUSCATION, Category.LIMITS, Category.INTERNAL_ERROR})
"""What is found about the disguise, not about the payload."""

Reading = Callable[[str], str]


def as_is(text: str) -> str:
    """Everything survives."""
    return text


def without_case(text: str) -> str:
    """Letter case and the width of gaps are lost."""
    return " ".join(text.lower().split())


def words_only(text: str) -> str:
    """Only words survive: punctuation, letter case and the width of gaps are lost."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def letters_only(text: str) -> str:
    """Only words of the letters a to z survive."""
    return " ".join(re.findall(r"[a-z]+", re.sub(r"[^\sa-z]", "", text.lower())))


def letters_without_j(text: str) -> str:
    """Only words of the letters a to z survive, and j is written i."""
    return letters_only(text).replace("j", "i")


_WORDS = ("words-as-slug", "words-as-snake", "words-as-path", "words-as-dotted-name", "words-as-query", "morse-by-slash", "morse-by-bar")
KEEPS: Mapping[str, Reading] = {
    **{mutator.name: as_is if mutator.nests else without_case for mutator in MUTATORS},
    **dict.fromkeys((*_WORDS, "morse-by-spaces", "morse-round"), words_only),
    **dict.fromkeys(("nato", "letter-numbers", "bacon"), letters_only),
    "square-numbers": letters_without_j,
}
"""What a reader gets back at best from each disguise."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A text that is found, or passed, as it stands."""

    message: Message
    source: str
    categories: frozenset[Category] = frozenset()
    """Of its findings of severity medium and above; empty for an honest text."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One payload in its disguise in its carrier."""

    payload: Payload
    chain: tuple[str, ...]
    """Names of the disguises, innermost first."""
    plain: Message
    """What a reader would get back, embedded in the same place."""
    message: Message
    disguised: str


def serious(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings of severity medium and above."""
    return [finding for finding in findings if finding.severity.rank >= Severity.MEDIUM.rank]


def attacks(engine: Engine, rows: Sequence[Sample]) -> list[Payload]:
    """Return what the engine finds undisguised: the rules' own examples, and attacks of the data, each text once."""
    shown = [(f"rule {rule.id}", example.message()) for rule in load_rules().in_force for example in rule.match]
    listed = [(row.source, replace(row.message, text=row.payload or row.text)) for row in rows if row.label and row.group in "AB"]
    found = {}
    for source, message in (*shown, *listed):
        if len(message.text) <= PAYLOAD_CHARS and message.text not in found and _encodable(message.text):
            categories = frozenset(finding.category for finding in serious(engine.scan(message))) - NOT_THE_ATTACK
            if categories:
                found[message.text] = Payload(message, source, categories)
    return list(found.values())


def honest(engine: Engine, rows: Sequence[Sample], least: int, most: int) -> list[Payload]:
    """Return honest texts of `least` to `most` characters, longer ones cut, in which nothing serious is found."""
    found = []
    for row in rows:
        text = row.text[:most]
        message = replace(row.message, text=text)
        if not row.label and len(text) >= least and _encodable(text) and not serious(engine.scan(message)):
            found.append(Payload(message, row.source))
    return found


class Drawing:
    """Draws trials.

    Args:
        payloads: what is disguised.
        carriers: honest texts to embed it in; those of the payload's own channel are taken.
        mutators: the innermost disguise is one of these, in turn.
        seed: of all that is drawn.
    """

    def __init__(self, payloads: Sequence[Payload], carriers: Sequence[Payload], mutators: Sequence[Mutator], seed: int) -> None:
        self._chance = random.Random(seed)
        self._groups: defaultdict[str, list[Payload]] = defaultdict(list)
        for payload in payloads:
            self._groups[payload.source.split()[0]].append(payload)
        self._carriers: defaultdict[str, list[str]] = defaultdict(list)
        for carrier in carriers:
            self._carriers[_place(carrier.message)].append(carrier.message.text)
        self._anywhere = [carrier.message.text for carrier in carriers]
        self._mutators = mutators
        self._outer = [mutator for mutator in MUTATORS if mutator.nests]

    def take(self, count: int) -> Iterator[Trial]:
        """Yield `count` trials."""
        for number in range(count):
            trial = None
            while trial is None:
                trial = self._trial(self._mutators[number % len(self._mutators)])
            yield trial

    def _trial(self, inner: Mutator) -> Trial | None:
        payload = self._chance.choice(self._groups[self._chance.choice(sorted(self._groups))])
        depth = self._chance.choice(DEPTHS)
        chain = (inner, *(self._chance.choice(self._outer) for _ in range(depth - 1)))
        disguised = payload.message.text
        for mutator in chain:
            disguised = mutator.mutate(disguised, self._chance)
            if len(disguised) > DISGUISED_CHARS:
                return None
        carrier = self._chance.choice(self._carriers[_place(payload.message)] or self._anywhere)
        before, after = _halves(carrier, self._chance)
        gap = "\n\n" if "\n" in disguised else self._chance.choice((" ", "\n", "\n\n"))
        plain = KEEPS[inner.name](payload.message.text)
        return Trial(
            payload,
            tuple(mutator.name for mutator in chain),
            replace(payload.message, text=f"{before}{gap}{plain}{gap}{after}"),
            replace(payload.message, text=f"{before}{gap}{disguised}{gap}{after}"),
            disguised,
        )


@dataclass(slots=True)
class Tally:
    """What became of the trials of one disguise, or of one depth."""

    trials: int = 0
    through: int = 0
    """No finding of severity medium or above."""
    other: int = 0
    """Found, but not as what the payload is."""
    left_out: int = 0
    """What the disguise loses was what made the payload an attack; not among the trials."""

    def report(self) -> dict[str, int]:
        """Return the counts by name."""
        return {"trials": self.trials, "through": self.through, "other_category": self.other, "left_out": self.left_out}


def disguised_attacks(engine: Engine, drawing: Drawing, count: int, gaps: list[dict[str, Any]]) -> dict[str, Any]:
    """Scan disguised attacks and return the counts by disguise and by depth; add an example of each that got through to `gaps`."""
    mutators: defaultdict[str, Tally] = defaultdict(Tally)
    chains: defaultdict[str, Tally] = defaultdict(Tally)
    total = Tally()
    for trial in drawing.take(count):
        tallies = (mutators[trial.chain[0]], chains[str(len(trial.chain))], total)
        found = serious(engine.scan(trial.message))
        categories = {finding.category for finding in found}
        if not categories & trial.payload.categories and not serious(engine.scan(trial.plain)):
            for tally in tallies:
                tally.left_out += 1
            continue
        for tally in tallies:
            tally.trials += 1
            tally.through += not found
            tally.other += bool(found) and not categories & trial.payload.categories
        if not found:
            gaps.append(_gap(trial, "attack gets through"))
    return {
        **total.report(),
        "by_depth": {depth: chains[depth].report() for depth in sorted(chains)},
        "by_disguise": {name: mutators[name].report() for name in sorted(mutators, key=lambda name: -mutators[name].through)},
    }


def disguised_honest(drawing: Drawing, count: int, gaps: list[dict[str, Any]]) -> dict[str, Any]:
    """Decide about honest texts in disguise under the default policy; return how many it withholds that it passes undisguised."""
    pipeline = Shield(transcript=False, policy="balanced").pipeline
    seen: Counter[str] = Counter()
    blocked: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    for trial in drawing.take(count):
        name = trial.chain[0]
        seen[name] += 1
        verdict = pipeline.process(trial.message, delivered=False)
        if verdict.blocked and not pipeline.process(trial.plain, delivered=False).blocked:
            blocked[name] += 1
            rules[verdict.reason] += 1
            gaps.append(_gap(trial, f"honest text withheld by {verdict.reason}"))
    percent = round(100 * blocked.total() / max(seen.total(), 1), 3)
    return {
        "trials": seen.total(),
        "newly_blocked": blocked.total(),
        "newly_blocked_percent": percent,
        "by_disguise": {name: {"trials": seen[name], "newly_blocked": number} for name, number in blocked.most_common()},
        "by_rule": dict(rules.most_common()),
    }


def measure(
    count: int, seed: int, mutators: Sequence[Mutator], gaps: list[dict[str, Any]], say: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Return the counts for `count` disguised attacks and half as many honest texts."""
    engine = Engine()
    rows = samples(300)
    say("finding payloads")
    carriers = honest(engine, rows, *CARRIER_CHARS)
    payloads = attacks(engine, rows)
    texts = honest(engine, rows, 20, PAYLOAD_CHARS)
    say(f"{len(payloads)} payloads, {len(carriers)} carriers, {len(texts)} honest texts")
    attacked = disguised_attacks(engine, Drawing(payloads, carriers, mutators, seed), count, gaps)
    say("honest texts")
    passed = disguised_honest(Drawing(texts, carriers, mutators, seed + 1), count // 2, gaps)
    return {"seed": seed, "disguises": len(mutators), "payloads": len(payloads), "attacks": attacked, "honest": passed}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a summary and write results/disguise.json."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.disguise", description="Scan known attacks in disguise.")
    parser.add_argument("--count", type=int, default=2_000, help="disguised attacks (default: %(default)s; at full size 50,000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="innermost disguises to take; default: all")
    parser.add_argument("--gaps", type=Path, help="file to write what got through to, one JSON object a line")
    chosen = parser.parse_args(arguments)
    mutators = [mutator for mutator in MUTATORS if not chosen.only or mutator.name in chosen.only]
    if not mutators:
        parser.error(f"no disguise is called `{' '.join(chosen.only)}`; the names are in rune.redteam.mutators.MUTATORS")
    console = Console(stderr=True)
    gaps: list[dict[str, Any]] = []
    with console.status("reading the data") as status:
        report = measure(chosen.count, chosen.seed, mutators, gaps, status.update)
    if chosen.gaps:
        chosen.gaps.write_text("".join(json.dumps(gap, ensure_ascii=True) + "\n" for gap in gaps), encoding="utf-8")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "disguise.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(summary(report))
    return 0


def summary(report: Mapping[str, Any]) -> str:
    """Return the totals, and the disguises that anything got through, as lines."""
    attacked, passed = report["attacks"], report["honest"]
    counts = (
        f"{attacked['trials']} disguised",
        f"{attacked['through']} get through",
        f"{attacked['other_category']} found as something else",
    )
    newly = f"{passed['newly_blocked']} newly withheld ({passed['newly_blocked_percent']} %)"
    lines = [f"attacks: {', '.join(counts)}, {attacked['left_out']} left out", f"honest texts: {passed['trials']} disguised, {newly}"]
    lines += [f"  depth {depth}: {found['through']} of {found['trials']}" for depth, found in attacked["by_depth"].items()]
    lines += [f"  {name}: {found['through']} of {found['trials']}" for name, found in attacked["by_disguise"].items() if found["through"]]
    lines += [f"  withheld, {name}: {found['newly_blocked']} of {found['trials']}" for name, found in passed["by_disguise"].items()]
    return "\n".join(lines)


def _gap(trial: Trial, what: str) -> dict[str, Any]:
    return {
        "what": what,
        "chain": trial.chain,
        "payload": trial.payload.message.text,
        "source": trial.payload.source,
        "place": _place(trial.payload.message),
        "disguised": trial.disguised[:2_000],
    }


def _place(message: Message) -> str:
    return f"{message.kind} {message.direction}"


def _halves(carrier: str, chance: random.Random) -> tuple[str, str]:
    """Cut a carrier at a gap between two words, or at one of its ends."""
    gaps = [0, len(carrier), *(found.start() for found in re.finditer(r"\s", carrier))]
    place = chance.choice(gaps)
    return carrier[:place], carrier[place:]


def _encodable(text: str) -> bool:
    return not re.search(r"[\ud800-\udfff]", text)


if __name__ == "__main__":
    sys.exit(main())

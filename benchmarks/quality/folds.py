"""Which rows are learned from and which are measured: a source, or a family of our own hijacks, is left out whole.

In each fold a third of the honest sources is left out as well, so that thresholds and false positives come from text that nothing was
learned from. Rows of use `tune` are never learned from, and neither is what shares shingles with anything left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.quality.duplicates import without_duplicates
from benchmarks.quality.sources import Sample

HONEST_THIRDS: tuple[frozenset[str], ...] = (
    frozenset({"autogen_notebooks_0.2", "own_insitu", "autogen_docs_0.2", "owasp_llm_top10", "awesome-chatgpt-prompts"}),
    frozenset({"oasst", "oasst_docs", "nemo_docs", "injecagent", "jackhhao", "fastchat_dummy", "spikee"}),
    frozenset({"agentdojo", "asb", "bipia", "tldr_docs", "llm_guard_docs", "deepset", "gpteacher_roleplay"}),
)
"""Every third has honest text of each channel."""
FAMILIES_OF = "own_insitu"
"""The source whose families are also left out one by one."""


@dataclass(frozen=True, slots=True)
class Fold:
    """One split; the numbers are positions in the list of samples."""

    name: str
    attacks: tuple[int, ...]
    """The attacks left out: what recall is measured on."""
    honest: tuple[int, ...]
    """The honest rows left out: what thresholds and false positives come from."""

    @property
    def whole(self) -> bool:
        """Whether everything is left out, because nothing is learned."""
        return self.name == "all"

    @property
    def family(self) -> bool:
        """Whether a family is left out, not a whole source."""
        return "/" in self.name

    @property
    def scored(self) -> tuple[int, ...]:
        """Everything that has to be scored."""
        return (*self.attacks, *self.honest)


def fixed(samples: Sequence[Sample]) -> list[Fold]:
    """Return the one fold of a scorer that learns nothing: everything is left out."""
    attacks = tuple(i for i, each in enumerate(samples) if each.label)
    honest = tuple(i for i, each in enumerate(samples) if not each.label)
    return [Fold("all", attacks, honest)]


def folds(samples: Sequence[Sample]) -> Iterator[Fold]:
    """Yield the folds of a scorer that learns: one a source with attacks of group A or B, one a family of `FAMILIES_OF`."""
    attacked = sorted({each.leaves_out for each in samples if each.group in ("A", "B")})
    for number, source in enumerate(attacked):
        left_out = {i for i, each in enumerate(samples) if each.leaves_out == source}
        yield _fold(source, samples, left_out, number)
    families = sorted({each.family for each in samples if each.source == FAMILIES_OF})
    for family in families:
        pairs = {each.pair for each in samples if each.source == FAMILIES_OF and each.family == family}
        left_out = {i for i, each in enumerate(samples) if each.leaves_out == FAMILIES_OF and each.pair in pairs}
        yield _fold(f"{FAMILIES_OF}/{family}", samples, left_out, 1)


def _fold(name: str, samples: Sequence[Sample], left_out: set[int], number: int) -> Fold:
    third = HONEST_THIRDS[number % len(HONEST_THIRDS)]
    honest = tuple(
        i for i, each in enumerate(samples) if not each.label and (i in left_out or each.leaves_out in third or each.use == "tune")
    )
    attacks = tuple(sorted(i for i in left_out if samples[i].label))
    return Fold(name, attacks, honest)


def training(fold: Fold, samples: Sequence[Sample]) -> list[Sample]:
    """Return what a fold lets a detector learn from: attacks of groups A and B and honest text, nothing near what is left out."""
    held = frozenset(fold.scored)
    usable = (i for i, each in enumerate(samples) if i not in held and each.use == "train" and each.group in ("A", "B", "benign"))
    kept = without_duplicates(usable, sorted(held), lambda i: samples[i].parts)
    return [samples[i] for i in kept]

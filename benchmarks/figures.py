"""The promised figures as data: where each stands in the report, its target and its unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BEGIN, END = "<!-- figures -->", "<!-- /figures -->"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure as it is printed."""

    name: str
    target: str
    measured: str
    mark: str
    command: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One promise: `path` leads to the measured value in the report; it must not exceed `bound`, or must reach it where `least` is set."""

    name: str
    path: str
    bound: float
    unit: str
    least: bool = False

    @property
    def part(self) -> str:
        """The benchmark that measures it."""
        return self.path.split("/")[0]

    def row(self, report: dict[str, Any]) -> Row:
        """Read the figure out of a report."""
        value: Any = report
        for key in self.path.split("/"):
            value = value.get(key) if isinstance(value, dict) else None
        target = f"{'≥' if self.least else '≤'} {self.bound:g} {self.unit}".strip()
        if value is None:
            return Row(self.name, target, "not measured here", "?", self.command)
        kept = value >= self.bound if self.least else value <= self.bound
        return Row(self.name, target, f"{value:g} {self.unit}".strip(), "ok" if kept else "missed", self.command)

    @property
    def command(self) -> str:
        """The command that measures it."""
        return f"python -m benchmarks {self.part}"


FIGURES = (
    Figure("added to a delivered 1 KB message in a group chat, p50", "chat/added/p50_us", 300, "µs"),
    Figure("added to a delivered 1 KB message in a group chat, p99", "chat/added/p99_us", 2_000, "µs"),
    Figure("`scan` of unseen text, 100 B, p50", "shield/sizes/100 B/p50_us", 20, "µs"),
    Figure("`scan` of unseen text, 1 KB, p50", "shield/sizes/1 KB/p50_us", 50, "µs"),
    Figure("`scan` of unseen text, 10 KB, p50", "shield/sizes/10 KB/p50_us", 400, "µs"),
    Figure("`scan` of unseen text, 100 KB, p50", "shield/sizes/100 KB/p50_us", 4_000, "µs"),
    Figure("`scan` of unseen agent messages, every second with fenced code, 1 KB, p50", "shield/with_code/1 KB/p50_us", 300, "µs"),
    Figure("time of 2n against n, 1 KB to 1 MB, worst step", "shield/growth/worst_ratio", 2.3, "×"),
    Figure("time of 2n against n, hostile shapes, worst", "scan/hostile/worst_ratio", 2.3, "×"),
    Figure("`import rune`", "footprint/import_ms", 100, "ms"),
    Figure("base install", "footprint/install_mb", 40, "MB"),
    Figure("resident memory after import", "footprint/rss_after_import_mb", 60, "MB"),
    Figure("honest messages withheld, AutoGen notebooks", "honest/sources/autogen_notebooks_0.2/withheld_percent", 0.3, "%"),
    Figure("honest messages withheld, MAST AG2", "honest/sources/mast_ag2/withheld_percent", 0.3, "%"),
    Figure("honest messages withheld, MAST HyperAgent", "honest/sources/mast_hyperagent/withheld_percent", 0.3, "%"),
    Figure("injection and hijacking from left-out sources found, mean of sources", "quality/injection", 60, "%", least=True),
    Figure("– explicit orders inside documents and tool results", "quality/explicit", 95, "%", least=True),
    Figure("– hijacks among agents, families left out, right on the clean carrier too", "quality/hijack_pairs", 70, "%", least=True),
    Figure("– in other languages", "quality/other_languages", 55, "%", least=True),
    Figure("jailbreak templates from left-out sources found", "quality/jailbreak_templates", 98, "%", least=True),
    Figure("optimized and persuasive jailbreaks from left-out sources found", "quality/jailbreak_optimized", 60, "%", least=True),
    Figure("honest agent messages withheld, worst source", "quality/withheld_agent_messages", 0.3, "%"),
    Figure("honest documents and e-mails withheld, worst source", "quality/withheld_documents", 0.5, "%"),
    Figure("security talk, personas and trigger words withheld, worst source", "quality/withheld_hard_negatives", 1.5, "%"),
    Figure("calibration error of the risk on left-out sources", "quality/calibration_error", 0.05, ""),
)


def page_table(page: str, rows: list[Row]) -> str:
    """Return `page` with these rows put into the table between its markers; what was not measured keeps the row it has."""
    before, _, rest = page.partition(BEGIN)
    table, _, after = rest.partition(END)
    written = {line.split(" | ")[0].removeprefix("| "): line for line in table.splitlines() if line.startswith("| ")}
    written |= {row.name: f"| {row.name} | {row.target} | {row.measured} | {row.mark} | `{row.command}` |" for row in rows}
    lines = ["| figure | target | today | | command |", "|---|---|---|---|---|"]
    lines += [written[figure.name] for figure in FIGURES if figure.name in written]
    return f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}"

"""What several commands take, so that it is called the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rune.types import Direction, Kind, Trust

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
PolicyName = Annotated[str, typer.Option("--policy", metavar="POLICY", help="observe, balanced, strict, or a policy file.")]
MessageKind = Annotated[Kind, typer.Option("--kind", help="What the text is to the agent that reads it.")]
Border = Annotated[Direction, typer.Option("--direction", help="Which border the text crosses.")]
Sender = Annotated[str, typer.Option("--sender", metavar="NAME", help="Name of the agent or tool it comes from.")]
Recipient = Annotated[str, typer.Option("--recipient", metavar="NAME", help="Name of the agent that would read it.")]
Origins = Annotated[
    list[str] | None,
    typer.Option("--origin", metavar="ORIGIN", help="Where it came from: user, web, file, memory, tool:NAME, agent:NAME; repeatable."),
]
SenderTrust = Annotated[Trust, typer.Option("--trust", help="How far its sender is trusted.")]
TranscriptFile = Annotated[
    Path | None, typer.Option("--file", metavar="FILE", help="The transcript; default: RUNE_TRANSCRIPT, else the usual place.")
]


def group(text: str) -> typer.Typer:
    """Return a group of commands that says what it holds when no command is named."""
    new = typer.Typer(help=text)

    @new.callback(invoke_without_command=True, help=text)
    def tell(ctx: typer.Context) -> None:
        if ctx.invoked_subcommand is None:
            typer.echo(ctx.get_help())

    return new

"""What an agent may do: the languages it may run and the tools it may call."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rune.conversation.naming import agent as named
from rune.conversation.naming import shown
from rune.policy.model import Agent
from rune.types import Category, Finding, Kind, Message, Severity

NOT_PERMITTED = "RUNE-FLOW-002"
PERMISSION = re.compile(r"(?:\*|(?:code|tool)(?:\.(?:\*|[^\s*]+\*?))?)\Z")
"""`code.python`, `tool.fetch`, `tool.web_*`, `code.*`, `code`, `*`."""

_LANGUAGES: Mapping[str, str] = {
    "py": "python", "python3": "python", "ipython": "python",
    "sh": "shell", "bash": "shell", "zsh": "shell", "console": "shell",
    "js": "javascript", "node": "javascript",
    "ps1": "powershell", "pwsh": "powershell",
}  # fmt: skip


def refused(message: Message, agents: Mapping[str, Agent]) -> Finding | None:
    """Return a finding when the sender of code or a tool call may not do that, else None."""
    if message.kind not in (Kind.CODE, Kind.TOOL_CALL):
        return None
    agent = agents.get(message.sender)
    act = _act(message)
    if agent is None or agent.may is None or any(permits(permission, act) for permission in agent.may):
        return None
    return Finding(
        rule=NOT_PERMITTED,
        category=Category.FLOW,
        severity=Severity.HIGH,
        summary=f"{named(message.sender)} may not do `{shown(act)}`",
        remediation="If this is meant, add it to `may` of the agent in the policy.",
        references=("OWASP-ASI03",),
    )


def permits(permission: str, act: str) -> bool:
    """Return whether a permission covers an act; `code` covers every `code.LANGUAGE`."""
    if permission.endswith("*"):
        return act.startswith(permission[:-1])
    return act == permission or (permission in ("code", "tool") and act.startswith(f"{permission}."))


def _act(message: Message) -> str:
    if message.kind is Kind.TOOL_CALL:
        return f"tool.{message.metadata.get('tool') or 'unknown'}"
    language = str(message.metadata.get("language") or "unknown").lower()
    return f"code.{_LANGUAGES.get(language, language)}"

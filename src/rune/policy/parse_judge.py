"""From the part `judge:` of a policy file to its settings."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from rune.policy import fields
from rune.policy.judge import ATTRIBUTES, JudgeSettings
from rune.policy.problems import Problems, quoted
from rune.policy.source import Node, Table
from rune.scan.channel import Channel
from rune.types import Action, Category, Kind

MODES = ("sync", "async")
LOWER = ("review", "never")
RETRACT = ("end", "record")
ACTIONS = (Action.FLAG, Action.REVIEW, Action.BLOCK)
URL_CHARS = 500
BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "from": (0, 1),
    "to": (0, 1),
    "timeout": (0.1, 120),
    "text_chars": (200, 100_000),
    "calls_per_minute": (1, 10_000),
    "tokens_per_minute": (500, 100_000_000),
    "conversation_calls": (1, 100_000),
    "conversation_tokens": (500, 1_000_000_000),
}
"""The least and the greatest value of every number."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,119}")
_FRACTIONS = ("from", "to", "timeout")


def judge(node: Node, problems: Problems) -> JudgeSettings | None:
    """Read `judge:`; None when something is wrong with it, which is noted."""
    entries = fields.table(node, "`judge`", ATTRIBUTES, problems)
    given = {ATTRIBUTES[key]: _READERS[key](value, key, problems) for key, (_, value) in entries.items()}
    for key in ("url", "model"):
        if key not in entries and isinstance(node, Table):
            problems.add(node.place, f"`judge` has no `{key}`; name the endpoint and the model, such as `url: http://127.0.0.1:11434/v1`")
    values = {name: value for name, value in given.items() if value is not None}
    if not values.get("url") or not values.get("model"):
        return None
    settings = JudgeSettings(**values)
    if settings.low > settings.high:
        problems.add(node.place, f"`judge` asks from {settings.low} to {settings.high}, which is nothing; swap `from` and `to`")
    return settings


def _url(node: Node, key: str, problems: Problems) -> str | None:
    url = fields.text(node, f"`{key}`", problems, limit=URL_CHARS)
    if url is None:
        return None
    wrong = _wrong_with(url)
    if wrong:
        problems.add(node.place, f"`{key}` {quoted(url.rpartition('@')[2])} {wrong}")
        return None
    return url.rstrip("/")


def _wrong_with(url: str) -> str:
    """Return what keeps an address from being used; empty when nothing does."""
    parts = _parts(url)
    if parts is None:
        return "is no address; write `https://HOST/v1`"
    wrongs = {
        "holds a user or a key; put the key into an environment variable and name it under `key_env`": "@" in parts.netloc,
        "has a query or a fragment; the base address ends with its path, such as `/v1`": bool(parts.query or parts.fragment),
        "would send messages in clear over a network; use `https`": parts.scheme == "http" and not _is_near(parts),
    }
    return next((wrong for wrong, holds in wrongs.items() if holds), "")


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if usable and url.isascii() and " " not in url else None


def _is_near(parts: SplitResult) -> bool:
    """Return whether a host is this machine or one of a private network."""
    host = parts.hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".localhost"))
    return address.is_loopback or address.is_private


def _text(node: Node, key: str, problems: Problems) -> str | None:
    return fields.text(node, f"`{key}`", problems)


def _variable(node: Node, key: str, problems: Problems) -> str | None:
    name = fields.text(node, f"`{key}`", problems)
    if name is None or _VARIABLE.fullmatch(name):
        return name
    # The value may be a key that somebody wrote here by mistake: it is not repeated.
    problems.add(node.place, f"`{key}` is no name of an environment variable; name the variable, not the key that it holds")
    return None


def _number(node: Node, key: str, problems: Problems) -> float | int | None:
    return fields.number(node, f"`{key}`", BOUNDS[key], problems, whole=key not in _FRACTIONS)


def _action(node: Node, key: str, problems: Problems) -> Action | None:
    chosen = fields.choice(node, [action.value for action in ACTIONS], f"action for `{key}`", problems, "`judge`")
    return Action(chosen) if chosen else None


def _one_of(*words: str) -> Callable[[Node, str, Problems], str | None]:
    return lambda node, key, problems: fields.choice(node, words, key, problems, "`judge`")


_READERS: Mapping[str, Callable[[Node, str, Problems], Any]] = {
    "url": _url,
    "model": _text,
    "key_env": _variable,
    "mode": _one_of(*MODES),
    "category": lambda node, key, problems: fields.words(node, Category, key, problems),
    "kind": lambda node, key, problems: fields.words(node, Kind, key, problems),
    "channel": lambda node, key, problems: fields.words(node, Channel, key, problems),
    "raise": _action,
    "lower": _one_of(*LOWER),
    "no_answer": _action,
    "retract": _one_of(*RETRACT),
    **dict.fromkeys(BOUNDS, _number),
}

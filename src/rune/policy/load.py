"""Where policies come from: shipped presets, files, mappings."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from rune.errors import PolicyError
from rune.policy.draft import Draft
from rune.policy.model import Policy
from rune.policy.parse import parse
from rune.policy.problems import closest, printable, quoted
from rune.policy.source import SOURCE_BYTES, from_mapping, from_yaml

PRESETS: Final = ("observe", "balanced", "strict")
DEFAULT: Final = "balanced"
PATH_CHARS: Final = 500
EXTENDED: Final = 8
"""Policies that may extend one another in a row."""


def load_policy(source: str | Path | Policy | Mapping[str, Any] | None = None) -> Policy:
    """Return a policy.

    Args:
        source: name of a preset (`observe`, `balanced`, `strict`), path of a YAML file, a mapping with the same keys, or a policy, which
            is returned as it is. Default: `balanced`.

    Raises:
        PolicyError: the policy cannot be read or makes no sense; one line a problem, each beginning with `FILE:LINE:`.
    """
    if source is None:
        return _preset(DEFAULT)
    if isinstance(source, Policy):
        return source
    if isinstance(source, Mapping):
        draft = parse(from_mapping(source))
        return _laid_over_base(draft, Path(), ()).policy("custom")
    if isinstance(source, str | Path):
        return _preset(source) if isinstance(source, str) and source in PRESETS else _file(Path(source), str(source))
    raise PolicyError(f"policy: {quoted(type(source).__name__)} is no policy; pass a preset ({', '.join(PRESETS)}), a path or a mapping.")


def parse_policy(text: str, name: str = "policy.yaml") -> Policy:
    """Return the policy that a YAML text holds; `name` is what errors call it. What it extends is looked for from the working directory.

    Raises:
        PolicyError: as `load_policy`.
    """
    draft = parse(from_yaml(text.encode("utf-8", "replace"), name))
    return _laid_over_base(draft, Path(), ()).policy("custom")


@lru_cache(maxsize=len(PRESETS))
def _preset(name: str) -> Policy:
    return _preset_draft(name).policy(name)


def _preset_draft(name: str) -> Draft:
    file = Path(__file__).with_name("presets") / f"{name}.yaml"
    return _laid_over_base(parse(from_yaml(file.read_bytes(), file.name)), Path(), ())


def _file(path: Path, name: str) -> Policy:
    shown = printable(name or ".", PATH_CHARS)
    return _file_draft(path, shown, (), f"{shown}:1").policy(path.stem)


def _file_draft(path: Path, name: str, chain: tuple[Path, ...], asked_at: str) -> Draft:
    """Return the draft in a file; `asked_at` is how an error begins when the file cannot be read."""
    draft = parse(from_yaml(_read(path, asked_at), name))
    draft = replace(draft, rule_packs=tuple(str(path.parent / pack) for pack in draft.rule_packs))
    return _laid_over_base(draft, path.parent, (*chain, path.resolve()))


def _laid_over_base(draft: Draft, folder: Path, chain: tuple[Path, ...]) -> Draft:
    """Return a draft with everything it extends below it; `chain` are the files on the way to it."""
    if draft.extends is None:
        return draft
    place, base = draft.extends.place, draft.extends.text
    if base in PRESETS:
        return draft.over(_preset_draft(base))
    if Path(base).is_absolute():
        raise PolicyError(f"{place}: `extends` is {quoted(base)}; use a preset ({', '.join(PRESETS)}) or a path relative to this file.")
    if _resolved(folder / base, place) in chain:
        raise PolicyError(f"{place}: {quoted(base)} extends this policy, and this policy extends it; remove one `extends`.")
    if len(chain) >= EXTENDED:
        raise PolicyError(f"{place}: more than {EXTENDED} policies extend one another; merge some of them.")
    return draft.over(_file_draft(folder / base, printable(folder / base, PATH_CHARS), chain, f"{place}: `extends` is {quoted(base)}"))


def _resolved(path: Path, place: str) -> Path:
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise PolicyError(f"{place}: {quoted(str(path))} cannot be read ({type(error).__name__}); check the path.") from None


def _read(path: Path, asked_at: str) -> bytes:
    try:
        if stat.S_ISREG(path.stat().st_mode):
            with path.open("rb") as file:
                return file.read(SOURCE_BYTES + 1)
        what = "a directory" if path.is_dir() else "a device, pipe or socket"
    except FileNotFoundError:
        close = closest(path.name, PRESETS)
        hint = f"did you mean `{close}`? Presets" if close else "presets"
        raise PolicyError(f"{asked_at}: no such file, and no such preset; {hint} are {', '.join(PRESETS)}.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise PolicyError(f"{asked_at}: cannot be read: {reason}; check the path and its permissions.") from None
    raise PolicyError(f"{asked_at}: {what}, not a file; pass the path of a YAML file.")

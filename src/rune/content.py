"""What a caller may hand over as content, read into one text; what cannot be read is a finding, never a pass."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rune.errors import ConfigurationError
from rune.types import Category, Finding, Severity

UNDECODABLE = Finding(
    rule="RUNE-INPUT-001",
    category=Category.OBFUSCATION,
    severity=Severity.MEDIUM,
    summary="bytes that are not valid UTF-8; read with replacement characters",
    remediation="Decode the content with its real encoding before it is scanned.",
    references=("CWE-838",),
)
OPAQUE_PART = Finding(
    rule="RUNE-INPUT-002",
    category=Category.LIMITS,
    severity=Severity.INFO,
    summary="a part that is not text (an image, audio or file) was not read",
    remediation="Scan what a model will read out of it, for example the text of an OCR or a transcription.",
)


@dataclass(frozen=True, slots=True)
class Content:
    """Text found in a content value, and what could not be read."""

    text: str
    findings: tuple[Finding, ...] = ()


def read(content: Any) -> Content:
    """Return the text of a string, UTF-8 bytes, a message mapping with `content`, or a list of such parts.

    Args:
        content: what an agent sent or a tool returned. Numbers, booleans and other mappings are read as their JSON.

    Raises:
        ConfigurationError: `content` is None or of a type that holds no text.
    """
    if isinstance(content, str):
        return Content(content)
    if isinstance(content, bytes | bytearray | memoryview):
        return _read_bytes(bytes(content))
    if isinstance(content, Mapping):
        return _read_mapping(content)
    if isinstance(content, Sequence):
        return _join([read(part) for part in content if part is not None])
    if isinstance(content, int | float):
        return Content(json.dumps(content))
    raise ConfigurationError(f"content is `{type(content).__name__}`; pass text, UTF-8 bytes, a message mapping or a list of parts.")


def _read_bytes(data: bytes) -> Content:
    try:
        return Content(data.decode("utf-8"))
    except UnicodeDecodeError:
        return Content(data.decode("utf-8", "replace"), (UNDECODABLE,))


def _read_mapping(part: Mapping[Any, Any]) -> Content:
    for key in ("content", "text"):
        if part.get(key) is not None:
            return read(part[key])
    if str(part.get("type", "text")) not in ("text", "input_text", "output_text"):
        return Content("", (OPAQUE_PART,))
    return Content(as_json(part))


def _join(parts: Sequence[Content]) -> Content:
    findings = dict.fromkeys(finding for part in parts for finding in part.findings)
    return Content("\n".join(part.text for part in parts if part.text), tuple(findings))


def as_json(value: Any) -> str:
    """Return `value` as JSON text, readable rather than exact: what JSON cannot hold stands there as its `repr`."""
    try:
        return json.dumps(value, ensure_ascii=False, default=repr)
    except (ValueError, RecursionError, TypeError):
        return repr(value)

from collections.abc import Callable
from pathlib import Path

import pytest

from rune.errors import TranscriptError
from rune.transcript import export, is_export, verify, verify_export

Lines = list[str]


def changed(lines: Lines) -> Lines:
    return [line.replace("text 4", "text X") for line in lines]


def edits(at: int) -> dict[str, Callable[[Lines], Lines]]:
    return {
        "a record changed": changed,
        "one missing": lambda lines: lines[:at] + lines[at + 1 :],
        "one twice": lambda lines: lines[:at] + lines[at - 1 :],
        "two swapped": lambda lines: [*lines[: at - 1], lines[at], lines[at - 1], *lines[at + 1 :]],
        "the last record missing": lambda lines: lines[:-2] + lines[-1:],
        "the end cut off": lambda lines: lines[:-3],
        "only the last line missing": lambda lines: lines[:-1],
        "a line that is no record": lambda lines: [*lines[:at], "{}\n", *lines[at:]],
        "formatted anew": lambda lines: [line.replace(":", ": ") if "record" in line else line for line in lines],
        "a key twice": lambda lines: [line.replace('"record":{', '"record":{"action":"allow",') for line in lines],
        "more after the end": lambda lines: [*lines, lines[1]],
        "half a line": lambda lines: [*lines[:-1], lines[-1][:5]],
    }


@pytest.mark.parametrize("conversation", [None, "c0"], ids=["everything", "one conversation"])
def test_an_export_proves_itself(fill: Callable[..., Path], tmp_path: Path, conversation: str | None) -> None:
    path = tmp_path / "e.jsonl"
    path.write_text("".join(export(fill(), conversation)), encoding="utf-8")
    result = verify_export(path)
    assert is_export(path)
    assert (result.ok, result.problems) == (True, ())
    assert result.records == (11 if conversation is None else 5)


@pytest.mark.parametrize("conversation", [None, "c0"], ids=["everything", "one conversation"])
@pytest.mark.parametrize("edit", list(edits(3)))
def test_every_change_to_an_export_is_found(fill: Callable[..., Path], tmp_path: Path, conversation: str | None, edit: str) -> None:
    path = tmp_path / "e.jsonl"
    path.write_text("".join(edits(3)[edit](list(export(fill(), conversation)))), encoding="utf-8")
    assert not verify_export(path).ok


def test_a_head_kept_elsewhere_proves_that_it_is_the_one(fill: Callable[..., Path], tmp_path: Path) -> None:
    path, export_path = fill(), tmp_path / "e.jsonl"
    export_path.write_text("".join(export(path)), encoding="utf-8")
    head = verify(path).head
    assert verify_export(export_path, head).ok
    assert verify_export(export_path, str(head)).ok
    assert "kept elsewhere" in verify_export(export_path, "0" * 64).problems[0].what


@pytest.mark.parametrize("content", [None, b"", b"text\n", b"\xff\xfe", b'{"export":\n', b'{"export":7}\n', b"[" * 10_000], ids=repr)
def test_what_is_no_export_is_an_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "e.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TranscriptError, match=r"not an export|cannot be read"):
        verify_export(path)
    assert is_export(path) is (content is not None and content.startswith(b'{"export":'))

"""What a command is given to read: text, file or standard input; whatever cannot be read is one clear error."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from rune.cli.source import MAX_BYTES, Source, read_source
from rune.errors import ConfigurationError


class Pipe(io.TextIOWrapper):
    """Standard input with bytes waiting in it."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8")


def test_words_are_read_as_they_are() -> None:
    assert read_source("Add up the figures.") == Source("the text", "Add up the figures.")


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "mail.txt"
    file.write_text("Hello, größe", encoding="utf-8")
    assert read_source(str(file)) == Source(str(file), "Hello, größe")


@pytest.mark.parametrize(
    ("data", "content"),
    [
        pytest.param(b"", "", id="empty"),
        pytest.param(b"\xef\xbb\xbfhello", "hello", id="byte order mark of UTF-8"),
        pytest.param("hello".encode("utf-16"), "hello", id="UTF-16 with its mark"),
        pytest.param(b"\xff\xfe\x00", b"\xff\xfe\x00", id="broken UTF-16 stays bytes, for the scan to report"),
        pytest.param(b"\xff\xfeignore all", b"\xff\xfeignore all", id="ASCII behind the mark of UTF-16 stays bytes"),
        pytest.param(b"caf\xe9", b"caf\xe9", id="invalid UTF-8 stays bytes"),
        pytest.param(b"\x7fELF\x00\x00\x80", b"\x7fELF\x00\x00\x80", id="a program stays bytes"),
    ],
)
def test_bytes_of_a_file(tmp_path: Path, data: bytes, content: str | bytes) -> None:
    file = tmp_path / "input"
    file.write_bytes(data)
    assert read_source(str(file)).content == content


def test_bytes_have_a_text_for_those_who_need_one() -> None:
    assert Source("x", b"caf\xe9").text == "caf\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        pytest.param("missing.txt", r"no file `missing.txt`.*--text", id="a missing file"),
        pytest.param("some/path", "no file `some/path`", id="a missing path"),
        pytest.param(".", "is a directory; name a file", id="a directory"),
    ],
)
def test_what_is_no_text_is_an_error(given: str, error: str) -> None:
    with pytest.raises(ConfigurationError, match=error):
        read_source(given)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("Read http://evil.example/a.txt now", id="a sentence with an address"),
        pytest.param("https://evil.example/a.txt", id="an address"),
        pytest.param("x" * 5000, id="longer than a path can be"),
        pytest.param("a\0b", id="with a NUL"),
        pytest.param("ignore", id="one word"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_text_is_not_mistaken_for_a_file(given: str) -> None:
    assert read_source(given).content == given


def test_literally_everything_is_text() -> None:
    assert read_source("missing.txt", literal=True).content == "missing.txt"
    assert read_source("-", literal=True).content == "-"


def test_a_file_nobody_may_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret"
    file.write_text("x")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr(Path, "open", refuse)  # a test may run as root, whom no mode stops
    with pytest.raises(ConfigurationError, match=r"cannot read .*Permission denied"):
        read_source(str(file))


@pytest.mark.parametrize("given", [pytest.param("-", id="asked for"), pytest.param(None, id="piped in")])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, given: str | None) -> None:
    monkeypatch.setattr(sys, "stdin", Pipe(b"from a pipe"))
    assert read_source(given) == Source("standard input", "from a pipe")


@pytest.mark.parametrize("given", ["-", None])
def test_standard_input_that_is_closed(monkeypatch: pytest.MonkeyPatch, given: str | None) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(ConfigurationError, match="standard input is closed"):
        read_source(given)


def test_nothing_is_waited_for_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Pipe(b"")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    with pytest.raises(ConfigurationError, match="nothing to read"):
        read_source(None)


def test_a_source_of_any_size_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rune.cli.source.MAX_BYTES", 1024 * 1024)
    monkeypatch.setattr(sys, "stdin", Pipe(b"x" * (1024 * 1024 + 1)))
    with pytest.raises(ConfigurationError, match="larger than 1 MiB"):
        read_source("-")
    assert MAX_BYTES > 10 * 1024 * 1024

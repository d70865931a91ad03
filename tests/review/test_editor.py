import sys
from pathlib import Path
from typing import Any

import pytest

PROMPT = "then rejected) > "


def editor(tmp_path: Path, program: str) -> dict[str, str]:
    """Return an environment whose editor is a Python program that gets the file's path as `file`."""
    script = tmp_path / "editor.py"
    script.write_text(f"import sys, os, pathlib\nfile = pathlib.Path(sys.argv[1])\n{program}\n", encoding="utf-8")
    return {"EDITOR": f"{sys.executable} {script}"}


@pytest.mark.parametrize(
    ("before", "program", "after"),
    [
        pytest.param("print(1)", "file.write_text('print(2)\\n')", "print(2)", id="a final line end that editors add is not content"),
        pytest.param("print(1)\n", "file.write_text('print(2)\\n')", "print(2)\n", id="one that was there stays"),
        pytest.param("a\x00\x1b", "file.write_bytes(file.read_bytes() + b'\\xff')", "a\x00\x1b\ufffd", id="odd bytes"),
        pytest.param("x", "print('on', os.isatty(0), os.isatty(1)); file.write_text('y')", "y", id="it runs on the terminal"),
        pytest.param(
            "x", "assert oct(file.parent.stat().st_mode)[-3:] == '700'; file.write_text('y')", "y", id="nobody else reads the copy"
        ),
    ],
)
def test_what_the_editor_saves_is_the_new_text(human: Any, tmp_path: Path, before: str, program: str, after: str) -> None:
    human.starts(before, env=editor(tmp_path, program))
    human.sees(PROMPT)
    human.types("e\r")
    seen = human.sees("y/n > ")
    human.types("y\r")

    answer = human.answer()
    assert (answer["decision"], answer["text"]) == ("modify", after)
    assert ("on True True" in seen) is ("isatty" in program)
    assert human.mode == human.mode_before


@pytest.mark.parametrize(
    ("program", "said"),
    [
        pytest.param("sys.exit(3)", "exit code 3; nothing was changed", id="an editor that fails"),
        pytest.param("file.unlink()", "nothing was saved", id="an editor that saves nothing"),
        pytest.param("", "cannot be started", id="an editor that is not there"),
        pytest.param(None, "neither VISUAL nor EDITOR is set", id="no editor"),
    ],
)
def test_without_a_working_editor_the_question_stays(human: Any, tmp_path: Path, program: str | None, said: str) -> None:
    env = {} if program is None else editor(tmp_path, program) if program else {"EDITOR": "/nowhere/editor"}
    human.starts("print(1)", env=env)
    human.sees(PROMPT)
    human.types("e\r")
    assert said in human.sees(PROMPT)
    human.types("r\r")
    assert human.answer()["decision"] == "reject"


def test_an_editor_left_open_is_closed_when_the_time_is_over(human: Any, tmp_path: Path) -> None:
    human.starts("print(1)", seconds=2, env=editor(tmp_path, "import time; time.sleep(60)"))
    human.sees(PROMPT)
    human.types("e\r")

    answer = human.answer()
    assert (answer["decision"], answer["reviewer"]) == ("reject", "timeout")
    assert answer["seconds"] < 10
    assert human.mode == human.mode_before

"""The doctor asks the judge of a policy, and says what is wrong with it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from rune.cli.check_judge import judge


@contextmanager
def model(answer: Callable[[str], dict[str, Any]]) -> Iterator[str]:
    """Serve a model that answers each question with what `answer` makes of it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["messages"][-1]["content"]
            canary = re.findall(r'"canary": the word (\w+)', question)[0]
            content = json.dumps({"canary": canary, "confidence": 0.9, **answer(question)})
            body = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()
        thread.join()


ATTACK = {"verdict": "attack", "category": "prompt_injection", "words": ["previous instructions"]}
HONEST: dict[str, Any] = {"verdict": "honest", "category": "none", "words": []}


def tells_them_apart(question: str) -> dict[str, Any]:
    return ATTACK if "previous" in question.splitlines()[1] else HONEST


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        pytest.param(tells_them_apart, "ok", "tells a hostile sample from an honest one", id="a good judge"),
        pytest.param(lambda _: HONEST, "wrong", "misjudges the hostile sample", id="a mild one"),
        pytest.param(lambda _: {**HONEST, "verdict": "maybe"}, "wrong", "not the JSON", id="one that keeps to no form"),
    ],
)
def test_a_judge_is_tried(tmp_path: Path, answer: Callable[[str], dict[str, Any]], state: str, words: str) -> None:
    file = tmp_path / "p.yaml"
    with model(answer) as url:
        file.write_text(f'version: "1"\njudge: {{url: "{url}", model: tiny}}\n')
        (check,) = judge(str(file))

    assert (check.state, words in check.found) == (state, True)
    assert bool(check.todo) is (state == "wrong")


def test_a_policy_without_a_judge() -> None:
    (check,) = judge("balanced")

    assert (check.name, check.state) == ("judge", "note")

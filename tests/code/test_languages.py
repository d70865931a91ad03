"""Telling languages apart, by label and by look."""

from __future__ import annotations

import time

import pytest

from rune.code.languages import foreign_language, language_of_label, looks_like_python, looks_like_shell


@pytest.mark.parametrize(
    ("label", "language"),
    [
        ("Python", "python"), ("py", "python"), ("{.python}", "python"), ("language-bash", "shell"), ("sh", "shell"), ("ps1", "powershell"),
        ("JS", "javascript"), ("json", "text"), ("", ""), ("  ", ""), ("🐍", ""), ("rust", "rust"), ("python title=x", "python"),
        ("c++", "c++"),
    ],
)  # fmt: skip
def test_labels(label: str, language: str) -> None:
    assert language_of_label(label) == language


@pytest.mark.parametrize(
    "source", ["import os", "from a import b", "def f(x):\n  pass", "x = 1", "print(1)", "for i in x:\n  y", "@app.get"]
)
def test_python(source: str) -> None:
    assert looks_like_python(source)


@pytest.mark.parametrize("source", ["ls -la", "$ curl x", "sudo rm x", "A=1 python x.py", "/bin/cat x", "#!/bin/bash\nfoo", "cd x && y"])
def test_shell(source: str) -> None:
    assert looks_like_shell(source)
    assert not looks_like_python(source)


@pytest.mark.parametrize("source", ["Hello there.", "The result is 42", "{'a': 1}", "SELECT * FROM t"])
def test_prose_and_data(source: str) -> None:
    assert not looks_like_python(source)
    assert not looks_like_shell(source)
    assert foreign_language(source) == ""


@pytest.mark.parametrize(
    ("source", "language"),
    [
        ("<?php echo 1;", "php"), ("using System;", "c#"), ("#include <stdio.h>", "c"), ("import java.io.File;", "java"),
        ("package main", "go"),
        ("import 'dart:io';", "dart"), ("module Main where", "haskell"), ("use strict;", "perl"), ("const x = 1;", "javascript"),
        ("Get-ChildItem C:\\", "powershell"), ("@echo off", "cmd"), ("require 'socket'\nx", "ruby"),
    ],
)  # fmt: skip
def test_languages_without_a_reader(source: str, language: str) -> None:
    assert foreign_language(source) == language


@pytest.mark.parametrize("unit", ["a/", "x ", "a.b", "=", "\n ", "for ", "$x ", "#"])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    start = time.thread_time()
    looks_like_python(text)
    looks_like_shell(text)
    foreign_language(text)
    assert time.thread_time() - start < 1

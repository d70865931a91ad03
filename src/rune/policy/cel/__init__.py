"""Conditions in the Common Expression Language, checked against the types of Rune when a policy is loaded.

Source of the language: the CEL specification (github.com/google/cel-spec). This is the part of it that a policy needs: everything but
bytes, unsigned numbers, dates, map literals and conversions. It is written here because the engines that can be had do not fit the path of
every message: `common-expression-language` 0.10 has no wheel for Python 3.10, counts the bytes of a string where CEL counts characters,
takes 20–60 µs to copy the facts of a message and dies of a segmentation fault on deeply nested metadata, which an attacker can send;
`cel-python` 0.5 takes 0.3 ms a condition and 0.5 s to import; `cel-expr-python` 0.1 is 50 MB. The tests hold this one to their answers.
"""

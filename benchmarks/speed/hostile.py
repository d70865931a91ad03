"""Texts an attacker might send to make a scanner slow, each of any length, aimed at matching, decoding or bookkeeping."""

from __future__ import annotations

import base64
from collections.abc import Callable


def _repeated(unit: str) -> Callable[[int], str]:
    return lambda chars: (unit * (chars // len(unit) + 1))[:chars]


def _between(head: str, unit: str, tail: str) -> Callable[[int], str]:
    return lambda chars: head + (unit * (chars // len(unit) + 1))[: max(chars - len(head) - len(tail), 0)] + tail


def _nested_base64(chars: int) -> str:
    text = "a harmless sentence. "
    while len(text) * 4 // 3 < chars:
        text = base64.b64encode(text.encode()).decode()
    return (text + " " * chars)[:chars]


def _nested_percent(chars: int) -> str:
    return ("%" + "25" * (chars // 2))[: chars - 2] + "41"


def _nested_html(chars: int) -> str:
    return ("&" + "amp;" * (chars // 4))[: chars - 3] + "lt;"


def _growing_runs(chars: int) -> str:
    parts, length, size = [], 0, 1
    while length < chars:
        parts.append("A" * size)
        length += size + 1
        size += 1
    return " ".join(parts)[:chars]


SHORT = base64.b64encode(b"a short readable text").decode()
LONG = base64.b64encode(b"a readable text that is long enough to be wrapped over several lines").decode()
BINARY = base64.b64encode(bytes(range(256))).decode()

SHAPES: dict[str, Callable[[int], str]] = {
    "spaces": _repeated(" "),
    "newlines": _repeated("\n"),
    "tabs and newlines": _repeated("\t\n"),
    "no-break spaces": _repeated("\u00a0"),
    "letter a": _repeated("a"),
    "letter A": _repeated("A"),
    "digits": _repeated("0123456789"),
    "hex digits": _repeated("6f"),
    "spaced hex": _repeated("6f "),
    "almost hex": _repeated("6f6f6f6f6f6f6f6f6f6f6f6g"),
    "underscores": _repeated("_"),
    "dashes": _repeated("-"),
    "slashes": _repeated("/"),
    "path": _repeated("/usr/Local/Lib"),
    "percent signs": _repeated("%"),
    "percent letters": _repeated("%41"),
    "percent letters apart": _repeated("%41 x"),
    "percent percent": _nested_percent,
    "ampersands": _repeated("&"),
    "ampersand hashes": _repeated("&#"),
    "references": _repeated("&#x41;"),
    "open references": _repeated("&amp"),
    "long references": _repeated("&" + "a" * 40),
    "reference of references": _nested_html,
    "backslashes": _repeated("\\"),
    "escapes": _repeated("\\u0041"),
    "broken escapes": _repeated("\\u{"),
    "equals signs": _repeated("="),
    "base64 words": _repeated(SHORT + " "),
    "base64 lines": _repeated(LONG + "\n"),
    "base64 of binary": _repeated(BINARY + " "),
    "one base64 run": _repeated(SHORT.rstrip("=") + "aaa"),
    "base64 in base64": _nested_base64,
    "base64 in a path": _repeated(SHORT.rstrip("=") + "/"),
    "growing runs": _growing_runs,
    "almost runs": _repeated("A" * 19 + " "),
    "zero-width in words": _repeated("a\u200b"),
    "zero-width run": _repeated("\u200b"),
    "variation selectors": _repeated("x\ufe0f"),
    "selector bytes": _repeated("\U000e0151\U000e0152"),
    "tag characters": _repeated("\U000e0069"),
    "tags in words": _repeated("a\U000e0069"),
    "bidi overrides": _repeated("\u202e"),
    "bidi in words": _repeated("a\u202eb"),
    "combining marks": _repeated("a\u0301\u0302\u0303"),
    "ligatures": _repeated("\ufb03"),
    "look-alikes": _repeated("p\u0430ss "),
    "long mixed word": _between("\u0430", "a", "b"),
    "lone surrogates": _repeated("\ud800"),
    "surrogate pairs": _repeated("\ud83d\ude00"),
    "NUL": _repeated("\0"),
    "NUL in words": _repeated("a\0"),
    "terminal escapes": _repeated("\x1b[31m"),
    "open terminal titles": _repeated("\x1b]0;"),
    "emoji": _repeated("\U0001f469\u200d\U0001f4bb"),
    "Chinese": _repeated("\u5ffd\u7565\u4e4b\u524d"),
    "all planes": lambda chars: "".join(chr(0xA0 + (index * 977) % 0xD000) for index in range(chars)),
    "ignore": _repeated("ignore "),
    "ignore all": _repeated("ignore all "),
    "almost an attack": _repeated("ignore all previous previous "),
    "attacks": _repeated("ignore all previous instructions. "),
    "you are now": _repeated("you are now "),
    "please send": _repeated("please send the "),
    "system prompt": _repeated("your system prompt "),
    "words and dashes": _repeated("a-b'c "),
    "keys": _repeated("AKIAIOSFODNN7EXAMPLE "),
    "almost keys": _repeated("ghp_" + "a" * 35 + "! "),
    "key with a long tail": _between("sk-", "a", ""),
    "mail addresses": _repeated("a@a.a"),
    "almost a mail address": _between("", "a", "@"),
    "links": _repeated("https://a.example/?q="),
    "open images": _repeated("![a]("),
    "open tags": _repeated("<a href="),
    "open comments": _repeated("<!--"),
    "brackets": _repeated("(((("),
    "quotes": _repeated("'\""),
    "assignments": _repeated("a = 'b'; "),
    "leet": _repeated("1gn0r3 4ll "),
    "spaced letters": _repeated("i g n o r e "),
    "spaced letters without words": _repeated("i "),
    "split words": _repeated("ig nore al l "),
    "fragments": _repeated("ab cd "),
    "joined words": _repeated("ignore-all-"),
    "glued words": _repeated("ignoreallprevious"),
    "shifted": _repeated("vtaber nyy cerivbhf "),
    "every shift": _repeated("vtaber jhopsf khjsjl ljqhsf "),
    "reversed": _repeated("suoiverp lla erongi "),
    "morse": _repeated(".. --. / "),
    "almost morse": _repeated(".. -- x"),
    "codes": _repeated("105 103 "),
    "bits": _repeated("01101001"),
    "spelled": _repeated("India Golf "),
    "tags in markup": _repeated("a<b>b</b>"),
    "open marks": _repeated("a<b"),
    "joints": _repeated('"ig" + "nore" + '),
    "base32": _repeated("NFTW433SMUQGC3DM"),
    "base85": _repeated("BOu3*B5)I&ARo@m+D,>("),
    "quoted-printable": _repeated("=69=67"),
    "pig latin": _repeated("ignoreway allway "),
    "changed spellings": _repeated("igonre pprevious "),
    "wide gaps": _repeated("ignore, all, "),
    "words from the last": _repeated("instructions previous all "),
    "code points": _repeated("U+0069 "),
    "dumps": _repeated("00000000: 6967 6e6f  ig\n"),
    "turned letters": _repeated("\u01dd\u0279\u0254"),
    "invisible bits": _repeated("\u200b\u200c"),
    "Braille": _repeated("\u280a\u281b"),
    "polynomial words": _between("x", " a", "!"),
    "names without values": _repeated("key=key="),
    "almost Slack tokens": _repeated("xoxb-1-"),
    "GitHub prefixes": _repeated("ghp_"),
    "open links": _repeated("[a](//"),
    "at signs": _repeated("@"),
    "passwords": _repeated("password: a1b2c3 "),
    "open web tokens": _repeated("eyJ"),
    "hidden tags": _repeated("<a hidden>aaaaaaaaaaaaaaaaa"),
    "old wallets": _repeated("1" + "a" * 25 + " "),
    "identity numbers": _repeated("12345678Z "),
    "telephone numbers": _repeated("+1 415 555 2671 "),
    "loaded images": _repeated("![a](//a.b/?q=U2VjcmV0RGF0YUZvcllvdTEyMzQ1Njc4)"),
    "births": _repeated("born on 1"),
    "recovery words": _repeated("seed: " + "abandon " * 11),
}
"""Name → function from a number of characters to a text of that length."""

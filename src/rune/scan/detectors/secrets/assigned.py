"""Values assigned to a name that says credential: `api_key = "..."`, `password: ...`, `--token ...`.

Entropy alone says nothing; after such a name it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rune.scan.detectors.detector import Anchor
from rune.scan.detectors.secrets.named import NAMED, Named
from rune.scan.detectors.secrets.placeholders import entropy, is_placeholder, looks_random
from rune.scan.detectors.work import Work
from rune.types import Severity

_WORD = r"(?i:keys?|tokens?|secrets?|passw(?:or)?d|passphrase|passcode|pwd|credentials?)(?:_(?i:[a-z0-9]{1,12}))?"
_MIDDLE = r"(?:[\"'`\]\\*]{0,3}\s{0,3}(?::=|=>|[=:>])\*{0,2}|\s(?i:is|was)\s)\s{0,3}\\?[\"'`]?"
_VALUE = r"[^\s\"'`,;<>(){}\[\]\\]"

_OPTION = r"--[a-z-]{0,20}(?:password|token|secret|key)\s\"?"

ANCHORS = (
    Anchor(
        f"{_WORD}{_MIDDLE}{_VALUE}{{6}}", ("key", "token", "secret", "passwd", "password", "passphrase", "passcode", "pwd", "credential")
    ),
    Anchor(f"{_OPTION}{_VALUE}{{6}}", ("password", "token", "secret", "key")),
)
"""What may be an assignment."""

_WORDED = re.compile(rf"(?P<word>{_WORD}){_MIDDLE}(?P<value>{_VALUE}{{6,256}})".replace("(?i:", "(?:").encode())
_OPTIONED = re.compile(rf"(?P<word>{_OPTION})(?P<value>{_VALUE}{{6,256}})".encode())
_NAMES = (b"key", b"token", b"secret", b"passw", b"passp", b"passc", b"pwd", b"credential")
_NAME_WORD = re.compile(b"|".join(_NAMES))
_SEEN_UNITS, _JUDGED_UNITS = 5, 20
_NAME_CHARS = 40
_JUDGED_CHARS = 80
_NAME = re.compile(rb"[A-Za-z0-9_.\- ]*")
_NOT_SECRET = re.compile(
    rb"(?:public|primary|foreign|cache|sort|partition|hash|idempotency|dedup|composite|unique|shortcut|registry|dict|json|translation"
    rb"|total|continuation|csrf|special|object|storage|index|lookup|answer"
    rb"|(?<![a-z])(?:max|num|page|next|pad|eos|bos|sep|mask|unk|stop|map|row|hot))[\w .-]{0,3}\Z"
)
_REFERENCE = re.compile(
    rb"(?:[A-Za-z_$@][\w$]*(?:[.:]{1,2}[A-Za-z_$][\w$-]*)+|[@$&%!/~][\w./-]*|[A-Za-z]:?[/\\].*|[a-z]+://.*|\w+\.\.\..*)\Z"
)
_WORDS = re.compile(rb"[A-Za-z]+(?:[_. -][A-Za-z]+)*[?!.:]*\Z")
_DATE = re.compile(rb"\d{2,4}[-/.:]\d{1,2}[-/.:]\d{1,4}.*\Z")
_NUMBER = re.compile(rb"[+-]?[\d.,_]+%?\w?\Z")
_NAME_LIKE = re.compile(rb"[A-Za-z]+(?:[_.-][A-Za-z]+)*[_.-]?\d{0,4}\Z")
_PASSWORD = re.compile(rb"pass|pwd")
_STRONG = re.compile(rb"api|secret|access|private|auth|token|encryption|signing|master|pass|pwd|credential|client|license|bearer")
_NAMED = tuple((named, tuple(word.encode() for word in named.words.split()), re.compile(named.pattern.encode())) for named in NAMED)
_ISSUER = re.compile(b"|".join(word for _, words, _ in _NAMED for word in words))


class Assigned(NamedTuple):
    """A value that stands after the name of a credential."""

    start: int
    end: int
    named: Named | None
    """The issuer that the name and the shape point to."""
    severity: Severity
    confidence: float
    why: str


def assigned(data: bytes, work: Work) -> Iterator[Assigned]:
    """Yield the credentials that a name gives away; a value that only marks the place of one, or that code computes, is none."""
    lower = data.lower()
    for pattern, option in ((_WORDED, False), (_OPTIONED, True)) if any(name in lower for name in _NAMES) else ():
        at = 0
        while (match := pattern.search(lower, at)) is not None and work.take(_SEEN_UNITS, match.start()):
            found = _of(data, lower, match, work, option=option)
            if found is not None:
                yield found
            at = found.end if found else _next(match)


def _next(match: re.Match[bytes]) -> int:
    """Return where to go on after a value that is no credential: at the next name inside of it, or at its end."""
    inner = _NAME_WORD.search(match["value"])
    return match.start("value") + inner.start() if inner else match.end()


def _of(data: bytes, lower: bytes, match: re.Match[bytes], work: Work, *, option: bool) -> Assigned | None:
    at, (start, end) = match.start(), match.span("value")
    reversed_name = _NAME.match(lower[max(0, at - _NAME_CHARS) : at][::-1])
    prefix = reversed_name[0][::-1] if reversed_name else b""
    name = prefix + match["word"]
    spelled = name.replace(b" ", b"_").replace(b"-", b"_")
    if not option and _NOT_SECRET.search(prefix):
        return None
    if _STRONG.search(name) is None and _ISSUER.search(spelled) is None:
        return None
    value = data[start:end].rstrip(b".:!?)") or data[start:end]
    work.take(_JUDGED_UNITS, at)
    if is_placeholder(value[:_JUDGED_CHARS]):
        return None
    quoted = data[start - 1 : start] in (b'"', b"'", b"`")
    return _named(value, spelled, start) or _judged(value, name, start, quoted=quoted)


def _named(value: bytes, spelled: bytes, start: int) -> Assigned | None:
    if _ISSUER.search(spelled) is None:
        return None
    for named, words, pattern in _NAMED:
        if any(word in spelled for word in words) and pattern.fullmatch(value) and looks_random(value):
            return Assigned(start, start + len(value), named, Severity.HIGH, 0.85, "the name before it and the shape of the issuer")
    return None


def _judged(value: bytes, name: bytes, start: int, *, quoted: bool) -> Assigned | None:
    password = _PASSWORD.search(name) is not None
    if _is_ordinary(value, password=password, quoted=quoted):
        return None
    bits = entropy(value)
    strong = _STRONG.search(name) is not None
    if len(value) >= 16 and bits >= 3.2 and strong and looks_random(value):
        return Assigned(
            start, start + len(value), None, Severity.MEDIUM, 0.7, f"{bits:.1f} bits a character after the name of a credential"
        )
    if (password or (len(value) >= 12 and strong)) and bits >= 2.0:
        return Assigned(start, start + len(value), None, Severity.LOW, 0.5, "a value after the name of a credential")
    return None


def _is_ordinary(value: bytes, *, password: bool, quoted: bool) -> bool:
    """Return whether a value is a word, a number, a date, a path, or a name of code."""
    if _REFERENCE.match(value) or _DATE.match(value):
        return True
    if password and quoted:
        return _WORDS.match(value) is not None
    if password:
        return _NUMBER.match(value) is not None or (_NAME_LIKE.match(value) is not None and not re.search(rb"\d", value))
    return bool(_NUMBER.match(value) or (_NAME_LIKE.match(value) and not _mixed(value)))


def _mixed(value: bytes) -> bool:
    """Return whether digits stand between letters, as in no name of code."""
    return len(re.findall(rb"\d+", value)) >= 3

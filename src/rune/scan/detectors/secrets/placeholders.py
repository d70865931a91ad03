"""Tells a credential from what stands in documentation in its place: `<your key>`, `xxxx`, `EXAMPLE`, `changeme`, `${VAR}`."""

from __future__ import annotations

import math
import re
from collections import Counter

_WORDS = re.compile(
    rb"(?i)example|sample|placeholder|changeme|change[_-]?me|dummy|redacted|masked|hidden|removed|insert|replace"
    rb"|your[_-]?|my[_-](?:secret|token|key"
    rb"|pass|super)|mypass|mysecret|mykey|todo|fixme|fake|xxxx|\*\*\*|\.\.\.|x{4}|0{6}|12345678|abcdef(?:gh|12)|qwerty"
    rb"|lorem|not[_-]?(?:a|real)"
    rb"|test[_-]?(?:key|token|secret|pass)|some[_-]?(?:key|token|secret|pass)|super[_-]?secret|secret[_-]?(?:key|token"
    rb"|pass|here)|deadbeef|cafebabe"
    rb"|foobar|(?:key|token|pass\w{0,4})[_-]?(?:here|goes)|\$\{|\{\{|%\(|<[a-z]|process\.env|os\.environ|getenv"
)
_COMMON = frozenset(
    b"password passwd pass passw0rd passphrase pwd secret token key apikey admin root user username guest test testing"
    b" postgres mysql mongo redis"
    b" rabbitmq none null true false undefined string str pw p4ss hunter2 letmein default xxx foo bar baz qux quux abc"
    b" 123 1234 12345 123456 example"
    b" localhost minioadmin sa public private demo yourpassword mypassword password1 password123 pass123 admin123"
    b" test123 credentials authorization"
    b" bearer basic auth login empty value somepassword postgrespassword rootpassword userpassword dbpassword"
    b" db_password secretpassword".split()
)
_MASKS = re.compile(rb"[*xX._#?-]+\Z")


def is_placeholder(value: bytes) -> bool:
    """Return whether a value only marks the place of a credential."""
    bare = value.strip(b"\"'`<>[](){}$% ").lower()
    if not bare or bare in _COMMON or len(set(bare)) < 4 or _MASKS.match(value):
        return True
    if value[:1] in b"$<{%" or value[-1:] in b">}":
        return True
    return _WORDS.search(value) is not None


def looks_random(token: bytes) -> bool:
    """Return whether a token of a known shape was drawn and not written: enough different characters, not words alone."""
    distinct = len(set(token))
    if distinct < min(10, 3 + len(token) // 5):
        return False
    has_digit = any(48 <= byte < 58 for byte in token)
    return has_digit or not (token.islower() or token.isupper())


def entropy(value: bytes) -> float:
    """Return the Shannon entropy of a value, in bits a character."""
    total = len(value)
    return -sum(count / total * math.log2(count / total) for count in Counter(value).values()) if total else 0.0

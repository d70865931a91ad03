"""Secrets and personal data: recall on valid values made from a seed, in carriers of eight kinds; false findings on honest texts.

Every format of the tables gets values drawn from its own shape, with the checksum it demands; each value stands once in every carrier. What
counts as found is a finding that covers the value. Honest texts are the benign rows of the development data; a text counts as false when it
has a finding of severity medium or worse, and e-mail addresses, which are true, are counted apart.
"""

# ruff: noqa: E501 - a row is a line
from __future__ import annotations

import base64
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from benchmarks.texts import rows
from rune.scan.decode import flatten
from rune.scan.detectors.pii import checks, personal_in
from rune.scan.detectors.pii.kinds import KINDS
from rune.scan.detectors.secrets import PHRASE_RULE, secrets_in
from rune.scan.detectors.secrets.checks import crc32_base62
from rune.scan.detectors.secrets.named import NAMED
from rune.scan.detectors.secrets.providers import PROVIDERS
from rune.scan.detectors.secrets.wordlist import WORDS

CARRIERS = {
    "prose": "Please note that the {name} is {value} and keep it safe.",
    "json": '{{"user": "ann", "{name}": "{value}"}}',
    "env": "export {NAME}={value}\n",
    "yaml": "service:\n  {name}: {value}\n  retries: 3\n",
    "code": '{name} = "{value}"\nrun({name})\n',
    "url": "https://api.acme.test/v1/items?{name}={value}&page=2",
    "log": "2026-03-04 12:00:01 INFO [worker] {name}: {value} accepted",
    "markdown": "- **{name}**: `{value}`\n",
}
"""Texts around a value; a name stands before it as people write it."""
EACH = 6
"""Values of each format."""
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_NOT_IN_URL = re.compile(r"[\s\"'<>#&?%]")


def _sample(pattern: str, chance: random.Random) -> str:
    """Return a text that an expression matches."""
    from re import _parser  # type: ignore[attr-defined]

    return "".join(_drawn(node, chance) for node in _parser.parse(pattern))


def _drawn(node: Any, chance: random.Random) -> str:
    name, value = str(node[0]), node[1]
    if name == "LITERAL":
        return chr(value)
    if name == "IN":
        return _member(value, chance)
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        low, high, part = value
        return "".join(_drawn(child, chance) for _ in range(chance.randint(low, min(int(high), low + 20))) for child in part)
    if name == "SUBPATTERN":
        return "".join(_drawn(child, chance) for child in value[3])
    if name == "BRANCH":
        return "".join(_drawn(child, chance) for child in chance.choice(value[1]))
    return ""


def _member(choices: list[Any], chance: random.Random) -> str:
    if str(choices[0][0]) == "NEGATE":
        return chance.choice("abcdefghkmnpqrstuvwxyzABCDEFGHKMNPQRSTUVWXYZ23456789")
    letters: list[int] = []
    for name, value in choices:
        if str(name) == "LITERAL":
            letters.append(value)
        elif str(name) == "RANGE":
            letters += range(value[0], value[1] + 1)
        else:
            letters += {"CATEGORY_DIGIT": b"0123456789", "CATEGORY_SPACE": b" "}.get(str(value), b"abcdefghijkmnpqrstuvwxyz0123456789")
    return chr(chance.choice(letters))


def _base58check(payload: bytes) -> str:
    number, text = int.from_bytes(payload + sha256(sha256(payload).digest()).digest()[:4], "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = _BASE58[digit] + text
    return text


def _bech32(prefix: str, chance: random.Random, length: int) -> str:
    alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    data = [chance.randrange(32) for _ in range(length)]
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + data
    checksum = 1
    for value in [*values, 0, 0, 0, 0, 0, 0]:
        top, checksum = checksum >> 25, (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            checksum ^= generator if top >> bit & 1 else 0
    checksum ^= 1
    return f"{prefix}1{''.join(alphabet[v] for v in data + [checksum >> 5 * (5 - i) & 31 for i in range(6)])}"


def _stellar(chance: random.Random) -> str:
    import binascii

    raw = bytes([18 << 3]) + chance.randbytes(32)
    return base64.b32encode(raw + binascii.crc_hqx(raw, 0).to_bytes(2, "little")).decode()


def _jwt(chance: random.Random) -> str:
    parts = (b'{"alg":"HS256","typ":"JWT"}', b'{"sub":"%d","iat":1767225600}' % chance.randrange(10**9), chance.randbytes(32))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


_SEALED: dict[str, Callable[[random.Random], str]] = {
    "jwt": _jwt,
    "wallet-import-key": lambda chance: _base58check(b"\x80" + chance.randbytes(32)),
    "extended-key": lambda chance: _base58check(bytes.fromhex("0488ade4") + chance.randbytes(74)),
    "stellar-seed": _stellar,
    "nostr-key": lambda chance: _bech32("nsec", chance, 52),
    "age-key": lambda chance: _bech32("age-secret-key-", chance, 52).upper(),
    "private-key": lambda chance: (
        "-----BEGIN PRIVATE KEY-----\\n" + base64.b64encode(chance.randbytes(300)).decode() + "\\n-----END PRIVATE KEY-----"
    ),
    "putty-key": lambda chance: f"PuTTY-User-Key-File-3: ssh-ed25519 {chance.randbytes(8).hex()}",
    "basic-header": lambda chance: "Authorization: Basic " + base64.b64encode(b"ann:" + chance.randbytes(9).hex().encode()).decode(),
}


def secret_values(chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """Yield label, a name that fits it, and a valid value, for every format."""
    for provider in PROVIDERS:
        for _ in range(EACH):
            made = _SEALED.get(provider.label)
            value = made(chance) if made else _sample(provider.opening, chance) + _sample(provider.pattern, chance)
            if provider.check == "crc32":
                value = value[:-6] + crc32_base62(value[4:-6].encode()).decode()
            yield provider.label, provider.label.replace("-", "_"), value
    for named in NAMED:
        for _ in range(EACH):
            yield named.label, f"{named.words.split()[0]}_secret_key", _sample(named.pattern, chance)
    for _ in range(EACH):
        yield PHRASE_RULE, "recovery_phrase", _phrase(chance)


def _phrase(chance: random.Random) -> str:
    entropy = chance.randbytes(16)
    number = int.from_bytes(entropy, "big") << 4 | sha256(entropy).digest()[0] >> 4
    return " ".join(WORDS[number >> 11 * (11 - place) & 2047] for place in range(12))


def personal_values(chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """Yield label, a name that fits it, and a valid value, for every kind of personal data."""
    for kind in KINDS:
        name = (kind.words.split() or [kind.label.replace("-", "_")])[0]
        for _ in range(EACH):
            yield kind.label, name, _valid(kind.label, kind.shape, kind.check, chance)
    for _ in range(EACH):
        yield "email", "email", f"{_sample('[a-z]{4,9}[.][a-z]{4,9}', chance)}@{_sample('[a-z]{4,9}', chance)}.test"
        yield (
            "phone",
            "phone",
            chance.choice(["+44 20 7946 0{}", "+49-30-1234{}", "(415) 555-2{}", "+1 212 555 4{}"]).format(chance.randrange(100, 999)),
        )
        yield "wallet-address", "wallet", _base58check(b"\0" + b"\x17" + chance.randbytes(19)).rjust(34, "1")
        yield "mac-address", "mac", ":".join(f"{byte:02x}" for byte in chance.randbytes(6))


def _valid(label: str, shape: str, check: Callable[[str], bool], chance: random.Random) -> str:
    if label == "iban":
        return _iban(chance)
    if label == "card":
        shape = r"(?:4\d{15}|5[1-5]\d{14}|3[47]\d{13}|6011\d{12})"
    for _ in range(20_000):
        value = _sample(_DATED.get(label, shape), chance)
        try:
            if check(value):
                return value
        except (ValueError, IndexError):
            continue
    raise AssertionError(f"no valid value of `{label}` was drawn")


_DAY = r"[5-9][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])"
_DATED = {
    "pl-pesel": _DAY + r"[0-9]{5}", "se-personnummer": _DAY + r"[0-9]{4}", "be-national": _DAY + r"[0-9]{5}", "kr-rrn": _DAY + r"[1-4][0-9]{6}",
    "za-id": _DAY + r"[0-9]{4}[01][0-9]{2}", "cn-resident": r"[1-6][0-9]{5}19" + _DAY + r"[0-9]{4}", "fi-hetu": r"(?:0[1-9]|1[0-9]|2[0-8])(?:0[1-9]|1[0-2])[5-9][0-9]-[0-9]{3}[0-9A-FHJ-NP-Y]",
    "us-itin": r"9[0-9]{2}-(?:5[0-9]|7[0-9])-[0-9]{4}".replace("-", ""), "au-medicare": r"[2-6][0-9]{9}", "ch-ahv": r"756[0-9]{10}",
}  # fmt: skip


def _iban(chance: random.Random) -> str:
    country, length = chance.choice(sorted(checks.IBAN_LENGTHS.items()))
    body = "".join(chance.choice("0123456789") for _ in range(length - 4))
    check = 98 - int("".join(str(int(c, 36)) for c in f"{body}{country}00")) % 97
    return f"{country}{check:02}{body}"


def recall(values: Iterator[tuple[str, str, str]], find: Callable[[bytes], list[Any]]) -> dict[str, Any]:
    """Return the share of values that a finding covers, over all carriers, by carrier, and the formats that were missed most."""
    found: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for label, name, value in values:
        for carrier, text in CARRIERS.items():
            if carrier == "url" and _NOT_IN_URL.search(value):
                continue
            written = text.format(name=name, NAME=name.upper(), value=value)
            start = written.index(value)
            end = start + len(value)
            hit = any(item.start < end and start < item.end for item in find(flatten(written)))
            asked[carrier] += 1
            found[carrier] += hit
            missed[label] += not hit
    return {
        "values": asked.total(),
        "recall": round(found.total() / asked.total(), 4),
        "by carrier": {carrier: round(found[carrier] / asked[carrier], 4) for carrier in asked},
        "missed most": {label: count for label, count in missed.most_common(12) if count},
    }


def false_findings(name: str, field: str, every: int) -> dict[str, Any]:
    """Return how many honest texts have a finding of severity medium or worse, and which."""
    texts, false, mails, rules = 0, 0, 0, Counter[str]()
    spent, size = 0.0, 0
    for number, row in enumerate(rows(name)):
        if number % every or row["label"]:
            continue
        flat = flatten(str(row[field]))
        started = time.process_time()
        items: list[Any] = [*secrets_in(flat), *personal_in(flat)]
        spent, size = spent + time.process_time() - started, size + len(flat)
        heavy = {item.label for item in items if item.severity.rank >= 3}
        texts, false, mails = texts + 1, false + bool(heavy), mails + any(item.label == "email" for item in items)
        rules.update(heavy)
    share = round(100 * false / texts, 3) if texts else 0.0
    cost = round(spent / size * 1.024e9, 1) if size else 0.0
    return {
        "texts": texts,
        "with a finding, %": share,
        "with an e-mail address": mails,
        "labels": dict(rules.most_common()),
        "µs per KB, all looked at": cost,
    }


def measure(*, every: int = 1, seed: int = 1) -> dict[str, Any]:
    """Return recall and false findings; `every` takes one honest text in so many."""
    return {
        "secrets": recall(secret_values(random.Random(seed)), secrets_in),
        "personal data": recall(personal_values(random.Random(seed)), personal_in),
        "honest code": false_findings("code.jsonl", "code", every),
        "honest texts": false_findings("text.jsonl", "text", every),
    }


if __name__ == "__main__":
    import json

    print(json.dumps(measure(every=4), indent=2, ensure_ascii=False))

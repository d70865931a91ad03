"""Validators: what can be proved about a credential beyond its shape, and which part of it is the secret.

Sources: GitHub, "Behind GitHub's new authentication token formats" (2021, CRC-32 in base 62, shared by npm); AWS key ids hold
their account in base 32; RFC 7519 (JWT); RFC 7617 (basic authentication); BIP 173 (bech32), BIP 32 and WIF (base58check); SEP 23 (Stellar).
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import NamedTuple

from rune.scan.detectors.secrets.placeholders import is_placeholder, looks_random


class Checked(NamedTuple):
    """A credential that stood its check."""

    start: int
    end: int
    """The range of the secret part."""
    certain: bool | None
    """True: a checksum or the structure proves it. False: there is a checksum and it does not fit. None: the format has none."""
    why: str
    """What was checked, for a human; without any of the text."""


Check = Callable[[bytes, int, int], Checked | None]
"""Takes the text and the range of a shape; None when it is no credential after all."""

_BASE62 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE58 = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_CONSTANTS = frozenset({1, 0x2BC830A3})
_PEM_BODY = re.compile(rb"(?:[\s,]|\\[nr]|[A-Za-z0-9+/=:-]){16}")
_PEM_CHARS = 24_000
_END = b"-----END "
_VALUE = re.compile(rb"[^\s\"':=]+$")
_JWT_SAMPLES = (b'"John Doe"', b"1234567890")


def crc32_base62(body: bytes) -> bytes:
    """Return the CRC-32 of `body` in six base-62 digits."""
    rest, digits = binascii.crc32(body), bytearray()
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        digits.append(_BASE62[digit])
    return bytes(reversed(digits))


def base58check(text: bytes) -> bytes | None:
    """Return what a base58check text holds, without its checksum; None when the checksum or a character is wrong."""
    number = 0
    for character in text:
        digit = _BASE58.find(character)
        if digit < 0:
            return None
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip(b"1"))
    data = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    payload, checksum = data[:-4], data[-4:]
    return payload if len(data) > 4 and sha256(sha256(payload).digest()).digest()[:4] == checksum else None


def is_bech32(text: bytes) -> bool:
    """Return whether the checksum of a bech32 or bech32m text fits."""
    text = text.lower()
    prefix, _, data = text.rpartition(b"1")
    if not prefix or len(data) < 6:
        return False
    values = [value >> 5 for value in prefix] + [0] + [value & 31 for value in prefix]
    for character in data:
        digit = _BECH32.find(character)
        if digit < 0:
            return False
        values.append(digit)
    return _polymod(values) in _BECH32_CONSTANTS


def _polymod(values: list[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            checksum ^= generator if top >> bit & 1 else 0
    return checksum


def aws_account(key_id: bytes) -> int:
    """Return the number of the account that an access key id belongs to; above twelve digits it belongs to none."""
    return int.from_bytes(base64.b32decode(key_id[4:].ljust(16, b"A"))[:6], "big") >> 7


def _shape(data: bytes, start: int, end: int) -> Checked | None:
    token = data[start:end]
    return None if is_placeholder(token) or not looks_random(token) else Checked(start, end, None, "the format of the issuer")


def _hash(data: bytes, start: int, end: int) -> Checked | None:
    return Checked(start, end, None, "the format of a password hash") if looks_random(data[start:end]) else None


def _crc32(data: bytes, start: int, end: int) -> Checked | None:
    token = data[start:end]
    if is_placeholder(token):
        return None
    fits = crc32_base62(token[4:-6]) == token[-6:]
    return Checked(start, end, fits, "its checksum fits" if fits else "its checksum does not fit")


def _aws(data: bytes, start: int, end: int) -> Checked | None:
    token = data[start:end]
    if is_placeholder(token) or not looks_random(token):
        return None
    known = aws_account(token) < 10**12
    return Checked(start, end, True if known else None, "it names an account of twelve digits" if known else "the format of the issuer")


def _pem(data: bytes, start: int, end: int) -> Checked | None:
    if _PEM_BODY.match(data, end) is None:
        return None
    close = data.find(_END, end, end + _PEM_CHARS)
    last = data.find(b"-----", close + len(_END), close + len(_END) + 60) if close >= 0 else -1
    return (
        Checked(start, last + 5, certain=True, why="a whole block")
        if last >= 0
        else Checked(start, _body_end(data, end), None, "the start of a block")
    )


def _body_end(data: bytes, start: int) -> int:
    match = re.compile(rb"(?:[A-Za-z0-9+/=:,-]|\s|\\[nr])*").match(data, start, start + _PEM_CHARS)
    return match.end() if match else start


def _putty(data: bytes, start: int, end: int) -> Checked | None:
    close = data.find(b"Private-MAC:", end, end + _PEM_CHARS)
    line = data.find(b"\n", close if close >= 0 else end)
    return Checked(start, line if line >= 0 else len(data), close >= 0 or None, "the head of a key file")


def _jwt(data: bytes, start: int, end: int) -> Checked | None:
    head, body, _ = data[start:end].split(b".", 2)
    header, payload = _object(head), _object(body)
    if payload is not None and all(sample in payload for sample in _JWT_SAMPLES):
        return None
    fits = header is not None and b'"alg"' in header and payload is not None
    return Checked(start, end, fits, "its header and claims can be read" if fits else "its header or claims cannot be read")


def _object(part: bytes) -> bytes | None:
    try:
        text = base64.urlsafe_b64decode(part[: len(part) // 4 * 4 + 4] + b"=" * (-len(part) % 4))
        return text if isinstance(json.loads(text), dict) else None
    except (ValueError, RecursionError):
        return None


def _url(data: bytes, start: int, end: int) -> Checked | None:
    """Report the password of an address; the user and the host stay readable."""
    authority = data.find(b"://", start, end) + 3
    colon, at = data.find(b":", authority, end), data.rfind(b"@", authority, end)
    password = data[colon + 1 : at]
    if is_placeholder(password) or (password.isdigit() and len(password) < 6) or data[authority:colon].lower() == password.lower():
        return None
    return Checked(colon + 1, at, None, "a password between `:` and `@`")


def _header(data: bytes, start: int, end: int) -> Checked | None:
    token = re.search(rb"\S+$", data[start:end])
    if token is None or is_placeholder(token[0]) or not looks_random(token[0]):
        return None
    return Checked(end - len(token[0]), end, None, "a token in an authorization header")


def _basic(data: bytes, start: int, end: int) -> Checked | None:
    match = re.search(rb"\S+$", data[start:end])
    if match is None:
        return None
    try:
        pair = base64.b64decode(match[0] + b"=" * (-len(match[0]) % 4))
    except ValueError:
        return None
    _, colon, password = pair.partition(b":")
    fits = bool(colon) and pair.isascii() and not is_placeholder(password)
    return Checked(end - len(match[0]), end, certain=True, why="it decodes to a user and a password") if fits else None


def _random(data: bytes, start: int, end: int) -> Checked | None:
    value = _VALUE.search(data[start:end].rstrip(b"="))
    if value is None or is_placeholder(value[0]) or not looks_random(value[0]):
        return None
    return Checked(start + value.start(), end, None, "a random value after the name of a credential")


def _netrc(data: bytes, start: int, end: int) -> Checked | None:
    password = re.search(rb"\S+$", data[start:end])
    if password is None or is_placeholder(password[0]):
        return None
    return Checked(end - len(password[0]), end, None, "the password of a machine entry")


def _wif(data: bytes, start: int, end: int) -> Checked | None:
    payload = base58check(data[start:end])
    fits = payload is not None and payload[0] in (0x80, 0xEF) and len(payload) in (33, 34)
    return Checked(start, end, certain=True, why="its checksum fits") if fits else None


def _base58(data: bytes, start: int, end: int) -> Checked | None:
    return Checked(start, end, certain=True, why="its checksum fits") if base58check(data[start:end]) is not None else None


def _bech32(data: bytes, start: int, end: int) -> Checked | None:
    return Checked(start, end, certain=True, why="its checksum fits") if is_bech32(data[start:end]) else None


def _age(data: bytes, start: int, end: int) -> Checked | None:
    if is_placeholder(data[start + 16 : end]):
        return None
    fits = is_bech32(data[start:end])
    return Checked(start, end, fits, "its checksum fits" if fits else "its checksum does not fit")


def _stellar(data: bytes, start: int, end: int) -> Checked | None:
    try:
        raw = base64.b32decode(data[start:end])
    except ValueError:
        return None
    fits = raw[0] == 18 << 3 and binascii.crc_hqx(raw[:-2], 0).to_bytes(2, "little") == raw[-2:]
    return Checked(start, end, certain=True, why="its checksum fits") if fits else None


CHECKS: Mapping[str, Check] = {
    "": _shape,
    "hash": _hash,
    "crc32": _crc32,
    "aws": _aws,
    "pem": _pem,
    "putty": _putty,
    "jwt": _jwt,
    "url": _url,
    "header": _header,
    "basic": _basic,
    "random": _random,
    "netrc": _netrc,
    "wif": _wif,
    "base58": _base58,
    "bech32": _bech32,
    "age": _age,
    "stellar": _stellar,
}
"""Every validator, by the name a provider gives."""

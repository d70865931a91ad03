"""Encodings that a program undoes: exact for any text, so each may hold another disguise."""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import io
import lzma
import quopri
import random
import textwrap
import zipfile
import zlib
from collections.abc import Callable

from rune.redteam.mutators.mutator import Mutate, Mutator

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_HEX32 = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHIJKLMNOPQRSTUV")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def base64_unpadded(text: str, _: random.Random) -> str:
    """Base64 without the equals signs at its end."""
    return _base64(text.encode()).rstrip("=")


def base64_url(text: str, _: random.Random) -> str:
    """Base64 in the alphabet for addresses."""
    return base64.urlsafe_b64encode(text.encode()).decode()


def base64_wrapped(text: str, chance: random.Random) -> str:
    """Base64 in lines of 20 to 76 characters."""
    return _wrapped(_base64(text.encode()), chance.randint(5, 19) * 4)


def base64_spaced(text: str, _: random.Random) -> str:
    """Base64 in groups of four."""
    return " ".join(textwrap.wrap(_base64(text.encode()), 4))


def base64_twice(text: str, _: random.Random) -> str:
    """Base64 of base64."""
    return _base64(_base64(text.encode()).encode())


def base64_reversed(text: str, _: random.Random) -> str:
    """Base64, last character first."""
    return _base64(text.encode())[::-1]


def base64_utf16(text: str, _: random.Random) -> str:
    """Base64 of UTF-16, as PowerShell takes its commands."""
    return _base64(text.encode("utf-16-le"))


def base32(text: str, _: random.Random) -> str:
    """Base32."""
    return base64.b32encode(text.encode()).decode()


def base32_lower(text: str, _: random.Random) -> str:
    """Base32 in small letters without padding."""
    return base64.b32encode(text.encode()).decode().rstrip("=").lower()


def base32_hex(text: str, _: random.Random) -> str:
    """Base32 in the alphabet that begins with the digits."""
    return base64.b32encode(text.encode()).translate(_HEX32).decode()


def base58(text: str, _: random.Random) -> str:
    """Base58, as wallets write it."""
    number, digits = int.from_bytes(text.encode(), "big"), ""
    while number:
        number, place = divmod(number, 58)
        digits = _BASE58[place] + digits
    return digits


def base85(text: str, _: random.Random) -> str:
    """Base85 as Git and Python write it."""
    return base64.b85encode(text.encode()).decode()


def ascii85(text: str, _: random.Random) -> str:
    """Ascii85 between the marks of Adobe."""
    return base64.a85encode(text.encode(), adobe=True).decode()


def ascii85_bare(text: str, _: random.Random) -> str:
    """Ascii85 without marks."""
    return base64.a85encode(text.encode()).decode()


def uuencode(text: str, _: random.Random) -> str:
    """Uuencode, with the lines that begin and end a file."""
    data = text.encode()
    lines = "".join(binascii.b2a_uu(data[place : place + 45]).decode() for place in range(0, len(data), 45))
    return f"begin 644 note.txt\n{lines}`\nend"


def quoted_printable(text: str, _: random.Random) -> str:
    """Quoted-printable, every byte of it escaped."""
    return _lines_of("".join(f"={byte:02X}" for byte in text.encode()), 72)


def quoted_printable_sparse(text: str, chance: random.Random) -> str:
    """Quoted-printable, about every third letter escaped."""
    quoted = quopri.encodestring(text.encode(), quotetabs=True).decode().replace("=\n", "")
    return "".join(f"={ord(sign):02X}" if sign.islower() and chance.random() < 0.3 else sign for sign in quoted)


def encoded_word(text: str, _: random.Random) -> str:
    """The encoded words of mail headers, base64."""
    parts = [text[place : place + 30] for place in range(0, len(text), 30)]
    return " ".join(f"=?UTF-8?B?{_base64(part.encode())}?=" for part in parts)


def utf7(text: str, _: random.Random) -> str:
    """UTF-7, every character of it in base64."""
    return f"+{_base64(text.encode('utf-16-be')).rstrip('=')}-"


def punycode(text: str, _: random.Random) -> str:
    """Punycode of the text with a letter that needs it."""
    return f"xn--{('ü' + text).encode('punycode').decode()}"


def data_address(text: str, _: random.Random) -> str:
    """A `data:` address."""
    return f"data:text/plain;base64,{_base64(text.encode())}"


def hexadecimal_list(text: str, _: random.Random) -> str:
    """A list of hexadecimal numbers."""
    return ", ".join(f"0x{byte:02x}" for byte in text.encode())


def hexadecimal_dump(text: str, _: random.Random) -> str:
    """The lines of a hex dump, offset first."""
    data = text.encode()
    rows = (data[place : place + 16] for place in range(0, len(data), 16))
    return "\n".join(f"{place * 16:08x}: {row.hex(' ', -2)}" for place, row in enumerate(rows))


def binary_run(text: str, _: random.Random) -> str:
    """Bits without spaces."""
    return "".join(f"{byte:08b}" for byte in text.encode())


def octal_escapes(text: str, _: random.Random) -> str:
    """Octal escapes."""
    return "".join(f"\\{byte:03o}" for byte in text.encode())


def decimal_list(text: str, _: random.Random) -> str:
    """A list of character codes in brackets."""
    return f"[{', '.join(str(ord(sign)) for sign in text)}]"


def character_calls(text: str, _: random.Random) -> str:
    """A sum of calls that make one character each."""
    return "+".join(f"chr({ord(sign)})" for sign in text)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _wrapped(encoded: str, width: int) -> str:
    return "\n".join(encoded[place : place + width] for place in range(0, len(encoded), width))


def _lines_of(quoted: str, width: int) -> str:
    return "=\n".join(quoted[place : place + width] for place in range(0, len(quoted), width))


def _hexadecimal(separator: str, before: str = "", *, upper: bool = False) -> Mutate:
    """Return a disguise that writes each byte in two hexadecimal digits, `before` before and `separator` between them."""
    form = "{:02X}" if upper else "{:02x}"
    return lambda text, _: separator.join(before + form.format(byte) for byte in text.encode())


def _numbers(form: str, separator: str = " ") -> Mutate:
    """Return a disguise that writes each byte as a number."""
    return lambda text, _: separator.join(form.format(byte) for byte in text.encode())


def _packed(pack: Callable[[bytes], bytes], name: str = "") -> Mutate:
    """Return a disguise that compresses the text and writes it in base64, as `data:` address of a media type if one is named."""
    return lambda text, _: f"{name}{_base64(pack(text.encode()))}"


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _zip(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("note.txt", _EPOCH), data)
    return packed.getvalue()


def _raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data)[2:-4]


ENCODINGS = tuple(
    Mutator(name, mutate, nests=True)
    for name, mutate in (
        ("base64", _packed(bytes)),
        ("base64-url", base64_url),
        ("base64-unpadded", base64_unpadded),
        ("base64-wrapped", base64_wrapped),
        ("base64-spaced", base64_spaced),
        ("base64-twice", base64_twice),
        ("base64-reversed", base64_reversed),
        ("base64-utf16", base64_utf16),
        ("base32", base32),
        ("base32-lower", base32_lower),
        ("base32-hex", base32_hex),
        ("base58", base58),
        ("base85", base85),
        ("ascii85", ascii85),
        ("ascii85-bare", ascii85_bare),
        ("uuencode", uuencode),
        ("quoted-printable", quoted_printable),
        ("quoted-printable-sparse", quoted_printable_sparse),
        ("encoded-word", encoded_word),
        ("utf7", utf7),
        ("punycode", punycode),
        ("data-address", data_address),
        ("hex", _hexadecimal("")),
        ("hex-upper", _hexadecimal("", upper=True)),
        ("hex-spaced", _hexadecimal(" ")),
        ("hex-by-colon", _hexadecimal(":")),
        ("hex-escapes", _hexadecimal("", "\\x")),
        ("hex-list", hexadecimal_list),
        ("hex-dump", hexadecimal_dump),
        ("binary", _numbers("{:08b}")),
        ("binary-run", binary_run),
        ("octal", _numbers("{:03o}")),
        ("octal-escapes", octal_escapes),
        ("decimal", _numbers("{}")),
        ("decimal-list", decimal_list),
        ("character-calls", character_calls),
        ("gzip", _packed(_gzip)),
        ("zlib", _packed(zlib.compress)),
        ("deflate", _packed(_raw_deflate)),
        ("bz2", _packed(bz2.compress)),
        ("xz", _packed(lzma.compress)),
        ("zip", _packed(_zip)),
        ("gzip-data-address", _packed(_gzip, "data:application/gzip;base64,")),
    )
)
"""Each writes the bytes of the text in other characters."""

"""What kind of place a host is, by its name alone."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from rune.code.values import HOLE

URL_CHARS = 2048
"""Longest URL looked at; the rest of a longer one is cut."""


class HostClass(str, Enum):
    """What is known of a host from its name."""

    NAMED = "named"
    """A name like any other."""
    LOCAL = "local"
    """This machine."""
    PRIVATE = "private"
    """An address inside the network."""
    ADDRESS = "address"
    """A bare public address, which honest services do not ask people to use."""
    DROP = "drop"
    """Made for anonymous uploads, web hooks, tunnels or call-backs."""
    IDENTITY = "identity"
    """The cloud's metadata service, which hands out the machine's credentials."""
    UNKNOWN = "unknown"
    """Only known at run time."""


_DROP = re.compile(
    r"(?:^|\.)(?:pastebin\.com|paste\.ee|hastebin\.com|dpaste\.\w+|ghostbin\.\w+|rentry\.co|ix\.io|sprunge\.us|termbin\.com|transfer\.sh"
    r"|file\.io|0x0\.st|temp\.sh|anonfiles?\.com|gofile\.io|bashupload\.com|oshi\.at|catbox\.moe|uguu\.se|webhook\.site|requestbin\.\w+"
    r"|requestcatcher\.com|pipedream\.net|beeceptor\.com|hookbin\.com|ngrok\.io|ngrok\.app|ngrok-free\.app|trycloudflare\.com|serveo\.net"
    r"|loca\.lt|localhost\.run|burpcollaborator\.net|oastify\.com|interact\.sh|interactsh\.com|oast\.\w+|dnslog\.\w+|canarytokens\.com"
    r"|ceye\.io|requestinspector\.com|postb\.in|duckdns\.org|no-ip\.\w+|ddns\.net|hopto\.org|sytes\.net|api\.telegram\.org|onion)$"
)
_DROP_PATH = re.compile(r"(?:discord(?:app)?\.com/api/webhooks/|hooks\.slack\.com/services/)")
_IDENTITY = frozenset({"169.254.169.254", "metadata.google.internal", "100.100.100.200", "169.254.170.2", "fd00:ec2::254", "metadata"})
_MINING = re.compile(
    r"stratum\+?(?:tcp|ssl|tls)?://|(?:^|[./])(?:minexmr|nanopool|supportxmr|moneroocean|nicehash|f2pool|ethermine|2miners|hashvault)\."
)


def host_of(target: str) -> str:
    """Return the host name in a URL, `host:port` or host; empty when there is none."""
    return _host_of(target[:URL_CHARS].strip())


@lru_cache(maxsize=1024)
def _host_of(cut: str) -> str:
    try:
        parts = urlsplit(cut if "://" in cut else f"//{cut}")
        host = parts.hostname or ""
    except ValueError:
        return ""
    host = host.rstrip(".").lower()
    if HOLE in host:
        # Who owns a host is said by its end; an unknown beginning leaves that known.
        return host if re.fullmatch(r"[\w\ufffc.-]*\.[\w-]+\.[\w-]+", host) else ""
    return host if re.fullmatch(r"[\w.:%-]+", host) else ""


def scheme_of(target: str) -> str:
    """Return the scheme of a URL in lower case; empty for a bare host."""
    return target[:URL_CHARS].split("://", maxsplit=1)[0].lower().strip() if "://" in target[:64] else ""


def mines(target: str) -> bool:
    """Tell whether an address belongs to a mining pool."""
    return bool(_MINING.search(target[:URL_CHARS].lower()))


def classify(target: str) -> HostClass:
    """Return what kind of place a URL, `host:port` or host is."""
    host = host_of(target)
    if not host:
        return HostClass.UNKNOWN
    if host in _IDENTITY:
        return HostClass.IDENTITY
    if _DROP.search(host) or _DROP_PATH.search(target[:URL_CHARS].lower()):
        return HostClass.DROP
    if host == "localhost" or host.endswith(".localhost"):
        return HostClass.LOCAL
    address = _address(host)
    return _class_of_address(address) if address is not None else HostClass.NAMED


def _class_of_address(address: IPv4Address | IPv6Address) -> HostClass:
    mapped = getattr(address, "ipv4_mapped", None) or address
    if str(mapped) in _IDENTITY:
        return HostClass.IDENTITY
    if mapped.is_loopback or mapped.is_unspecified:
        return HostClass.LOCAL
    documentation = any(mapped.exploded.startswith(prefix) for prefix in ("192.0.2.", "198.51.100.", "203.0.113."))
    return HostClass.PRIVATE if mapped.is_private and not documentation else HostClass.ADDRESS


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.split("%", maxsplit=1)[0])
    except ValueError:
        return _loose_address(host)


def _loose_address(host: str) -> IPv4Address | None:
    """Read the spellings that resolvers accept: `0x7f000001`, `2130706433`, `0177.0.0.1`, `127.1`."""
    parts = host.split(".")
    if len(parts) > 4 or not all(re.fullmatch(r"0x[0-9a-f]{1,8}|\d{1,12}", part) for part in parts):
        return None
    numbers = [int(part, 16) if part.startswith("0x") else int(part, 8) if _octal(part) else int(part) for part in parts]
    value = numbers[-1]
    for position, number in enumerate(numbers[:-1]):
        value += number << (24 - 8 * position)
    return IPv4Address(value) if value < 1 << 32 else None


def _octal(part: str) -> bool:
    return len(part) > 1 and part.startswith("0") and not set(part) - set("01234567")

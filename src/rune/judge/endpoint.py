"""One request to a chat-completions endpoint: one deadline for all of it, one bound on what is read, no redirect, no proxy."""

from __future__ import annotations

import io
import ipaddress
import math
import socket
import ssl
import threading
import time
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from rune.judge.rules import NO_COMPLETION, NO_KEY, REDIRECT, STATUS, TIMEOUT, TOO_LARGE, UNREACHABLE, NoAnswerError

ANSWER_BYTES: Final = 65_536
"""Most bytes of an answer's body; 400 tokens and their envelope take about 3,000."""
LONGEST_PAUSE: Final = 300.0
"""Most seconds that an endpoint may ask for with `Retry-After`."""


def post(url: str, body: bytes, *, key: str, seconds: float) -> bytes:
    """Send a request to `url/chat/completions` and return the body of the answer.

    Args:
        url: the base address.
        body: JSON.
        key: sent as a bearer token; empty for none.
        seconds: for everything, from the name look-up to the last byte.

    Raises:
        NoAnswerError: there is no answer, or none that may be used.
    """
    deadline = time.monotonic() + seconds
    parts = urlsplit(url)
    connection: _Connection | None = None
    try:
        connection = _Connection(_connected(parts, deadline), deadline)
        client = HTTPConnection(parts.hostname or "", parts.port or _port(parts))
        client.sock = connection
        client.request("POST", f"{parts.path}/chat/completions", body, _headers(parts, key))
        return _body(client.getresponse())
    except (TimeoutError, socket.timeout):  # noqa: UP041 - two classes before Python 3.10.1
        raise NoAnswerError(TIMEOUT, f": {seconds:g} seconds") from None
    except HTTPException as error:
        raise NoAnswerError(NO_COMPLETION, f": {type(error).__name__}") from None
    except OSError as error:
        raise NoAnswerError(UNREACHABLE, f": {type(error).__name__}") from None
    finally:
        if connection is not None:
            connection.end()


def _headers(parts: SplitResult, key: str) -> dict[str, str]:
    headers = {"Host": parts.netloc, "Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"}
    if not key:
        return headers
    if not key.isascii() or not key.isprintable():  # the client's own error would repeat it
        raise NoAnswerError(NO_KEY, ": it holds characters that no key has")
    return {**headers, "Authorization": f"Bearer {key}"}


def _body(response: HTTPResponse) -> bytes:
    if 300 <= response.status < 400:
        raise NoAnswerError(REDIRECT, f": status {response.status}")
    if response.status != 200:
        raise NoAnswerError(STATUS, f": status {response.status}", retry_after=_pause(response))
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise NoAnswerError(NO_COMPLETION, ": it is compressed, which was not asked for")
    body = response.read(ANSWER_BYTES + 1)
    if len(body) > ANSWER_BYTES:
        raise NoAnswerError(TOO_LARGE, f": more than {ANSWER_BYTES} bytes")
    return body


def _pause(response: HTTPResponse) -> float:
    """Return the seconds of a `Retry-After`; a date counts as no word, and so does nonsense."""
    try:
        seconds = float(response.headers.get("Retry-After", "0")[:16])
    except ValueError:
        return 0.0
    return min(max(seconds, 0.0), LONGEST_PAUSE) if math.isfinite(seconds) else 0.0


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _connected(parts: SplitResult, deadline: float) -> socket.socket:
    host = parts.hostname or ""
    error: OSError = OSError("no address")
    for family, kind, protocol, _, address in _addresses(host, _port(parts), deadline):
        plain = socket.socket(family, kind, protocol)
        try:
            plain.settimeout(_left(deadline))
            plain.connect(address)
            return _secured(plain, host, deadline) if parts.scheme == "https" else plain
        except OSError as failed:
            plain.close()
            error = failed
    raise error


def _secured(plain: socket.socket, host: str, deadline: float) -> socket.socket:
    plain.settimeout(_left(deadline))
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _addresses(host: str, port: int, deadline: float) -> list[Any]:
    """Look up a name; in a thread of its own, because the system's look-up knows no time limit."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _looked_up(host, port, deadline)
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def _looked_up(host: str, port: int, deadline: float) -> list[Any]:
    found: list[Any] = []
    failed: list[OSError] = []

    def look() -> None:
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failed.append(error if isinstance(error, OSError) else OSError("no name"))

    thread = threading.Thread(target=look, name="rune-judge-name", daemon=True)
    thread.start()
    thread.join(_left(deadline))
    if failed:
        raise failed[0]
    if thread.is_alive():
        raise TimeoutError
    return found


class _Connection:
    """A socket for `http.client` whose every read and write ends at one deadline, so that no trickle of bytes draws it out."""

    def __init__(self, plain: socket.socket, deadline: float) -> None:
        self._socket = plain
        self._deadline = deadline

    def sendall(self, data: Any) -> None:
        self._socket.settimeout(_left(self._deadline))
        self._socket.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        del mode
        return io.BufferedReader(_Reader(self._socket, self._deadline))

    def close(self) -> None:
        """Leave the socket open: `http.client` closes it before it reads an answer that ends with the connection."""

    def end(self) -> None:
        """Close the socket."""
        self._socket.close()


class _Reader(io.RawIOBase):
    def __init__(self, plain: socket.socket, deadline: float) -> None:
        super().__init__()
        self._socket = plain
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._socket.settimeout(_left(self._deadline))
        return self._socket.recv_into(buffer)

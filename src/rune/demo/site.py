"""The web of the demo: a server on a free port of 127.0.0.1 with an honest report, a poisoned one, and the attacker's letter box."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import ProxyHandler, build_opener

LETTER_BOX = "/collect"
SECONDS = 5.0


class Site:
    """Pages by path, and what was posted to the letter box."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.pages: dict[str, str] = {}
        self.letters: list[str] = []

    def url(self, path: str) -> str:
        """Return the full address of a page."""
        return self.address + path


@contextmanager
def serve() -> Iterator[Site]:
    """Run a site while the context lasts; only this machine can reach it."""

    class Handler(_Handler):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Handler.site = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="rune-demo-site", daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        page = self.site.pages.get(self.path)
        self._answer(404 if page is None else 200, page or "no such page")

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), 10_000)
        if self.path == LETTER_BOX:
            self.site.letters.append(self.rfile.read(length).decode("utf-8", "replace"))
        self._answer(200, "thank you")

    def _answer(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature of http.server
        """Say nothing: the terminal belongs to the demo."""


def fetch(url: str) -> str:
    """Return the text of a web page as a plain reader would hand it to a model: every text node, hidden or not."""
    # Proxies are left out: the address is on this machine, and a proxy of the environment could not reach it.
    with build_opener(ProxyHandler({})).open(url, timeout=SECONDS) as response:
        page = response.read(1_000_000).decode("utf-8", "replace")
    reader = _TextReader()
    reader.feed(page)
    return reader.text()


class _TextReader(HTMLParser):
    BLOCKS = frozenset({"p", "div", "h1", "h2", "tr", "li", "pre", "table"})

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's signature
        self._parts.append("\n" if tag in self.BLOCKS else " " if tag in ("td", "th") else "")

    def handle_endtag(self, tag: str) -> None:
        self._parts.append("\n" if tag in self.BLOCKS else "")

    def handle_data(self, data: str) -> None:
        self._parts.append(data)

    def text(self) -> str:
        """Return the text nodes in order, without empty lines."""
        return "\n".join(line.strip() for line in "".join(self._parts).splitlines() if line.strip())


def report_page(figures: Mapping[str, int], extra: str = "") -> str:
    """Return a page with a table of figures; `extra` is put at its end as it is."""
    rows = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in figures.items())
    return f"<html><body><h1>Quarterly report</h1><p>Revenue by quarter, in thousand euro.</p><table>{rows}</table>{extra}</body></html>"

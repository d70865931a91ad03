"""What kind of place a host is."""

from __future__ import annotations

import pytest

from rune.code.hosts import HostClass, classify, host_of, mines, scheme_of


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        pytest.param("https://api.openai.com/v1", HostClass.NAMED, id="URL"),
        pytest.param("example.com:8080", HostClass.NAMED, id="host and port"),
        pytest.param("http://localhost:5000", HostClass.LOCAL, id="localhost"),
        pytest.param("http://127.0.0.1", HostClass.LOCAL, id="loopback"),
        pytest.param("http://[::1]/", HostClass.LOCAL, id="loopback, version 6"),
        pytest.param("http://0x7f000001/", HostClass.LOCAL, id="loopback in hexadecimal"),
        pytest.param("http://2130706433/", HostClass.LOCAL, id="loopback as a number"),
        pytest.param("http://0177.0.0.1/", HostClass.LOCAL, id="loopback in octal"),
        pytest.param("http://127.1/", HostClass.LOCAL, id="loopback, shortened"),
        pytest.param("http://[::ffff:127.0.0.1]/", HostClass.LOCAL, id="loopback, mapped"),
        pytest.param("http://10.1.2.3", HostClass.PRIVATE, id="private"),
        pytest.param("http://203.0.113.7", HostClass.ADDRESS, id="address for documentation"),
        pytest.param("http://8.8.8.8/x", HostClass.ADDRESS, id="address"),
        pytest.param("http://user:pw@8.8.8.8/x", HostClass.ADDRESS, id="address after a password"),
        pytest.param("http://169.254.169.254/latest", HostClass.IDENTITY, id="metadata"),
        pytest.param("http://2852039166/latest", HostClass.IDENTITY, id="metadata as a number"),
        pytest.param("http://metadata.google.internal/x", HostClass.IDENTITY, id="metadata by name"),
        pytest.param("https://webhook.site/abc", HostClass.DROP, id="web hook"),
        pytest.param("https://a.ngrok.io", HostClass.DROP, id="tunnel"),
        pytest.param("https://discord.com/api/webhooks/1/x", HostClass.DROP, id="Discord web hook"),
        pytest.param("https://discord.com/channels", HostClass.NAMED, id="Discord"),
        pytest.param("http://x.onion", HostClass.DROP, id="onion"),
        pytest.param("https://notpastebin.com", HostClass.NAMED, id="a name that only ends alike"),
        pytest.param("https://PASTEBIN.com./raw", HostClass.DROP, id="case and final dot"),
        pytest.param("", HostClass.UNKNOWN, id="nothing"),
        pytest.param("https://\ufffc/x", HostClass.UNKNOWN, id="a hole"),
        pytest.param("http://[broken", HostClass.UNKNOWN, id="broken"),
    ],
)
def test_kinds(target: str, kind: HostClass) -> None:
    assert classify(target) is kind


def test_parts_of_a_target() -> None:
    assert (host_of("https://User@Example.COM:1/x"), scheme_of("HTTPS://x"), scheme_of("x:1")) == ("example.com", "https", "")


@pytest.mark.parametrize(
    ("target", "is_pool"), [("stratum+tcp://a:1", True), ("pool.minexmr.com:44", True), ("https://example.com", False)]
)
def test_mining_pools(target: str, is_pool: bool) -> None:
    assert mines(target) is is_pool


@pytest.mark.parametrize("target", ["http://" + "a." * 100_000, "[" * 100_000, "http://" + "9" * 100_000, "@" * 100_000])
def test_hostile_targets_are_cut(target: str) -> None:
    assert classify(target) in HostClass

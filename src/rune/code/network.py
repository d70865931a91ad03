"""What it means that code talks to a host: the kind of host and the origin of the data decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rune.code import rules
from rune.code.hosts import HostClass, classify, host_of, mines, scheme_of
from rune.code.values import (
    CONFIG,
    ENV_KEY,
    ENVIRONMENT,
    HOLE,
    HOST_FACTS,
    HOST_FILE,
    LISTING,
    NETWORK,
    OUTPUT,
    SECRET,
    UNKNOWN,
    Value,
    content_labels,
)

if TYPE_CHECKING:
    from rune.code.session import Session

_FACTS = HOST_FACTS | HOST_FILE | LISTING | OUTPUT


class Network:
    """Requests, connections and listeners of one analysis."""

    def __init__(self, session: Session) -> None:
        """Begin with no connection."""
        self._session = session
        self.connected = False
        """True once a plain connection to a host was opened or accepted."""

    def exchange(self, target: Value, payload: Value = UNKNOWN) -> Value:
        """Report a request to a URL or host, and what is sent with it; returns the answer."""
        self._visit(target)
        self._send(target, content_labels(payload) | target.labels)
        if self._session.endless:
            self._session.report(rules.FLOODS, target.text or "")
        return Value((), NETWORK, ("response()",))

    def connect(self, target: Value) -> None:
        """Report that a plain connection is opened."""
        self.connected = True
        self._visit(target)

    def listen(self, target: Value = UNKNOWN) -> None:
        """Report that connections are accepted."""
        self.connected = True
        self._session.report(rules.LISTENS, target.text or "")

    def _visit(self, target: Value) -> None:
        for name in target.texts:
            self._session.use("host", host_of(name) or "?")
            kind = classify(name)
            if mines(name):
                self._session.report(rules.MINER, name)
            if kind is HostClass.DROP:
                self._session.report(rules.DROP_SITE, host_of(name))
            elif kind is HostClass.IDENTITY:
                self._session.report(rules.CLOUD_IDENTITY, host_of(name))
        if not target.constants:
            self._session.use("host", "?")

    def _send(self, target: Value, labels: int) -> None:
        if labels & (SECRET | ENVIRONMENT):
            self._session.report(rules.SENDS_SECRET, target.text or "")
        elif labels & CONFIG:
            self._session.report(rules.SENDS_CONFIG, target.text or "")
        if labels & ENV_KEY:
            self._send_key(target)
        if labels & _FACTS:
            self._send_facts(target, labels)

    def _send_key(self, target: Value) -> None:
        for name in target.texts or (HOLE,):
            kind = classify(name)
            if kind in (HostClass.DROP, HostClass.ADDRESS) or (kind is HostClass.NAMED and scheme_of(name) == "http"):
                self._session.report(rules.SENDS_KEY, name)
            elif kind is HostClass.UNKNOWN:
                self._session.report(rules.SENDS_KEY_UNCLEAR, name)

    def _send_facts(self, target: Value, labels: int) -> None:
        for name in target.texts or (HOLE,):
            kind = classify(name)
            if kind in (HostClass.DROP, HostClass.ADDRESS):
                self._session.report(rules.SENDS_FACTS_ODD, name)
            elif kind is not HostClass.LOCAL or labels & HOST_FILE:
                self._session.report(rules.SENDS_FACTS, name)

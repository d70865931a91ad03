"""The seam to a service: events, and the bounded queue they wait in. Nothing here touches the network."""

from rune.delivery.event import Event
from rune.delivery.key import ApiKey
from rune.delivery.outbox import Outbox, Sender

__all__ = ["ApiKey", "Event", "Outbox", "Sender"]

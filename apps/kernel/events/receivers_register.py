"""Who wants to hear of which event."""

from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar, cast

from apps.kernel.events.catalogue import Event

Receiver = Callable[[Event], None]
E = TypeVar("E", bound=Event)

_receivers: dict[str, dict[str, Receiver]] = defaultdict(dict)


def add_receiver(kind: type[E], receiver: Callable[[E], None]) -> None:
    """Register under a stable name, so that the outbox knows who has been served; a second time changes nothing."""
    name = f"{receiver.__module__}.{receiver.__qualname__}"
    _receivers[kind.wire_name][name] = cast("Receiver", receiver)


def receivers_of(wire_name: str) -> dict[str, Receiver]:
    """The receivers of one event by name, in the order of their registration."""
    return dict(_receivers[wire_name])

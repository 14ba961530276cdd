"""Hints over the channel layer: "look at the stream". A hint carries nothing, and a lost one costs a few seconds, not an event."""

import logging
import time

from asgiref.sync import async_to_sync
from channels.exceptions import ChannelFull
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

HINT_TYPE = "stream.hint"
LAYER_ERRORS = (RedisError, OSError, TimeoutError, ChannelFull)

_PAUSE_S = 5.0

logger = logging.getLogger(__name__)


class _Circuit:
    """After a failed send nobody waits for the layer for some seconds."""

    closed_until: float = 0.0


def send_hint(group: str) -> None:
    """Tell the sockets of a group to look. Never raises and never waits long: browsers poll while the layer is gone."""
    layer = get_channel_layer()
    if layer is None or time.monotonic() < _Circuit.closed_until:
        return
    try:
        async_to_sync(layer.group_send)(group, {"type": HINT_TYPE})
    except LAYER_ERRORS as error:
        _Circuit.closed_until = time.monotonic() + _PAUSE_S
        logger.warning("stream_hint_lost", extra={"reason": type(error).__name__})

"""Outbox and stream tables in each tenant."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The outbox and the stream."""

    name = "apps.kernel.events"
    label = "events"
    verbose_name = "Events"
